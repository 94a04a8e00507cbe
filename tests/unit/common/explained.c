// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/requirements.h"
#include "explained.h"
#include "fixture.h"

void assert_explained(int err, enum exit_status wanted, const char *message)
{
	enum exit_status status;
	const char *printed;

	capture_start();
	status = requirements_explain("load the programs", err);
	printed = capture_end();
	assert_int_equal(status, wanted);
	assert_contains(printed, message);
}

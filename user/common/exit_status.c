// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>

#include "exit_status.h"

enum exit_status status_of_errno(int error)
{
	return error == EPERM || error == EACCES ? STATUS_NOT_PERMITTED : STATUS_FAILED;
}

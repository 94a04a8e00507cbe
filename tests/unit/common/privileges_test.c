// SPDX-License-Identifier: GPL-2.0-or-later
/* Only the privileges to keep are left, whatever the caller has. */
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cap-ng.h>

#include "fixture.h"
#include "common/privileges.h"

static const int kept[] = { CAP_KILL, CAP_DAC_OVERRIDE };

/* Whether a child that has nothing but this capability, if it may have it, keeps no other. */
static bool drops_all_but(int held)
{
	int status = -1, capability;
	pid_t child = fork();

	if (child == 0) {
		bool has = capng_have_capability(CAPNG_PERMITTED, (unsigned int)held);

		capng_clear(CAPNG_SELECT_CAPS);
		if (has)
			capng_update(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED,
				     (unsigned int)held);
		if (capng_apply(CAPNG_SELECT_CAPS) || privileges_drop(kept, 2))
			_exit(1);
		if (prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0)
			_exit(3);
		capng_get_caps_process();
		for (capability = 0; capability <= CAP_LAST_CAP; capability++) {
			bool keep = has && held == CAP_KILL && capability == CAP_KILL;

			if (capng_have_capability(CAPNG_PERMITTED, (unsigned int)capability) !=
			    keep)
				_exit(2);
		}
		_exit(0);
	}
	waitpid(child, &status, 0);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void test_kept(void **state)
{
	(void)state;
	assert_true(drops_all_but(CAP_KILL));
}

static void test_not_held(void **state)
{
	(void)state;
	assert_true(drops_all_but(CAP_BPF));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kept),
		cmocka_unit_test(test_not_held),
	};

	return cmocka_run_group_tests_name("privileges", tests, NULL, NULL);
}

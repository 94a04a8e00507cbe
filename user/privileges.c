// SPDX-License-Identifier: GPL-2.0-or-later
#include <cap-ng.h>
#include <stdbool.h>
#include <sys/prctl.h>

#include "privileges.h"

int privileges_drop(const int *kept, size_t n_kept)
{
	bool may_bound = capng_have_capability(CAPNG_EFFECTIVE, CAP_SETPCAP);
	size_t i;

	capng_clear(CAPNG_SELECT_ALL);
	for (i = 0; i < n_kept; i++) {
		if (capng_update(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED,
				 (unsigned int)kept[i]))
			return -1;
	}
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -1;
	/* Who may not shrink the bounding set has no use for it either, after no_new_privs. */
	return capng_apply(may_bound ? CAPNG_SELECT_ALL : CAPNG_SELECT_CAPS) ? -1 : 0;
}

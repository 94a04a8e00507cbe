// SPDX-License-Identifier: GPL-2.0-or-later
#include <cap-ng.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/prctl.h>

#include "privileges.h"

int privileges_drop(const int *kept, size_t n_kept)
{
	bool may_bound = capng_have_capability(CAPNG_EFFECTIVE, CAP_SETPCAP);
	uint64_t held = 0;
	size_t i;

	/* Keep only what the caller has: if we asked for more, capset() would fail and drop nothing. */
	for (i = 0; i < n_kept; i++) {
		if (capng_have_capability(CAPNG_PERMITTED, (unsigned int)kept[i]))
			held |= UINT64_C(1) << kept[i];
	}
	capng_clear(CAPNG_SELECT_ALL);
	for (i = 0; i < n_kept; i++) {
		if (held & UINT64_C(1) << kept[i] &&
		    capng_update(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED,
				 (unsigned int)kept[i]))
			return -1;
	}
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -1;
	/*
	 * So far, our capabilities have protected us from other processes of the same user
	 * (cap_ptrace_access_check()). Without this, they could now attach to this process, and take the
	 * descriptors of its BPF maps and links.
	 */
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0))
		return -1;
	/* Without CAP_SETPCAP, we cannot shrink the bounding set; no_new_privs makes that harmless. */
	return capng_apply(may_bound ? CAPNG_SELECT_ALL : CAPNG_SELECT_CAPS) ? -1 : 0;
}

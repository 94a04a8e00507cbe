// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/landlock.h>

#include "landlock.h"

/* The version of Landlock's interface that introduced LANDLOCK_ACCESS_NET_BIND_TCP. */
#define VERSION_WITH_TCP 4

bool landlock_restricts_tcp(void)
{
	long version = syscall(SYS_landlock_create_ruleset, NULL, 0,
			       LANDLOCK_CREATE_RULESET_VERSION);

	/* ENOSYS: not built in, EOPNOTSUPP: not enabled; all else is no answer, such as a filter's EPERM. */
	if (version < 0)
		return errno != ENOSYS && errno != EOPNOTSUPP;
	return version >= VERSION_WITH_TCP;
}

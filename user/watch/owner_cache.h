/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Formatted owners: all events of a connection have the same one. In JSON, the path of its cgroup is often the
 * longest part of a line, and each byte must be checked for escapes. Without this cache, a line of JSON takes
 * 2,300 instructions instead of 1,900, and more for longer paths (make bench).
 */
#ifndef OWNER_CACHE_H
#define OWNER_CACHE_H

#include <stddef.h>

#include "watch/watch.h"

/* Number of places; the PID determines the place. */
#define CACHED_OWNERS 64

struct cached_owner {
	struct watch_owner owner;
	size_t length; /* 0: nothing yet */
	char bytes[480];
	char cgroup[240]; /* path, or empty */
};

struct owner_cache {
	struct cached_owner places[CACHED_OWNERS];
};

/* The entry for that owner and path, or NULL. */
const struct cached_owner *owner_cache_find(const struct owner_cache *cache,
					    const struct watch_owner *owner, const char *cgroup);

/* Add an entry, unless it is too long. */
void owner_cache_add(struct owner_cache *cache, const struct watch_owner *owner, const char *cgroup,
		     const char *bytes, size_t length);

#endif /* OWNER_CACHE_H */

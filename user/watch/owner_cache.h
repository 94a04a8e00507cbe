/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What was formatted of owners: all events of a connection have the same one. Of a path in JSON each byte has to
 * be looked at, and it is often the longest part of a line. Without this, a line of JSON takes 2,300
 * instructions instead of 1,900, and more the longer the path is (make bench).
 */
#ifndef OWNER_CACHE_H
#define OWNER_CACHE_H

#include <stddef.h>

#include "watch/watch.h"

/* Places; that of a process follows from its ID. */
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

/* What is kept for that owner and path, or NULL. */
const struct cached_owner *owner_cache_find(const struct owner_cache *cache,
					    const struct watch_owner *owner, const char *cgroup);

/* Keep what was formatted, unless it is too long. */
void owner_cache_add(struct owner_cache *cache, const struct watch_owner *owner, const char *cgroup,
		     const char *bytes, size_t length);

#endif /* OWNER_CACHE_H */

// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "owner_cache.h"

const struct cached_owner *owner_cache_find(const struct owner_cache *cache,
					    const struct watch_owner *owner, const char *cgroup)
{
	const struct cached_owner *place = &cache->places[owner->pid % CACHED_OWNERS];

	if (!place->length || memcmp(&place->owner, owner, sizeof(*owner)) != 0 ||
	    strcmp(place->cgroup, cgroup) != 0)
		return NULL;
	return place;
}

void owner_cache_add(struct owner_cache *cache, const struct watch_owner *owner, const char *cgroup,
		     const char *bytes, size_t length)
{
	struct cached_owner *place = &cache->places[owner->pid % CACHED_OWNERS];
	size_t path = strlen(cgroup);

	if (path >= sizeof(place->cgroup) || length > sizeof(place->bytes))
		return;
	place->owner = *owner;
	memcpy(place->cgroup, cgroup, path + 1);
	memcpy(place->bytes, bytes, length);
	place->length = length;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "event.h"

const char *const event_names[WATCH_EVENTS] = {
	[WATCH_CREATED] = "created",
	[WATCH_ESTABLISHED] = "established",
	[WATCH_CLOSED] = "closed",
	[WATCH_ANNOUNCED] = "announced",
	[WATCH_REMOVED] = "removed",
	[WATCH_SUB_ESTABLISHED] = "sub_established",
	[WATCH_SUB_CLOSED] = "sub_closed",
	[WATCH_SUB_PRIORITY] = "sub_priority",
	[WATCH_LISTENER_CREATED] = "listener_created",
	[WATCH_LISTENER_CLOSED] = "listener_closed",
	[WATCH_UPGRADED] = "upgraded",
	[WATCH_FALLBACK] = "fallback",
	[WATCH_JOIN_FAILED] = "join_failed",
	[WATCH_STALE] = "stale",
	[WATCH_RECOVERED] = "recovered",
	[WATCH_FAILOVER] = "failover",
	[WATCH_RESUMED] = "resumed",
	[WATCH_SOCKOPT_DENIED] = "sockopt_denied",
	[WATCH_LOST] = "lost",
};

const char *event_name(uint32_t event)
{
	return event < WATCH_EVENTS ? event_names[event] : NULL;
}

uint32_t event_by_name(const char *name, size_t length)
{
	uint32_t event;

	for (event = 1; event < WATCH_EVENTS; event++) {
		if (strlen(event_names[event]) == length &&
		    strncmp(event_names[event], name, length) == 0)
			return event;
	}
	return 0;
}

uint64_t event_wall_ns(const struct watch_record *record, int64_t wall_offset_ns)
{
	return record->mono_ns + (uint64_t)wall_offset_ns;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "event.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *const events[WATCH_EVENTS] = {
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

static const char *const fallbacks[WATCH_FALLBACK_REASONS] = {
	[WATCH_FALLBACK_UNKNOWN] = "unknown",
	[WATCH_FALLBACK_NO_MP_CAPABLE] = "no_mp_capable",
	[WATCH_FALLBACK_OPTIONS_STRIPPED] = "options_stripped",
	[WATCH_FALLBACK_CHECKSUM] = "checksum",
	[WATCH_FALLBACK_NO_MAPPING] = "no_mapping",
	[WATCH_FALLBACK_BLACKHOLE] = "blackhole",
	[WATCH_FALLBACK_SETUP] = "setup",
};

static const char *const joins[WATCH_JOIN_REASONS] = {
	[WATCH_JOIN_UNKNOWN] = "unknown",
	[WATCH_JOIN_TIMEOUT] = "timeout",
	[WATCH_JOIN_REFUSED] = "refused",
	[WATCH_JOIN_UNREACHABLE] = "unreachable",
	[WATCH_JOIN_NO_MP_JOIN] = "no_mp_join",
	[WATCH_JOIN_HMAC] = "hmac",
	[WATCH_JOIN_TOKEN] = "token",
	[WATCH_JOIN_LIMIT] = "limit",
	[WATCH_JOIN_NO_LISTENER] = "no_listener",
	[WATCH_JOIN_PORT] = "port",
};

static const char *const causes[WATCH_CAUSES] = {
	[WATCH_CAUSE_LOSS] = "loss",	   [WATCH_CAUSE_STALE] = "stale",
	[WATCH_CAUSE_CLOSED] = "closed",   [WATCH_CAUSE_LINK] = "link",
	[WATCH_CAUSE_REMOVED] = "removed",
};

static const char *const enders[] = {
	[WATCH_BY_LOCAL] = "local",
	[WATCH_BY_PEER] = "peer",
	[WATCH_BY_TIMEOUT] = "timeout",
};

static const char *const resets[] = {
	"unspecified",		"mptcp_specific",	    "lack_of_resources",      "prohibited",
	"too_much_outstanding", "unacceptable_performance", "middlebox_interference",
};

static const char *const lost_reasons[WATCH_LOST_REASONS] = {
	[WATCH_LOST_BUFFER_FULL] = "buffer_full",
	[WATCH_LOST_TABLE_FULL] = "table_full",
	[WATCH_LOST_RATE_LIMIT] = "rate_limit",
};

static const char *word(const char *const *words, size_t count, uint32_t number)
{
	return number < count && words[number] ? words[number] : "unknown";
}

const char *event_name(uint32_t event)
{
	return event < WATCH_EVENTS ? events[event] : NULL;
}

uint32_t event_by_name(const char *name, size_t length)
{
	uint32_t event;

	for (event = 1; event < WATCH_EVENTS; event++) {
		if (strlen(events[event]) == length && strncmp(events[event], name, length) == 0)
			return event;
	}
	return 0;
}

uint64_t event_wall_ns(const struct watch_record *record, int64_t wall_offset_ns)
{
	return record->mono_ns + (uint64_t)wall_offset_ns;
}

const char *fallback_name(uint32_t reason)
{
	return word(fallbacks, COUNT(fallbacks), reason);
}

const char *join_name(uint32_t reason)
{
	return word(joins, COUNT(joins), reason);
}

const char *cause_name(uint32_t cause)
{
	return word(causes, COUNT(causes), cause);
}

const char *closed_by_name(uint32_t who)
{
	return word(enders, COUNT(enders), who);
}

const char *lost_reason_name(uint32_t reason)
{
	return word(lost_reasons, COUNT(lost_reasons), reason);
}

const char *reset_reason_name(uint32_t reason)
{
	return word(resets, COUNT(resets), reason);
}

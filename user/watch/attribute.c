// SPDX-License-Identifier: GPL-2.0-or-later
#include "attribute.h"
#include "event.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define WORDS(stem, ...)                                                                           \
	static const char *const stem##_names[] = { __VA_ARGS__ };                                 \
	static const struct words stem##_words = { stem##_names, stem##_phrases,                   \
						   COUNT(stem##_names) }

static const char *const fallback_phrases[] = {
	[WATCH_FALLBACK_UNKNOWN] = "unknown reason",
	[WATCH_FALLBACK_NO_MP_CAPABLE] = "no MP_CAPABLE",
	[WATCH_FALLBACK_OPTIONS_STRIPPED] = "options stripped",
	[WATCH_FALLBACK_CHECKSUM] = "wrong checksum",
	[WATCH_FALLBACK_NO_MAPPING] = "no mapping",
	[WATCH_FALLBACK_BLACKHOLE] = "no answer to MP_CAPABLE",
	[WATCH_FALLBACK_SETUP] = "setup failed",
};

WORDS(fallback, [WATCH_FALLBACK_UNKNOWN] = "unknown",
      [WATCH_FALLBACK_NO_MP_CAPABLE] = "no_mp_capable",
      [WATCH_FALLBACK_OPTIONS_STRIPPED] = "options_stripped",
      [WATCH_FALLBACK_CHECKSUM] = "checksum", [WATCH_FALLBACK_NO_MAPPING] = "no_mapping",
      [WATCH_FALLBACK_BLACKHOLE] = "blackhole", [WATCH_FALLBACK_SETUP] = "setup");

static const char *const join_phrases[] = {
	[WATCH_JOIN_UNKNOWN] = "unknown reason",  [WATCH_JOIN_TIMEOUT] = "timeout",
	[WATCH_JOIN_REFUSED] = "refused",	  [WATCH_JOIN_UNREACHABLE] = "unreachable",
	[WATCH_JOIN_NO_MP_JOIN] = "no MP_JOIN",	  [WATCH_JOIN_HMAC] = "wrong HMAC",
	[WATCH_JOIN_TOKEN] = "unknown token",	  [WATCH_JOIN_LIMIT] = "subflow limit",
	[WATCH_JOIN_NO_LISTENER] = "no listener", [WATCH_JOIN_PORT] = "wrong port",
};

WORDS(join, [WATCH_JOIN_UNKNOWN] = "unknown", [WATCH_JOIN_TIMEOUT] = "timeout",
      [WATCH_JOIN_REFUSED] = "refused", [WATCH_JOIN_UNREACHABLE] = "unreachable",
      [WATCH_JOIN_NO_MP_JOIN] = "no_mp_join", [WATCH_JOIN_HMAC] = "hmac",
      [WATCH_JOIN_TOKEN] = "token", [WATCH_JOIN_LIMIT] = "limit",
      [WATCH_JOIN_NO_LISTENER] = "no_listener", [WATCH_JOIN_PORT] = "port");

static const char *const cause_phrases[] = {
	[WATCH_CAUSE_LOSS] = "loss",
	[WATCH_CAUSE_STALE] = "subflow stale",
	[WATCH_CAUSE_CLOSED] = "subflow closed",
	[WATCH_CAUSE_LINK] = "link down",
	[WATCH_CAUSE_REMOVED] = "subflow removed",
};

WORDS(cause, [WATCH_CAUSE_LOSS] = "loss", [WATCH_CAUSE_STALE] = "stale",
      [WATCH_CAUSE_CLOSED] = "closed", [WATCH_CAUSE_LINK] = "link",
      [WATCH_CAUSE_REMOVED] = "removed");

static const char *const reset_phrases[] = {
	"unspecified",		"MPTCP-specific",	    "lack of resources",      "prohibited",
	"too much outstanding", "unacceptable performance", "middlebox interference",
};

WORDS(reset, "unspecified", "mptcp_specific", "lack_of_resources", "prohibited",
      "too_much_outstanding", "unacceptable_performance", "middlebox_interference");

static const char *const lost_phrases[] = {
	[WATCH_LOST_BUFFER_FULL] = "buffer full",
	[WATCH_LOST_TABLE_FULL] = "table full",
	[WATCH_LOST_RATE_LIMIT] = "rate limit",
	[WATCH_LOST_PROBE_SKIPPED] = "probe skipped",
};

WORDS(lost, [WATCH_LOST_BUFFER_FULL] = "buffer_full", [WATCH_LOST_TABLE_FULL] = "table_full",
      [WATCH_LOST_RATE_LIMIT] = "rate_limit", [WATCH_LOST_PROBE_SKIPPED] = "probe_skipped");

static const char *const closer_phrases[] = {
	[WATCH_BY_LOCAL] = "closed locally",
	[WATCH_BY_PEER] = "closed by peer",
	[WATCH_BY_TIMEOUT] = "timed out",
};

WORDS(closer, [WATCH_BY_LOCAL] = "local", [WATCH_BY_PEER] = "peer", [WATCH_BY_TIMEOUT] = "timeout");

static const char *const side_phrases[] = { "to peer", "from peer" };

WORDS(side, "local", "peer");

#define call_phrases NULL /* in prose the same */

WORDS(call, "setsockopt", "getsockopt");

static const struct words event_words = { event_names, NULL, WATCH_EVENTS };

#define MEMBER(member)                                                                             \
	.offset = offsetof(struct watch_record, member),                                           \
	.size = sizeof(((struct watch_record *)0)->member)
#define NAME(name) .key = ",\"" name "\":", .key_length = sizeof(",\"" name "\":") - 1
#define NUMBER(name, member)                                                                       \
	{                                                                                          \
		NAME(name), MEMBER(member)                                                         \
	}
#define NONZERO(name, member)                                                                      \
	{                                                                                          \
		NAME(name), MEMBER(member), .presence = IF_NONZERO                                 \
	}
#define WORD(name, member, stem)                                                                   \
	{                                                                                          \
		NAME(name), MEMBER(member), .kind = VALUE_WORD, .words = &stem##_words             \
	}
#define BIT(name, bit)                                                                             \
	{                                                                                          \
		NAME(name), .kind = VALUE_FLAG, .flag = (bit)                                      \
	}
#define OF(name, value, member)                                                                    \
	{                                                                                          \
		NAME(name), MEMBER(member), .kind = (value)                                        \
	}

const struct attribute_type attribute_types[ATTRIBUTES] = {
	[TIME] = OF("time", VALUE_TIME, mono_ns),
	[MONO_NS] = NUMBER("mono_ns", mono_ns),
	[EVENT] = OF("event", VALUE_EVENT, type),
	[NETNS] = NONZERO("netns", netns),
	[TOKEN] = { NAME("token"), MEMBER(token), .kind = VALUE_TOKEN, .presence = IF_NONZERO },
	[PID] = NONZERO("pid", owner.pid),
	[UID] = { NAME("uid"), MEMBER(owner.uid), .presence = IF_OWNER },
	[COMM] = { NAME("comm"), MEMBER(owner.comm), .kind = VALUE_COMM, .presence = IF_OWNER },
	[CGROUP] = { NAME("cgroup"), MEMBER(owner.cgroup), .kind = VALUE_CGROUP,
		     .presence = IF_OWNER },
	[LOC_ID] = NUMBER("loc_id", subflow.loc_id),
	[REM_ID] = NUMBER("rem_id", subflow.rem_id),
	[SADDR] = { NAME("saddr"), MEMBER(subflow.saddr), .kind = VALUE_ADDRESS,
		    .presence = IF_ADDRESS },
	[SPORT] = { NAME("sport"), MEMBER(subflow.sport), .kind = VALUE_PORT,
		    .presence = IF_ADDRESS },
	[DADDR] = { NAME("daddr"), MEMBER(subflow.daddr), .kind = VALUE_ADDRESS,
		    .presence = IF_ADDRESS },
	[DPORT] = { NAME("dport"), MEMBER(subflow.dport), .kind = VALUE_PORT,
		    .presence = IF_ADDRESS },
	[BACKUP] = OF("backup", VALUE_TRUTH, subflow.backup),
	[IF_IDX] = NONZERO("if_idx", subflow.if_idx),
	[SERVER_SIDE] = BIT("server_side", WATCH_SERVER_SIDE),
	[DURATION_NS] = { NAME("duration_ns"), MEMBER(closed.duration_ns), .presence = IF_FLAG,
			  .flag = WATCH_HAS_DURATION },
	[BYTES_SENT] = NUMBER("bytes_sent", closed.bytes_sent),
	[BYTES_RECEIVED] = NUMBER("bytes_received", closed.bytes_received),
	[BYTES_RETRANS] = NUMBER("bytes_retrans", closed.bytes_retrans),
	[SUBFLOWS_MAX] = NUMBER("subflows_max", closed.subflows_max),
	[FELL_BACK] = BIT("fallback", WATCH_FELL_BACK),
	[FAILOVER_PENDING] = BIT("failover_pending", WATCH_PENDING),
	[CLOSED_BY] = WORD("closed_by", sub_closed.closed_by, closer),
	[SUBFLOW_ERROR] = NONZERO("error", sub_closed.error),
	[RESET_REASON] = { NAME("reset_reason"), MEMBER(sub_closed.reset_reason),
			   .kind = VALUE_WORD, .words = &reset_words, .presence = IF_FLAG,
			   .flag = WATCH_RESET_SEEN },
	[RESET_FLAGS] = { NAME("reset_flags"), MEMBER(sub_closed.reset_flags), .presence = IF_FLAG,
			  .flag = WATCH_RESET_SEEN },
	[FALLBACK_REASON] = WORD("reason", fallback, fallback),
	[JOIN] = WORD("join", join_failed.theirs, side),
	[JOIN_REASON] = WORD("reason", join_failed.reason, join),
	[JOIN_ERROR] = NONZERO("error", join_failed.error),
	[FROM] = OF("from", VALUE_SUBFLOW, subflow),
	[TO] = OF("to", VALUE_SUBFLOW, failover.to),
	[CAUSE] = WORD("cause", failover.cause, cause),
	[OUTSTANDING] = NUMBER("outstanding", failover.outstanding),
	[LAST_PROGRESS_NS] = NUMBER("last_progress_ns", failover.last_progress_ns),
	[NOTICED_NS] = NUMBER("noticed_ns", failover.noticed_ns),
	[OUTAGE_NS] = NUMBER("outage_ns", failover.outage_ns),
	[REINJECTED] = NUMBER("reinjected", failover.reinjected),
	[CONNECTIONS] = NUMBER("connections", connections),
	[JOINS_REFUSED] = OF("joins_refused", VALUE_TRUTH, connections),
	[FAMILY] = OF("family", VALUE_FAMILY, subflow.family),
	[CALL] = WORD("call", sockopt.read, call),
	[LEVEL] = OF("level", VALUE_SIGNED, sockopt.level),
	[OPTNAME] = OF("optname", VALUE_SIGNED, sockopt.optname),
	[OPTION] = { NAME("option"), .kind = VALUE_OPTION, .presence = IF_NAMED },
	[SOCKOPT_ERROR] = NUMBER("error", sockopt.error),
	[LOST_EVENT] = WORD("lost_event", lost.event, event),
	[LOST_COUNT] = NUMBER("count", lost.count),
	[LOST_REASON] = WORD("reason", lost.reason, lost),
	[INITIAL] = { NAME("initial"), .kind = VALUE_FLAG, .presence = IF_FLAG,
		      .flag = WATCH_INITIAL },
};

const uint8_t common_attributes[] = { TIME, MONO_NS, EVENT, NETNS, TOKEN, ATTRIBUTE_END };
const uint8_t owner_attributes[] = { PID, UID, COMM, CGROUP, ATTRIBUTE_END };
const uint8_t subflow_attributes[] = { LOC_ID, REM_ID, SADDR,  SPORT,	     DADDR,
				       DPORT,  BACKUP, IF_IDX, ATTRIBUTE_END };

#define ATTRIBUTES_MAX 24

#define PAIR	   SADDR, SPORT, DADDR, DPORT
#define CONNECTION PAIR, SERVER_SIDE
#define SUBFLOW	   LOC_ID, REM_ID, PAIR, BACKUP, IF_IDX

/* In the order of JSON. Each list ends with a zero, which is ATTRIBUTE_END. */
static const uint8_t attributes[WATCH_EVENTS][ATTRIBUTES_MAX] = {
	[WATCH_CREATED] = { CONNECTION },
	[WATCH_ESTABLISHED] = { CONNECTION, INITIAL },
	[WATCH_CLOSED] = { CONNECTION, DURATION_NS, BYTES_SENT, BYTES_RECEIVED, BYTES_RETRANS,
			   SUBFLOWS_MAX, FELL_BACK, FAILOVER_PENDING },
	[WATCH_ANNOUNCED] = { REM_ID, DADDR, DPORT },
	[WATCH_REMOVED] = { REM_ID },
	[WATCH_SUB_ESTABLISHED] = { SUBFLOW, INITIAL },
	[WATCH_SUB_CLOSED] = { SUBFLOW, CLOSED_BY, SUBFLOW_ERROR, RESET_REASON, RESET_FLAGS },
	[WATCH_SUB_PRIORITY] = { SUBFLOW },
	[WATCH_LISTENER_CREATED] = { SADDR, SPORT },
	[WATCH_LISTENER_CLOSED] = { SADDR, SPORT, CONNECTIONS, JOINS_REFUSED },
	[WATCH_UPGRADED] = { FAMILY },
	[WATCH_FALLBACK] = { CONNECTION, FALLBACK_REASON, INITIAL },
	[WATCH_JOIN_FAILED] = { SUBFLOW, JOIN, JOIN_REASON, JOIN_ERROR },
	[WATCH_STALE] = { SUBFLOW },
	[WATCH_RECOVERED] = { SUBFLOW },
	[WATCH_FAILOVER] = { FROM, TO, CAUSE, OUTSTANDING, LAST_PROGRESS_NS, NOTICED_NS },
	[WATCH_RESUMED] = { FROM, TO, CAUSE, OUTSTANDING, OUTAGE_NS, REINJECTED },
	[WATCH_SOCKOPT_DENIED] = { CALL, LEVEL, OPTNAME, OPTION, SOCKOPT_ERROR },
	[WATCH_LOST] = { LOST_EVENT, LOST_COUNT, LOST_REASON },
};

const uint8_t *event_attributes(uint32_t event)
{
	return attributes[event];
}

const char *attribute_phrase_of(const struct words *words, uint32_t number)
{
	if (words->phrases && number < words->count && words->phrases[number])
		return words->phrases[number];
	return attribute_name_of(words, number);
}

const char *attribute_name(enum attribute attribute, size_t *length)
{
	const struct attribute_type *type = &attribute_types[attribute];

	*length = type->key_length - strlen(",\"\":");
	return type->key + strlen(",\"");
}

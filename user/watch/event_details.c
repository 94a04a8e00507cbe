// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "common/nsec.h"
#include "attribute.h"
#include "end_cache.h"
#include "event.h"
#include "event_details.h"
#include "format.h"

enum part_kind {
	PART_END, /* ends the details */
	COUNT,	  /* a number and its unit */
	NONZERO_COUNT,
	SECONDS,
	MILLISECONDS,
	PHRASE, /* the phrase for a word of JSON */
	ERRNO,
	IF,	/* the text, if the attribute is true */
	EITHER, /* the text if the attribute is true, otherwise the other text */
	LOCAL,	/* the address of this host */
	REMOTE,
	PAIR, /* both addresses */
	PEER, /* the remote address of the pair */
	IDS,  /* of the addresses: LOCAL>REMOTE */
	PLAIN_SUBFLOW,
	WHOLE_SUBFLOW, /* including whether it is a backup */
	BRIEF_SUBFLOW, /* without the address of this host */
	SOCKET,
	DENIED,
	LOST_EVENTS,
};

/* A piece of a line, absent if its attribute is. Pieces are separated by commas, unless they define a separator. */
struct part {
	uint8_t kind;
	uint8_t attribute;
	const char *text;  /* before the value; IF, EITHER: the whole text */
	const char *after; /* after the value; EITHER: the other text */
	const char *one;   /* after a COUNT of 1 */
	const char *separator;
};

#define PARTS_MAX 9

enum {
	FULL,
	BRIEF
};

#define PART(piece, of, ...)                                                                       \
	{                                                                                          \
		.kind = (piece), .attribute = (of), __VA_ARGS__                                    \
	}
#define BYTES(of, before)	PART(COUNT, of, .text = (before), .after = " bytes", .one = " byte")
#define BYTES_BRIEF(before, of) PART(COUNT, of, .text = (before), .after = " B")
#define MS(of, before)		PART(MILLISECONDS, of, .text = (before), .after = " ms")
#define DURATION		PART(SECONDS, DURATION_NS, .text = "after ", .after = " s")
#define PENDING			PART(IF, FAILOVER_PENDING, .text = "not resumed after failover")
#define TO_TCP			PART(IF, FELL_BACK, .text = "fell back to TCP")
#define PEAK			PART(COUNT, SUBFLOWS_MAX, .text = "peak of ", .after = " subflows", .one = " subflow")
#define ALREADY_OPEN		PART(IF, INITIAL, .text = "already open")
#define RESET			PART(PHRASE, RESET_REASON, .text = "reset: ")
#define TRANSIENT		PART(IF, RESET_FLAGS, .text = " (transient)", .separator = "")
#define CLOSER			PART(PHRASE, CLOSED_BY)
#define WHOSE_JOIN		PART(PHRASE, JOIN, .after = ": ")
#define WHY_NO_JOIN		PART(PHRASE, JOIN_REASON, .separator = "")
#define PRIORITY		PART(EITHER, BACKUP, .text = "backup priority", .after = "normal priority")
#define TO_IDS			PART(IDS, TO, .separator = " to ")
#define TO_SUBFLOW		PART(WHOLE_SUBFLOW, TO, .separator = " to ")
static const char remedy[] = ": later joins are refused (add an endpoint with a port of its own: "
			     "ip mptcp endpoint add ADDRESS port PORT signal)";

/* The most important pieces come first. Events without a brief form are short enough. */
static const struct part details[2][WATCH_EVENTS][PARTS_MAX] = {
	[FULL] = {
		[WATCH_CREATED] = { PART(PAIR, SADDR) },
		[WATCH_ESTABLISHED] = { PART(PAIR, SADDR), ALREADY_OPEN },
		[WATCH_CLOSED] = { PART(PAIR, SADDR), PENDING, TO_TCP, DURATION,
				   BYTES(BYTES_SENT, "sent "), BYTES(BYTES_RECEIVED, "received "),
				   BYTES(BYTES_RETRANS, "reinjected "), PEAK },
		[WATCH_ANNOUNCED] = { PART(COUNT, REM_ID, .text = "id "),
				      PART(REMOTE, DADDR, .separator = " ") },
		[WATCH_REMOVED] = { PART(COUNT, REM_ID, .text = "id ") },
		[WATCH_SUB_ESTABLISHED] = { PART(WHOLE_SUBFLOW, FROM), ALREADY_OPEN },
		[WATCH_SUB_CLOSED] = { RESET, TRANSIENT, CLOSER, PART(ERRNO, SUBFLOW_ERROR),
				       PART(WHOLE_SUBFLOW, FROM) },
		[WATCH_SUB_PRIORITY] = { PRIORITY, PART(PLAIN_SUBFLOW, FROM) },
		[WATCH_LISTENER_CREATED] = { PART(LOCAL, SADDR) },
		[WATCH_LISTENER_CLOSED] = {
			PART(LOCAL, SADDR),
			PART(NONZERO_COUNT, CONNECTIONS, .after = " connections on its port stay open",
			     .one = " connection on its port stays open"),
			PART(IF, JOINS_REFUSED, .text = remedy, .separator = "") },
		[WATCH_UPGRADED] = { PART(SOCKET, FAMILY) },
		[WATCH_FALLBACK] = { PART(PHRASE, FALLBACK_REASON), PART(PAIR, SADDR), ALREADY_OPEN },
		[WATCH_JOIN_FAILED] = { WHOSE_JOIN, WHY_NO_JOIN, PART(ERRNO, JOIN_ERROR),
					PART(WHOLE_SUBFLOW, FROM) },
		[WATCH_STALE] = { PART(WHOLE_SUBFLOW, FROM) },
		[WATCH_RECOVERED] = { PART(WHOLE_SUBFLOW, FROM) },
		[WATCH_FAILOVER] = { MS(LAST_PROGRESS_NS, "no progress for "), PART(PHRASE, CAUSE),
				     PART(COUNT, OUTSTANDING, .after = " bytes outstanding",
					  .one = " byte outstanding"),
				     PART(WHOLE_SUBFLOW, FROM), TO_SUBFLOW },
		[WATCH_RESUMED] = { MS(OUTAGE_NS, "outage "), BYTES(REINJECTED, "reinjected "),
				    PART(PHRASE, CAUSE), PART(WHOLE_SUBFLOW, FROM), TO_SUBFLOW },
		[WATCH_SOCKOPT_DENIED] = { PART(PHRASE, CALL), PART(DENIED, OPTNAME, .separator = " "),
					   PART(ERRNO, SOCKOPT_ERROR) },
		[WATCH_LOST] = { PART(LOST_EVENTS, LOST_EVENT),
				 PART(PHRASE, LOST_REASON, .separator = ": ") },
	},
	[BRIEF] = {
		[WATCH_CREATED] = { PART(PEER, DADDR) },
		[WATCH_ESTABLISHED] = { PART(PEER, DADDR), ALREADY_OPEN },
		[WATCH_CLOSED] = { BYTES_BRIEF("sent ", BYTES_SENT),
				   BYTES_BRIEF("received ", BYTES_RECEIVED),
				   BYTES_BRIEF("reinjected ", BYTES_RETRANS), PENDING, TO_TCP,
				   DURATION, PEAK },
		[WATCH_SUB_ESTABLISHED] = { PART(BRIEF_SUBFLOW, FROM), ALREADY_OPEN },
		[WATCH_SUB_CLOSED] = { RESET, TRANSIENT, CLOSER, PART(BRIEF_SUBFLOW, FROM),
				       PART(ERRNO, SUBFLOW_ERROR) },
		[WATCH_SUB_PRIORITY] = { PRIORITY, PART(IDS, FROM, .text = "id "),
					 PART(PEER, DADDR, .separator = " ") },
		[WATCH_LISTENER_CLOSED] = {
			PART(LOCAL, SADDR), PART(IF, JOINS_REFUSED, .text = "joins refused"),
			PART(NONZERO_COUNT, CONNECTIONS, .after = " connections stay open",
			     .one = " connection stays open") },
		[WATCH_FALLBACK] = { PART(PHRASE, FALLBACK_REASON), PART(PEER, DADDR), ALREADY_OPEN },
		[WATCH_JOIN_FAILED] = { WHOSE_JOIN, WHY_NO_JOIN, PART(PEER, DADDR),
					PART(IDS, FROM, .text = "id "), PART(ERRNO, JOIN_ERROR) },
		[WATCH_STALE] = { PART(BRIEF_SUBFLOW, FROM) },
		[WATCH_RECOVERED] = { PART(BRIEF_SUBFLOW, FROM) },
		[WATCH_FAILOVER] = { MS(LAST_PROGRESS_NS, "no progress for "), PART(IDS, FROM), TO_IDS,
				     PART(PHRASE, CAUSE),
				     PART(COUNT, OUTSTANDING, .after = " bytes outstanding",
					  .one = " byte outstanding") },
		[WATCH_RESUMED] = { MS(OUTAGE_NS, "outage "), PART(IDS, FROM), TO_IDS,
				    PART(PHRASE, CAUSE), BYTES(REINJECTED, "reinjected ") },
	},
};

static char *format_local(char *at, const struct watch_subflow *subflow)
{
	return format_end(at, subflow->family, subflow->saddr, subflow->sport);
}

static char *format_remote(char *at, const struct watch_subflow *subflow)
{
	return format_end(at, subflow->family, subflow->daddr, subflow->dport);
}

static char *format_addresses(char *at, const struct watch_subflow *subflow, bool brief)
{
	if (!subflow_has_address(subflow))
		return at;
	if (!brief)
		at = format_char(format_local(at, subflow), ' ');
	return format_remote(format_string(at, "> "), subflow);
}

static char *format_ids(char *at, const struct watch_subflow *subflow)
{
	return format_number(format_char(format_number(at, subflow->loc_id), '>'), subflow->rem_id);
}

static char *format_subflow(char *at, const struct watch_subflow *subflow, enum part_kind kind)
{
	at = format_ids(format_string(at, "id "), subflow);
	at = format_char(at, ' ');
	at = format_addresses(at, subflow, kind == BRIEF_SUBFLOW);
	if (subflow->backup && kind != PLAIN_SUBFLOW)
		at = format_string(at, " backup");
	return at;
}

/* By its name, or by numbers. */
static char *format_denied(char *at, const struct watch_record *record)
{
	const struct sockopt *option = denied_option(record);

	if (option)
		return format_string(at, option->name);
	at = format_signed(format_string(at, "level "), record->sockopt.level);
	return format_signed(format_string(at, " option "), record->sockopt.optname);
}

/* 1 created event, or 2 created events. */
static char *format_lost(char *at, const struct watch_lost *lost)
{
	if (lost->reason == WATCH_LOST_PROBE_SKIPPED)
		at = format_string(at, "up to ");
	at = format_char(format_number(at, lost->count), ' ');
	at = format_string(at, event_name(lost->event) ?: "unknown");
	return format_string(at, lost->count == 1 ? " event" : " events");
}

static char *format_unit(char *at, const struct part *part, uint64_t number)
{
	const char *unit = number == 1 && part->one ? part->one : part->after;

	return unit ? format_string(at, unit) : at;
}

/* Adds nothing for a part that consists of its text. */
static char *format_value(char *at, const struct part *part, const struct watch_record *record)
{
	const struct attribute_type *type = &attribute_types[part->attribute];
	const struct watch_subflow *subflow = &record->subflow;
	const void *value = attribute_value(type, (const char *)record);

	switch ((enum part_kind)part->kind) {
	case COUNT:
	case NONZERO_COUNT:
		at = format_number(at, attribute_number(type, value));
		return format_unit(at, part, attribute_number(type, value));
	case SECONDS:
		at = format_ns(at, attribute_number(type, value), NSEC_PER_SEC, 3);
		return format_string(at, part->after);
	case MILLISECONDS:
		at = format_ns(at, attribute_number(type, value), NSEC_PER_MSEC, 1);
		return format_string(at, part->after);
	case PHRASE:
		at = format_string(at, attribute_phrase_of(type->words, *(const uint32_t *)value));
		return part->after ? format_string(at, part->after) : at;
	case ERRNO:
		return format_string(at, strerror((int)attribute_number(type, value)));
	case LOCAL:
		return format_local(at, subflow);
	case REMOTE:
		return format_remote(at, subflow);
	case PAIR:
	case PEER:
		return format_addresses(at, subflow, part->kind == PEER);
	case IDS:
		return format_ids(at, subflow_at(record, type->offset));
	case PLAIN_SUBFLOW:
	case WHOLE_SUBFLOW:
	case BRIEF_SUBFLOW:
		return format_subflow(at, subflow_at(record, type->offset), part->kind);
	case SOCKET:
		return format_string(at,
				     subflow->family == AF_INET6 ? "IPv6 socket" : "IPv4 socket");
	case DENIED:
		return format_denied(at, record);
	case LOST_EVENTS:
		return format_lost(at, &record->lost);
	case IF:
	case EITHER:
	case PART_END:
		break;
	}
	return at;
}

static bool is_true(const struct attribute_type *type, const struct watch_record *record)
{
	const char *base = (const char *)record;

	if (type->kind == VALUE_FLAG)
		return record->flags & type->flag;
	return attribute_present(type, base) && attribute_number(type, attribute_value(type, base));
}

static bool is_shown(const struct part *part, const struct watch_record *record)
{
	const struct attribute_type *type = &attribute_types[part->attribute];

	switch ((enum part_kind)part->kind) {
	case IF:
	case NONZERO_COUNT:
	case ERRNO:
		return is_true(type, record);
	case LOCAL:
	case REMOTE:
		return true;
	default:
		return attribute_present(type, (const char *)record);
	}
}

static char *format_part(char *at, const struct part *part, const struct watch_record *record)
{
	const char *text = part->text;

	if (part->kind == EITHER && !is_true(&attribute_types[part->attribute], record))
		text = part->after;
	if (text)
		at = format_string(at, text);
	return format_value(at, part, record);
}

char *format_details(char *at, const struct watch_record *record, bool brief)
{
	const struct part *part = details[brief ? BRIEF : FULL][record->type];
	const char *begin = at;

	if (!part->kind)
		part = details[FULL][record->type];
	for (; part->kind; part++) {
		if (!is_shown(part, record))
			continue;
		if (at != begin)
			at = part->separator ? format_string(at, part->separator)
					     : format_string(at, ", ");
		at = format_part(at, part, record);
	}
	return at;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "event.h"
#include "event_format.h"
#include "format.h"
#include "strbuf.h"

#define NSEC_PER_SEC  UINT64_C(1000000000)
#define NSEC_PER_MSEC 1000000
#define NSEC_PER_USEC 1000

#define COLOUR_END "\033[0m"

/* How wide the columns are, with the space behind: the longest has room, and moves no other. */
#define NAME_WIDTH  17
#define TOKEN_WIDTH 10

/*
 * Where they would leave little room for what is particular to the event, they are narrow: seconds, one
 * space between columns, and none to fill up the owner's.
 */
#define NARROW		   132
#define TIME_NARROW	   8
#define NAME_WIDTH_NARROW  16
#define TOKEN_WIDTH_NARROW 9

/* The longest name and the longest pid, which is 4194304, with its brackets. */
#define OWNER_WIDTH (WATCH_COMM_LEN - 1 + 9 + 1)

/* Good and bad news, and the rest. */
static const char *colour_of(uint32_t event)
{
	switch (event) {
	case WATCH_FAILOVER:
	case WATCH_FALLBACK:
	case WATCH_JOIN_FAILED:
	case WATCH_STALE:
	case WATCH_LOST:
		return "\033[31m";
	case WATCH_RESUMED:
	case WATCH_RECOVERED:
		return "\033[32m";
	case WATCH_CREATED:
	case WATCH_ESTABLISHED:
	case WATCH_SUB_ESTABLISHED:
		return "\033[36m";
	default:
		return "";
	}
}

/* Events of the same second share what takes longest. */
static char *format_time(char *at, uint64_t wall_ns)
{
	static char shown[sizeof("00:00:00.")];
	static uint64_t shown_ns;
	time_t seconds;
	struct tm tm;

	if (!*shown || wall_ns < shown_ns || wall_ns - shown_ns >= NSEC_PER_SEC) {
		seconds = (time_t)(wall_ns / NSEC_PER_SEC);
		localtime_r(&seconds, &tm);
		strftime(shown, sizeof(shown), "%H:%M:%S.", &tm);
		shown_ns = (uint64_t)seconds * NSEC_PER_SEC;
	}
	memcpy(at, shown, sizeof(shown) - 1);
	return format_digits(at + sizeof(shown) - 1, (wall_ns - shown_ns) / NSEC_PER_USEC, 6);
}

/*
 * A part of a line as it was printed before, for what comes again and again: a copy of known size is
 * a few moves.
 */
#define SHORT_PART 32

struct part {
	size_t length;	/* 0: not printed yet */
	char bytes[56]; /* those of the longest end */
};

static inline char *format_part(char *at, const struct part *part)
{
	memcpy(at, part->bytes, SHORT_PART);
	if (part->length > SHORT_PART)
		memcpy(at, part->bytes, sizeof(part->bytes));
	return at + part->length;
}

static void keep_part(struct part *part, const char *begin, const char *end)
{
	size_t length = (size_t)(end - begin);

	if (length > sizeof(part->bytes))
		return;
	memcpy(part->bytes, begin, length);
	part->length = length;
}

static char *format_name(char *at, uint32_t event, bool coloured, size_t width)
{
	static struct part printed[2][2][WATCH_EVENTS];
	struct part *part = &printed[width == NAME_WIDTH][coloured][event];
	const char *colour, *name;
	char *begin = at;

	if (part->length)
		return format_part(at, part);
	colour = coloured ? colour_of(event) : "";
	name = event_name(event);
	at = format_string(format_string(at, colour), name);
	if (*colour)
		at = format_string(at, COLOUR_END);
	at = format_spaces(at, at + width - strlen(name));
	keep_part(part, begin, at);
	return at;
}

static char *format_token(char *at, uint32_t token, size_t width)
{
	const char *end = at + width;

	return format_spaces(token ? format_hex32(at, token) : format_char(at, '-'), end);
}

/*
 * A name can have any bytes: what is not printable ASCII would move the columns, or the terminal.
 */
static char *format_comm(char *at, const char *comm)
{
	size_t length = strnlen(comm, WATCH_COMM_LEN), i;
	char shown;

	for (i = 0; i < length; i++) {
		shown = comm[i];
		if (shown <= ' ' || shown >= 0x7f)
			shown = '?';
		at = format_char(at, shown);
	}
	return at;
}

static char *format_owner(char *at, const struct watch_owner *owner)
{
	if (!owner->pid)
		return format_char(at, '-');
	at = format_char(format_comm(at, owner->comm), '[');
	return format_char(format_number(at, owner->pid), ']');
}

struct printed_owner {
	uint32_t pid;
	char comm[WATCH_COMM_LEN];
	struct part part;
};

/* So many processes' columns are kept, each where its number leads. */
#define PRINTED_OWNERS 64

static char *format_owner_column(char *at, const struct watch_owner *owner)
{
	static struct printed_owner printed[PRINTED_OWNERS];
	struct printed_owner *known = &printed[owner->pid % PRINTED_OWNERS];
	char *begin = at;

	if (known->part.length && known->pid == owner->pid &&
	    memcmp(known->comm, owner->comm, WATCH_COMM_LEN) == 0)
		return format_part(at, &known->part);
	at = format_spaces(format_owner(at, owner), begin + OWNER_WIDTH);
	known->pid = owner->pid;
	memcpy(known->comm, owner->comm, WATCH_COMM_LEN);
	keep_part(&known->part, begin, at);
	return at;
}

struct printed_end {
	uint64_t address[2]; /* as bytes, in network byte order */
	uint16_t port;
	uint8_t family;
	struct part part;
};

/* So many ends of connections are kept. */
#define PRINTED_ENDS 256

static struct printed_end *place_of(const uint8_t *address, uint16_t port)
{
	static struct printed_end printed[PRINTED_ENDS];
	uint32_t first, last;

	/* What differs: of IPv4 there is only the first. */
	memcpy(&first, address, sizeof(first));
	memcpy(&last, address + 12, sizeof(last));
	return &printed[((first ^ last ^ port) * 2654435761U >> 24) % PRINTED_ENDS];
}

/* ADDRESS:PORT or [ADDRESS]:PORT. */
static char *format_end(char *at, uint8_t family, const uint8_t *address, uint16_t port)
{
	struct printed_end *known = place_of(address, port);
	uint64_t halves[2];
	char *begin = at;

	memcpy(halves, address, sizeof(halves));
	if (known->part.length && known->port == port && known->family == family &&
	    known->address[0] == halves[0] && known->address[1] == halves[1])
		return format_part(at, &known->part);
	if (family == AF_INET6)
		at = format_char(at, '[');
	at = format_address(at, family, address);
	at = format_string(at, family == AF_INET6 ? "]:" : ":");
	at = format_number(at, ntohs(port));
	known->port = port;
	known->family = family;
	memcpy(known->address, halves, sizeof(halves));
	keep_part(&known->part, begin, at);
	return at;
}

/* Both ends; where that is too long, the other one. */
static char *format_addresses(char *at, const struct watch_subflow *subflow, bool brief)
{
	if (!subflow->family)
		return at;
	if (!brief)
		at = format_char(format_end(at, subflow->family, subflow->saddr, subflow->sport),
				 ' ');
	at = format_string(at, "> ");
	at = format_end(at, subflow->family, subflow->daddr, subflow->dport);
	return at;
}

static char *format_ids(char *at, const struct watch_subflow *subflow)
{
	at = format_number(at, subflow->loc_id);
	at = format_char(at, '>');
	at = format_number(at, subflow->rem_id);
	return at;
}

static char *format_subflow(char *at, const struct watch_subflow *subflow, bool brief)
{
	at = format_string(at, "id ");
	at = format_ids(at, subflow);
	at = format_char(at, ' ');
	at = format_addresses(at, subflow, brief);
	if (subflow->backup)
		at = format_string(at, " backup");
	return at;
}

/* Inlined for the same reason as format_string(). */
static inline __attribute__((always_inline)) char *
format_labelled(char *at, const char *before, uint64_t number, const char *after)
{
	at = format_string(at, before);
	at = format_number(at, number);
	at = format_string(at, after);
	return at;
}

static char *format_closed(char *at, const struct watch_record *record, bool brief)
{
	const struct watch_closed *closed = &record->closed;

	if (!brief)
		at = format_string(format_addresses(at, &record->subflow, false), ", ");
	if (record->flags & WATCH_PENDING)
		at = format_string(at, "in the middle of a failover, ");
	if (record->flags & WATCH_FELL_BACK)
		at = format_string(at, "had fallen back to TCP, ");
	if (record->flags & WATCH_HAS_DURATION) {
		at = format_string(at, "after ");
		at = format_ns(at, closed->duration_ns, NSEC_PER_SEC, 3);
		at = format_string(at, " s, ");
	}
	at = format_labelled(at, "sent ", closed->bytes_sent, "");
	at = format_labelled(at, ", received ", closed->bytes_received, "");
	at = format_labelled(at, ", reinjected ", closed->bytes_retrans, " bytes");
	at = format_labelled(at, ", at most ", closed->subflows_max,
			     closed->subflows_max == 1 ? " subflow" : " subflows");
	return at;
}

static char *format_error(char *at, uint32_t error)
{
	if (!error)
		return at;
	at = format_string(at, ", ");
	at = format_string(at, strerror((int)error));
	return at;
}

static char *format_sub_closed(char *at, const struct watch_record *record, bool brief)
{
	const struct watch_sub_closed *closed = &record->sub_closed;

	at = format_string(at, "by ");
	at = format_string(at, closed_by_name(closed->closed_by));
	at = format_error(at, closed->error);
	if (record->flags & WATCH_RESET_SEEN) {
		at = format_string(at, ", reset: ");
		at = format_string(at, reset_reason_name(closed->reset_reason));
		if (closed->reset_flags)
			at = format_string(at, " (transient)");
	}
	at = format_string(at, ", ");
	at = format_subflow(at, &record->subflow, brief);
	return at;
}

static char *format_join_failed(char *at, const struct watch_record *record, bool brief)
{
	const struct watch_join_failed *join = &record->join_failed;

	at = format_string(at, join->theirs ? "the peer's: " : "ours: ");
	at = format_string(at, join_name(join->reason));
	at = format_error(at, join->error);
	at = format_string(at, ", ");
	at = format_subflow(at, &record->subflow, brief);
	return at;
}

static char *format_outage(char *at, const struct watch_record *record)
{
	at = format_string(at, "outage ");
	at = format_ns(at, record->failover.outage_ns, NSEC_PER_MSEC, 1);
	at = format_string(at, " ms, ");
	return at;
}

static char *format_bytes(char *at, const struct watch_record *record)
{
	const struct watch_failover *failover = &record->failover;

	if (record->type == WATCH_RESUMED)
		return format_labelled(at, "reinjected ", failover->reinjected, " bytes");
	at = format_string(at, "no progress for ");
	at = format_ns(at, failover->last_progress_ns, NSEC_PER_MSEC, 1);
	at = format_labelled(at, " ms, ", failover->outstanding, " bytes outstanding");
	return at;
}

/* What one wants to know comes first. Other lines have the addresses of these ids. */
static char *format_failover(char *at, const struct watch_record *record, bool brief)
{
	if (record->type == WATCH_RESUMED)
		at = format_outage(at, record);
	at = format_string(at, cause_name(record->failover.cause));
	at = format_string(at, ", ");
	if (brief) {
		at = format_string(format_ids(at, &record->subflow), " to ");
		at = format_string(format_ids(at, &record->failover.to), ", ");
		return format_bytes(at, record);
	}
	at = format_string(format_bytes(at, record), ", ");
	at = format_string(format_subflow(at, &record->subflow, false), " to ");
	return format_subflow(at, &record->failover.to, false);
}

static char *format_listener(char *at, const struct watch_record *record, bool brief)
{
	bool one = record->connections == 1;

	at = format_end(at, record->subflow.family, record->subflow.saddr, record->subflow.sport);
	if (record->type != WATCH_LISTENER_CLOSED || !record->connections)
		return at;
	if (brief)
		return format_labelled(at,
				       ", later joins refused (connections: ", record->connections,
				       ")");
	at = format_labelled(at, ", ", record->connections,
			     one ? " connection on its port lives on"
				 : " connections on its port live on");
	at = format_string(
		at, ": later joins to it are refused (an endpoint with a port of its own takes "
		    "them: ip mptcp endpoint add ADDRESS port PORT signal)");
	return at;
}

static char *format_sockopt(char *at, const struct watch_sockopt *sockopt)
{
	at = format_string(at, "level ");
	at = format_signed(at, sockopt->level);
	at = format_string(at, " option ");
	at = format_signed(at, sockopt->optname);
	at = format_error(at, sockopt->error);
	return at;
}

static char *format_details(char *at, const struct watch_record *record, bool brief)
{
	switch (record->type) {
	case WATCH_CREATED:
	case WATCH_ESTABLISHED:
		at = format_addresses(at, &record->subflow, brief);
		break;
	case WATCH_CLOSED:
		at = format_closed(at, record, brief);
		break;
	case WATCH_ANNOUNCED:
		at = format_labelled(at, "id ", record->subflow.rem_id, " ");
		at = format_end(at, record->subflow.family, record->subflow.daddr,
				record->subflow.dport);
		break;
	case WATCH_REMOVED:
		at = format_labelled(at, "id ", record->subflow.rem_id, "");
		break;
	case WATCH_SUB_CLOSED:
		at = format_sub_closed(at, record, brief);
		break;
	case WATCH_LISTENER_CREATED:
	case WATCH_LISTENER_CLOSED:
		at = format_listener(at, record, brief);
		break;
	case WATCH_UPGRADED:
		at = format_string(at, record->subflow.family == AF_INET6 ? "IPv6 socket"
									  : "IPv4 socket");
		break;
	case WATCH_FALLBACK:
		at = format_string(at, fallback_name(record->fallback));
		at = format_string(at, ", ");
		at = format_addresses(at, &record->subflow, brief);
		break;
	case WATCH_JOIN_FAILED:
		at = format_join_failed(at, record, brief);
		break;
	case WATCH_FAILOVER:
	case WATCH_RESUMED:
		at = format_failover(at, record, brief);
		break;
	case WATCH_SOCKOPT_DENIED:
		at = format_sockopt(at, &record->sockopt);
		break;
	case WATCH_LOST:
		at = format_labelled(at, "", record->lost.count, " of ");
		at = format_string(at, event_name(record->lost.event) ?: "unknown");
		at = format_string(at, ", ");
		at = format_string(at, lost_reason_name(record->lost.reason));
		break;
	default:
		at = format_subflow(at, &record->subflow, brief);
		break;
	}
	if (record->flags & WATCH_INITIAL)
		at = format_string(at, ", already open");
	return at;
}

/*
 * Longer than the longest line, which has two subflows with IPv6 addresses, or the remedy for a closed
 * listener; and a part more, since these are copied whole.
 */
#define LONGEST_LINE 1024

/* The time, the event, the connection and the process; returns how many columns that is. */
static size_t format_columns(char **at, const struct watch_record *record, uint64_t wall_ns,
			     const struct text_style *style)
{
	bool narrow = style->width && style->width < NARROW;
	const char *colour = style->colour ? colour_of(record->type) : "";
	char *begin = *at, *end;

	end = format_time(begin, wall_ns);
	end = narrow ? format_string(begin + TIME_NARROW, " ") : format_string(end, "  ");
	end = format_name(end, record->type, style->colour,
			  narrow ? NAME_WIDTH_NARROW : NAME_WIDTH);
	end = format_token(end, record->token, narrow ? TOKEN_WIDTH_NARROW : TOKEN_WIDTH);
	end = narrow ? format_string(format_owner(end, &record->owner), " ")
		     : format_owner_column(end, &record->owner);
	*at = end;
	return (size_t)(end - begin) - (*colour ? strlen(colour) + strlen(COLOUR_END) : 0);
}

/* Dots for what does not fit, unless a part ends just there, for which the dots would take the room. */
static char *format_end_of_cut(char *details, size_t room)
{
	static const char dots[] = "...";
	char *at = details + room - strlen(dots);
	size_t i;

	for (i = strlen(dots); i; i--) {
		if (at[i] == ',')
			return at + i;
	}
	return format_string(at, dots);
}

/* On a terminal that is narrower than the columns, the line breaks: it always has so much room. */
#define LEAST_ROOM 8

void event_text(struct strbuf *lines, const struct watch_record *record,
		const struct print_context *context, const struct text_style *style)
{
	uint64_t wall_ns = event_wall_ns(record, context->wall_offset_ns);
	char *begin = strbuf_reserve(lines, LONGEST_LINE), *at = begin, *details;
	size_t room = SIZE_MAX, columns;

	if (!begin)
		return;
	columns = format_columns(&at, record, wall_ns, style);
	if (style->width)
		room = style->width > columns + LEAST_ROOM ? style->width - columns : LEAST_ROOM;
	details = at;
	at = format_details(details, record, false);
	if ((size_t)(at - details) > room)
		at = format_details(details, record, true);
	if ((size_t)(at - details) > room)
		at = format_end_of_cut(details, room);
	at = format_char(at, '\n');
	lines->length += (size_t)(at - begin);
}

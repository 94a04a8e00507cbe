// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "event.h"
#include "event_format.h"
#include "text.h"

#define NSEC_PER_SEC  UINT64_C(1000000000)
#define NSEC_PER_MSEC 1000000
#define NSEC_PER_USEC 1000

#define COLOUR_END "\033[0m"

/* How wide the columns are, with the space behind: the longest has room, and moves no other. */
#define NAME_WIDTH  17
#define TOKEN_WIDTH 10
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
static void add_time(struct text *text, uint64_t wall_ns)
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
	text_add_bytes(text, shown, sizeof(shown) - 1);
	text_add_digits(text, (wall_ns - shown_ns) / NSEC_PER_USEC, 6);
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

static inline void add_part(struct text *text, const struct part *part)
{
	char *end = text_end(text, sizeof(part->bytes));

	if (!end)
		return;
	memcpy(end, part->bytes, SHORT_PART);
	if (part->length > SHORT_PART)
		memcpy(end, part->bytes, sizeof(part->bytes));
	text->length += part->length;
}

/* What has just been added. */
static void keep_part(struct part *part, const struct text *text, size_t start)
{
	size_t length = text->length - start;

	if (text->cut || length > sizeof(part->bytes))
		return;
	memcpy(part->bytes, text->bytes + start, length);
	part->length = length;
}

static void add_name(struct text *text, uint32_t event, bool coloured)
{
	static struct part printed[2][WATCH_EVENTS];
	struct part *part = &printed[coloured][event];
	const char *colour = coloured ? colour_of(event) : "", *name = event_name(event);
	size_t start = text->length;

	if (part->length) {
		add_part(text, part);
		return;
	}
	text_add(text, colour);
	text_add(text, name);
	if (*colour)
		text_add(text, COLOUR_END);
	text_pad(text, text->length + NAME_WIDTH - strlen(name));
	keep_part(part, text, start);
}

static void add_token(struct text *text, uint32_t token)
{
	if (token) {
		text_add_hex32(text, token);
		text_add(text, "  ");
	} else {
		text_add_char(text, '-');
		text_pad(text, text->length + TOKEN_WIDTH - 1);
	}
}

/*
 * A name can have any bytes: what is not printable ASCII would move the columns, or the terminal.
 */
static void add_comm(struct text *text, const char *comm)
{
	size_t length = strnlen(comm, WATCH_COMM_LEN), i;
	char shown;

	for (i = 0; i < length; i++) {
		shown = comm[i];
		if (shown <= ' ' || shown >= 0x7f)
			shown = '?';
		text_add_char(text, shown);
	}
}

struct printed_owner {
	uint32_t pid;
	char comm[WATCH_COMM_LEN];
	struct part part;
};

/* So many processes' columns are kept, each where its number leads. */
#define PRINTED_OWNERS 64

static void add_owner(struct text *text, const struct watch_owner *owner)
{
	static struct printed_owner printed[PRINTED_OWNERS];
	struct printed_owner *known = &printed[owner->pid % PRINTED_OWNERS];
	size_t start = text->length;

	if (known->part.length && known->pid == owner->pid &&
	    memcmp(known->comm, owner->comm, WATCH_COMM_LEN) == 0) {
		add_part(text, &known->part);
		return;
	}
	if (owner->pid) {
		add_comm(text, owner->comm);
		text_add_char(text, '[');
		text_add_number(text, owner->pid);
		text_add_char(text, ']');
	} else {
		text_add_char(text, '-');
	}
	text_pad(text, start + OWNER_WIDTH);
	known->pid = owner->pid;
	memcpy(known->comm, owner->comm, WATCH_COMM_LEN);
	keep_part(&known->part, text, start);
}

struct printed_end {
	uint8_t address[sizeof(struct in6_addr)];
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
static void add_end(struct text *text, uint8_t family, const uint8_t *address, uint16_t port)
{
	struct printed_end *known = place_of(address, port);
	size_t start = text->length;

	if (known->part.length && known->port == port && known->family == family &&
	    memcmp(known->address, address, sizeof(known->address)) == 0) {
		add_part(text, &known->part);
		return;
	}
	if (family == AF_INET6)
		text_add_char(text, '[');
	text_add_address(text, family, address);
	text_add(text, family == AF_INET6 ? "]:" : ":");
	text_add_number(text, ntohs(port));
	known->port = port;
	known->family = family;
	memcpy(known->address, address, sizeof(known->address));
	keep_part(&known->part, text, start);
}

static void add_addresses(struct text *text, const struct watch_subflow *subflow)
{
	if (!subflow->family)
		return;
	add_end(text, subflow->family, subflow->saddr, subflow->sport);
	text_add(text, " > ");
	add_end(text, subflow->family, subflow->daddr, subflow->dport);
}

static void add_subflow(struct text *text, const struct watch_subflow *subflow)
{
	text_add(text, "id ");
	text_add_number(text, subflow->loc_id);
	text_add_char(text, '>');
	text_add_number(text, subflow->rem_id);
	text_add_char(text, ' ');
	add_addresses(text, subflow);
	if (subflow->backup)
		text_add(text, " backup");
}

/* Inlined for the same reason as text_add(). */
static inline __attribute__((always_inline)) void
add_labelled(struct text *text, const char *before, uint64_t number, const char *after)
{
	text_add(text, before);
	text_add_number(text, number);
	text_add(text, after);
}

static void add_closed(struct text *text, const struct watch_record *record)
{
	const struct watch_closed *closed = &record->closed;

	add_addresses(text, &record->subflow);
	if (record->flags & WATCH_HAS_DURATION) {
		text_add(text, ", after ");
		text_add_ns(text, closed->duration_ns, NSEC_PER_SEC, 3);
		text_add(text, " s");
	}
	add_labelled(text, ", sent ", closed->bytes_sent, "");
	add_labelled(text, ", received ", closed->bytes_received, "");
	if (closed->bytes_retrans)
		add_labelled(text, ", sent again ", closed->bytes_retrans, " bytes");
	add_labelled(text, ", at most ", closed->subflows_max,
		     closed->subflows_max == 1 ? " subflow" : " subflows");
	if (record->flags & WATCH_FELL_BACK)
		text_add(text, ", had fallen back to TCP");
	if (record->flags & WATCH_PENDING)
		text_add(text, ", in the middle of a failover");
}

static void add_error(struct text *text, uint32_t error)
{
	if (!error)
		return;
	text_add(text, ", ");
	text_add(text, strerror((int)error));
}

static void add_sub_closed(struct text *text, const struct watch_record *record)
{
	const struct watch_sub_closed *closed = &record->sub_closed;

	add_subflow(text, &record->subflow);
	text_add(text, ", by ");
	text_add(text, closed_by_name(closed->closed_by));
	add_error(text, closed->error);
	if (!(record->flags & WATCH_RESET_SEEN))
		return;
	text_add(text, ", reset: ");
	text_add(text, reset_reason_name(closed->reset_reason));
	if (closed->reset_flags)
		text_add(text, " (transient)");
}

static void add_join_failed(struct text *text, const struct watch_record *record)
{
	const struct watch_join_failed *join = &record->join_failed;

	add_subflow(text, &record->subflow);
	text_add(text, join->theirs ? ", the peer's: " : ", ours: ");
	text_add(text, join_name(join->reason));
	add_error(text, join->error);
}

static void add_failover(struct text *text, const struct watch_record *record)
{
	const struct watch_failover *failover = &record->failover;

	add_subflow(text, &record->subflow);
	text_add(text, " to ");
	add_subflow(text, &failover->to);
	if (record->type == WATCH_RESUMED) {
		text_add(text, ", stood still ");
		text_add_ns(text, failover->outage_ns, NSEC_PER_MSEC, 1);
		add_labelled(text, " ms, sent again ", failover->reinjected, " bytes");
		return;
	}
	text_add(text, ", ");
	text_add(text, cause_name(failover->cause));
	add_labelled(text, ", ", failover->outstanding, " bytes outstanding, last progress ");
	text_add_ns(text, failover->last_progress_ns, NSEC_PER_MSEC, 1);
	text_add(text, " ms ago");
}

static void add_listener(struct text *text, const struct watch_record *record)
{
	bool one = record->connections == 1;

	add_end(text, record->subflow.family, record->subflow.saddr, record->subflow.sport);
	if (record->type != WATCH_LISTENER_CLOSED || !record->connections)
		return;
	add_labelled(text, ", ", record->connections,
		     one ? " connection on its port lives on" : " connections on its port live on");
	text_add(text, ": later joins to it are refused (an endpoint with a port of its own takes "
		       "them: ip mptcp endpoint add ADDRESS port PORT signal)");
}

static void add_sockopt(struct text *text, const struct watch_sockopt *sockopt)
{
	text_add(text, "level ");
	text_add_signed(text, sockopt->level);
	text_add(text, " option ");
	text_add_signed(text, sockopt->optname);
	add_error(text, sockopt->error);
}

static void add_details(struct text *text, const struct watch_record *record)
{
	switch (record->type) {
	case WATCH_CREATED:
	case WATCH_ESTABLISHED:
		add_addresses(text, &record->subflow);
		break;
	case WATCH_CLOSED:
		add_closed(text, record);
		break;
	case WATCH_ANNOUNCED:
		add_labelled(text, "id ", record->subflow.rem_id, " ");
		add_end(text, record->subflow.family, record->subflow.daddr, record->subflow.dport);
		break;
	case WATCH_REMOVED:
		add_labelled(text, "id ", record->subflow.rem_id, "");
		break;
	case WATCH_SUB_CLOSED:
		add_sub_closed(text, record);
		break;
	case WATCH_LISTENER_CREATED:
	case WATCH_LISTENER_CLOSED:
		add_listener(text, record);
		break;
	case WATCH_UPGRADED:
		text_add(text, record->subflow.family == AF_INET6 ? "IPv6 socket" : "IPv4 socket");
		break;
	case WATCH_FALLBACK:
		add_addresses(text, &record->subflow);
		text_add(text, ", ");
		text_add(text, fallback_name(record->fallback));
		break;
	case WATCH_JOIN_FAILED:
		add_join_failed(text, record);
		break;
	case WATCH_FAILOVER:
	case WATCH_RESUMED:
		add_failover(text, record);
		break;
	case WATCH_SOCKOPT_DENIED:
		add_sockopt(text, &record->sockopt);
		break;
	case WATCH_LOST:
		add_labelled(text, "", record->lost.count, " of ");
		text_add(text, event_name(record->lost.event) ?: "unknown");
		break;
	default:
		add_subflow(text, &record->subflow);
		break;
	}
	if (record->flags & WATCH_INITIAL)
		text_add(text, ", was there before");
}

void event_text(struct text *text, const struct watch_record *record,
		const struct event_surroundings *surroundings)
{
	add_time(text, event_wall_ns(record, surroundings->wall_offset_ns));
	text_add(text, "  ");
	add_name(text, record->type, surroundings->colour);
	add_token(text, record->token);
	add_owner(text, &record->owner);
	add_details(text, record);
	text_add_char(text, '\n');
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "event.h"
#include "event_format.h"
#include "line.h"

#define NSEC_PER_SEC  UINT64_C(1000000000)
#define NSEC_PER_MSEC 1000000
#define NSEC_PER_USEC 1000

#define COLOUR_END "\033[0m"

/* Where the columns begin, without colour. */
#define TOKEN_COLUMN 34
#define OWNER_COLUMN 44
/* Behind the longest name and the longest pid with its brackets, at most 4194304. */
#define DETAILS_COLUMN (OWNER_COLUMN + WATCH_COMM_LEN - 1 + 9 + 1)

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
static void add_time(struct line *line, uint64_t wall_ns)
{
	static char text[16];
	static time_t shown = -1;
	time_t seconds = (time_t)(wall_ns / NSEC_PER_SEC);
	struct tm tm;

	if (seconds != shown) {
		localtime_r(&seconds, &tm);
		strftime(text, sizeof(text), "%H:%M:%S", &tm);
		shown = seconds;
	}
	line_add(line, text);
	line_add_char(line, '.');
	line_add_number(line, wall_ns % NSEC_PER_SEC / NSEC_PER_USEC, 6);
}

/*
 * A name can have any bytes: what is not printable ASCII would move the columns, or the terminal.
 */
static void add_comm(struct line *line, const char *comm)
{
	size_t length = strnlen(comm, WATCH_COMM_LEN), i;
	char shown;

	for (i = 0; i < length; i++) {
		shown = comm[i];
		if (shown <= ' ' || shown >= 0x7f)
			shown = '?';
		line_add_char(line, shown);
	}
}

static void add_owner(struct line *line, const struct watch_owner *owner)
{
	if (!owner->pid) {
		line_add_char(line, '-');
		return;
	}
	add_comm(line, owner->comm);
	line_add_char(line, '[');
	line_add_number(line, owner->pid, 1);
	line_add_char(line, ']');
}

static void add_address(struct line *line, uint8_t family, const uint8_t *address, uint16_t port)
{
	if (family == AF_INET6)
		line_add_char(line, '[');
	line_add_address(line, family, address);
	line_add(line, family == AF_INET6 ? "]:" : ":");
	line_add_number(line, ntohs(port), 1);
}

static void add_addresses(struct line *line, const struct watch_subflow *subflow)
{
	if (!subflow->family)
		return;
	add_address(line, subflow->family, subflow->saddr, subflow->sport);
	line_add(line, " > ");
	add_address(line, subflow->family, subflow->daddr, subflow->dport);
}

static void add_subflow(struct line *line, const struct watch_subflow *subflow)
{
	line_add(line, "id ");
	line_add_number(line, subflow->loc_id, 1);
	line_add_char(line, '>');
	line_add_number(line, subflow->rem_id, 1);
	line_add_char(line, ' ');
	add_addresses(line, subflow);
	if (subflow->backup)
		line_add(line, " backup");
}

static void add_labelled(struct line *line, const char *before, uint64_t number, const char *after)
{
	line_add(line, before);
	line_add_number(line, number, 1);
	line_add(line, after);
}

static void add_closed(struct line *line, const struct watch_record *record)
{
	const struct watch_closed *closed = &record->closed;

	add_addresses(line, &record->subflow);
	if (record->flags & WATCH_HAS_DURATION) {
		line_add(line, ", after ");
		line_add_ns(line, closed->duration_ns, NSEC_PER_SEC, 3);
		line_add(line, " s");
	}
	add_labelled(line, ", sent ", closed->bytes_sent, "");
	add_labelled(line, ", received ", closed->bytes_received, "");
	add_labelled(line, ", sent again ", closed->bytes_retrans, " bytes");
	add_labelled(line, ", at most ", closed->subflows_max,
		     closed->subflows_max == 1 ? " subflow" : " subflows");
	if (record->flags & WATCH_FELL_BACK)
		line_add(line, ", had fallen back to TCP");
	if (record->flags & WATCH_PENDING)
		line_add(line, ", in the middle of a failover");
}

static void add_error(struct line *line, uint32_t error)
{
	if (!error)
		return;
	line_add(line, ", ");
	line_add(line, strerror((int)error));
}

static void add_sub_closed(struct line *line, const struct watch_record *record)
{
	const struct watch_sub_closed *closed = &record->sub_closed;

	add_subflow(line, &record->subflow);
	line_add(line, ", by ");
	line_add(line, closed_by_name(closed->closed_by));
	add_error(line, closed->error);
	if (!(record->flags & WATCH_RESET_SEEN))
		return;
	line_add(line, ", reset: ");
	line_add(line, reset_reason_name(closed->reset_reason));
	if (closed->reset_flags)
		line_add(line, " (transient)");
}

static void add_join_failed(struct line *line, const struct watch_record *record)
{
	const struct watch_join_failed *join = &record->join_failed;

	add_subflow(line, &record->subflow);
	line_add(line, join->theirs ? ", the peer's: " : ", ours: ");
	line_add(line, join_name(join->reason));
	add_error(line, join->error);
}

static void add_failover(struct line *line, const struct watch_record *record)
{
	const struct watch_failover *failover = &record->failover;

	add_subflow(line, &record->subflow);
	line_add(line, " to ");
	add_subflow(line, &failover->to);
	if (record->type == WATCH_RESUMED) {
		line_add(line, ", stood still ");
		line_add_ns(line, failover->outage_ns, NSEC_PER_MSEC, 1);
		add_labelled(line, " ms, sent again ", failover->reinjected, " bytes");
		return;
	}
	line_add(line, ", ");
	line_add(line, cause_name(failover->cause));
	add_labelled(line, ", ", failover->outstanding, " bytes outstanding, last progress ");
	line_add_ns(line, failover->last_progress_ns, NSEC_PER_MSEC, 1);
	line_add(line, " ms ago");
}

static void add_listener(struct line *line, const struct watch_record *record)
{
	bool one = record->connections == 1;

	add_address(line, record->subflow.family, record->subflow.saddr, record->subflow.sport);
	if (record->type != WATCH_LISTENER_CLOSED || !record->connections)
		return;
	add_labelled(line, ", ", record->connections,
		     one ? " connection on its port lives on" : " connections on its port live on");
	line_add(line, ": later joins to it are refused (an endpoint with a port of its own takes "
		       "them: ip mptcp endpoint add ADDRESS port PORT signal)");
}

static void add_sockopt(struct line *line, const struct watch_sockopt *sockopt)
{
	line_add(line, "level ");
	line_add_signed(line, sockopt->level);
	line_add(line, " option ");
	line_add_signed(line, sockopt->optname);
	add_error(line, sockopt->error);
}

static void add_details(struct line *line, const struct watch_record *record)
{
	switch (record->type) {
	case WATCH_CREATED:
	case WATCH_ESTABLISHED:
		add_addresses(line, &record->subflow);
		break;
	case WATCH_CLOSED:
		add_closed(line, record);
		break;
	case WATCH_ANNOUNCED:
		add_labelled(line, "id ", record->subflow.rem_id, " ");
		add_address(line, record->subflow.family, record->subflow.daddr,
			    record->subflow.dport);
		break;
	case WATCH_REMOVED:
		add_labelled(line, "id ", record->subflow.rem_id, "");
		break;
	case WATCH_SUB_CLOSED:
		add_sub_closed(line, record);
		break;
	case WATCH_LISTENER_CREATED:
	case WATCH_LISTENER_CLOSED:
		add_listener(line, record);
		break;
	case WATCH_UPGRADED:
		line_add(line, record->subflow.family == AF_INET6 ? "IPv6 socket" : "IPv4 socket");
		break;
	case WATCH_FALLBACK:
		add_addresses(line, &record->subflow);
		line_add(line, ", ");
		line_add(line, fallback_name(record->fallback));
		break;
	case WATCH_JOIN_FAILED:
		add_join_failed(line, record);
		break;
	case WATCH_FAILOVER:
	case WATCH_RESUMED:
		add_failover(line, record);
		break;
	case WATCH_SOCKOPT_DENIED:
		add_sockopt(line, &record->sockopt);
		break;
	case WATCH_LOST:
		add_labelled(line, "", record->lost.count, " of ");
		line_add(line, event_name(record->lost.event) ?: "unknown");
		break;
	default:
		add_subflow(line, &record->subflow);
		break;
	}
	if (record->flags & WATCH_INITIAL)
		line_add(line, ", was there before");
}

void event_text(FILE *out, const struct watch_record *record,
		const struct event_surroundings *surroundings)
{
	const char *colour = surroundings->colour ? colour_of(record->type) : "";
	size_t invisible = 0;
	struct line line;

	line.length = 0;
	add_time(&line, event_wall_ns(record, surroundings->wall_offset_ns));
	line_add(&line, "  ");
	line_add(&line, colour);
	line_add(&line, event_name(record->type));
	if (*colour) {
		line_add(&line, COLOUR_END);
		invisible = strlen(colour) + strlen(COLOUR_END);
	}
	line_pad(&line, TOKEN_COLUMN + invisible);
	if (record->token)
		line_add_hex32(&line, record->token);
	else
		line_add_char(&line, '-');
	line_pad(&line, OWNER_COLUMN + invisible);
	add_owner(&line, &record->owner);
	line_pad(&line, DETAILS_COLUMN + invisible);
	add_details(&line, record);
	line_add_char(&line, '\n');
	fwrite(line.text, line.length, 1, out);
}

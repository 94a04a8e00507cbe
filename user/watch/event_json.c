// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include <json-c/json.h>

#include "event.h"
#include "event_format.h"
#include "utf8.h"

#define NSEC_PER_SEC UINT64_C(1000000000)

static void add_text(struct json_object *object, const char *key, const char *text)
{
	json_object_object_add(object, key, json_object_new_string(text));
}

/* Of at most PATH_MAX bytes, any but NUL. */
static void add_bytes(struct json_object *object, const char *key, const char *bytes, size_t length)
{
	char text[PATH_MAX * UTF8_REPLACEMENT_LEN + 1];

	utf8_clean(text, bytes, length);
	add_text(object, key, text);
}

static void add_number(struct json_object *object, const char *key, uint64_t number)
{
	json_object_object_add(object, key, json_object_new_uint64(number));
}

static void add_bool(struct json_object *object, const char *key, bool value)
{
	json_object_object_add(object, key, json_object_new_boolean(value));
}

static void add_time(struct json_object *object, uint64_t wall_ns)
{
	time_t seconds = (time_t)(wall_ns / NSEC_PER_SEC);
	char text[48];
	struct tm tm;
	size_t length;

	gmtime_r(&seconds, &tm);
	length = strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(text + length, sizeof(text) - length, ".%09dZ", (int)(wall_ns % NSEC_PER_SEC));
	add_text(object, "time", text);
}

static void add_owner(struct json_object *object, const struct watch_owner *owner,
		      const char *cgroup)
{
	if (!owner->pid)
		return;
	add_number(object, "pid", owner->pid);
	add_number(object, "uid", owner->uid);
	add_bytes(object, "comm", owner->comm, strnlen(owner->comm, sizeof(owner->comm)));
	if (cgroup)
		add_bytes(object, "cgroup", cgroup, strnlen(cgroup, PATH_MAX));
}

static void add_address(struct json_object *object, const char *key, uint8_t family,
			const uint8_t *address)
{
	char text[INET6_ADDRSTRLEN];

	if (inet_ntop(family, address, text, sizeof(text)))
		add_text(object, key, text);
}

static void add_local(struct json_object *object, const struct watch_subflow *subflow)
{
	add_address(object, "saddr", subflow->family, subflow->saddr);
	add_number(object, "sport", ntohs(subflow->sport));
}

static void add_remote(struct json_object *object, const struct watch_subflow *subflow)
{
	add_address(object, "daddr", subflow->family, subflow->daddr);
	add_number(object, "dport", ntohs(subflow->dport));
}

static void add_addresses(struct json_object *object, const struct watch_subflow *subflow)
{
	if (!subflow->family)
		return;
	add_local(object, subflow);
	add_remote(object, subflow);
}

static void add_subflow(struct json_object *object, const struct watch_subflow *subflow)
{
	add_number(object, "loc_id", subflow->loc_id);
	add_number(object, "rem_id", subflow->rem_id);
	add_addresses(object, subflow);
	add_bool(object, "backup", subflow->backup);
	if (subflow->if_idx)
		add_number(object, "if_idx", subflow->if_idx);
}

static void add_connection(struct json_object *object, const struct watch_record *record)
{
	add_addresses(object, &record->subflow);
	add_bool(object, "server_side", record->flags & WATCH_SERVER_SIDE);
}

static void add_closed(struct json_object *object, const struct watch_record *record)
{
	const struct watch_closed *closed = &record->closed;

	add_connection(object, record);
	if (record->flags & WATCH_HAS_DURATION)
		add_number(object, "duration_ns", closed->duration_ns);
	add_number(object, "bytes_sent", closed->bytes_sent);
	add_number(object, "bytes_received", closed->bytes_received);
	add_number(object, "bytes_retrans", closed->bytes_retrans);
	add_number(object, "subflows_max", closed->subflows_max);
	add_bool(object, "fallback", record->flags & WATCH_FELL_BACK);
	add_bool(object, "failover_pending", record->flags & WATCH_PENDING);
}

static void add_sub_closed(struct json_object *object, const struct watch_record *record)
{
	const struct watch_sub_closed *closed = &record->sub_closed;

	add_subflow(object, &record->subflow);
	add_text(object, "closed_by", closed_by_name(closed->closed_by));
	if (closed->error)
		add_number(object, "error", closed->error);
	if (!(record->flags & WATCH_RESET_SEEN))
		return;
	add_text(object, "reset_reason", reset_reason_name(closed->reset_reason));
	add_number(object, "reset_flags", closed->reset_flags);
}

static void add_join_failed(struct json_object *object, const struct watch_record *record)
{
	const struct watch_join_failed *join = &record->join_failed;

	add_subflow(object, &record->subflow);
	add_text(object, "join", join->theirs ? "peer" : "local");
	add_text(object, "reason", join_name(join->reason));
	if (join->error)
		add_number(object, "error", join->error);
}

static void add_failover(struct json_object *object, const struct watch_record *record)
{
	const struct watch_failover *failover = &record->failover;
	struct json_object *from = json_object_new_object(), *to = json_object_new_object();

	add_subflow(from, &record->subflow);
	add_subflow(to, &failover->to);
	json_object_object_add(object, "from", from);
	json_object_object_add(object, "to", to);
	add_text(object, "cause", cause_name(failover->cause));
	add_number(object, "outstanding", failover->outstanding);
	if (record->type == WATCH_RESUMED) {
		add_number(object, "outage_ns", failover->outage_ns);
		add_number(object, "reinjected", failover->reinjected);
	} else {
		add_number(object, "last_progress_ns", failover->last_progress_ns);
		add_number(object, "noticed_ns", failover->noticed_ns);
	}
}

static void add_listener(struct json_object *object, const struct watch_record *record)
{
	add_local(object, &record->subflow);
	if (record->type == WATCH_LISTENER_CLOSED) {
		add_number(object, "connections", record->connections);
		add_bool(object, "joins_refused", record->connections > 0);
	}
}

static void add_details(struct json_object *object, const struct watch_record *record)
{
	switch (record->type) {
	case WATCH_CREATED:
	case WATCH_ESTABLISHED:
		add_connection(object, record);
		break;
	case WATCH_CLOSED:
		add_closed(object, record);
		break;
	case WATCH_ANNOUNCED:
		add_number(object, "rem_id", record->subflow.rem_id);
		add_remote(object, &record->subflow);
		break;
	case WATCH_REMOVED:
		add_number(object, "rem_id", record->subflow.rem_id);
		break;
	case WATCH_SUB_CLOSED:
		add_sub_closed(object, record);
		break;
	case WATCH_LISTENER_CREATED:
	case WATCH_LISTENER_CLOSED:
		add_listener(object, record);
		break;
	case WATCH_UPGRADED:
		add_text(object, "family", record->subflow.family == AF_INET6 ? "inet6" : "inet");
		break;
	case WATCH_FALLBACK:
		add_connection(object, record);
		add_text(object, "reason", fallback_name(record->fallback));
		break;
	case WATCH_JOIN_FAILED:
		add_join_failed(object, record);
		break;
	case WATCH_FAILOVER:
	case WATCH_RESUMED:
		add_failover(object, record);
		break;
	case WATCH_SOCKOPT_DENIED:
		json_object_object_add(object, "level", json_object_new_int(record->sockopt.level));
		json_object_object_add(object, "optname",
				       json_object_new_int(record->sockopt.optname));
		add_number(object, "error", record->sockopt.error);
		break;
	case WATCH_LOST:
		add_text(object, "lost_event", event_name(record->lost.event) ?: "unknown");
		add_number(object, "count", record->lost.count);
		add_text(object, "reason", lost_reason_name(record->lost.reason));
		break;
	default:
		add_subflow(object, &record->subflow);
		break;
	}
	if (record->flags & WATCH_INITIAL)
		add_bool(object, "initial", true);
}

void event_json(struct strbuf *lines, const struct watch_record *record,
		const struct print_context *context)
{
	struct json_object *object = json_object_new_object();
	const char *line;
	size_t length;
	char token[9];

	add_time(object, event_wall_ns(record, context->wall_offset_ns));
	add_number(object, "mono_ns", record->mono_ns);
	add_text(object, "event", event_name(record->type));
	if (record->netns)
		add_number(object, "netns", record->netns);
	if (record->token) {
		snprintf(token, sizeof(token), "%08" PRIx32, record->token);
		add_text(object, "token", token);
	}
	add_owner(object, &record->owner, context->cgroup);
	add_details(object, record);
	line = json_object_to_json_string_length(object,
						 JSON_C_TO_STRING_PLAIN |
							 JSON_C_TO_STRING_NOSLASHESCAPE,
						 &length);
	utf8_add_escaped(lines, line, length);
	strbuf_add_char(lines, '\n');
	json_object_put(object);
}

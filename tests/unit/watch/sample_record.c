// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <errno.h>

#include "sample_record.h"

static struct watch_subflow first_subflow(void)
{
	struct watch_subflow subflow = { .family = AF_INET,
					 .sport = htons(40000),
					 .dport = htons(443),
					 .loc_id = 1,
					 .rem_id = 2,
					 .if_idx = 3 };

	inet_pton(AF_INET, "10.0.0.1", subflow.saddr);
	inet_pton(AF_INET, "10.0.0.2", subflow.daddr);
	return subflow;
}

static struct watch_subflow second_subflow(void)
{
	struct watch_subflow subflow = { .family = AF_INET6,
					 .sport = htons(40001),
					 .dport = htons(443),
					 .loc_id = 4,
					 .rem_id = 5,
					 .backup = 1 };

	inet_pton(AF_INET6, "fd00::1", subflow.saddr);
	inet_pton(AF_INET6, "fd00::2", subflow.daddr);
	return subflow;
}

static void fill_failover(struct watch_failover *failover, uint32_t event)
{
	failover->to = second_subflow();
	failover->cause = WATCH_CAUSE_LINK;
	failover->outstanding = 65536;
	if (event == WATCH_RESUMED) {
		failover->outage_ns = 1234567890;
		failover->reinjected = 8192;
	} else {
		failover->last_progress_ns = 250000000;
		failover->noticed_ns = 1000;
	}
}

static void fill_details(struct watch_record *record)
{
	switch (record->type) {
	case WATCH_CLOSED:
		record->flags = WATCH_HAS_DURATION | WATCH_FELL_BACK | WATCH_PENDING;
		record->closed = (struct watch_closed){ .duration_ns = 1500000000,
							.bytes_sent = 1000,
							.bytes_received = 2000,
							.bytes_retrans = 300,
							.subflows_max = 2 };
		break;
	case WATCH_SUB_CLOSED:
		record->flags = WATCH_RESET_SEEN;
		record->sub_closed = (struct watch_sub_closed){ .error = ECONNRESET,
								.reset_reason = 2,
								.reset_flags = 1,
								.closed_by = WATCH_BY_PEER };
		break;
	case WATCH_LISTENER_CLOSED:
		record->connections = 3;
		break;
	case WATCH_FALLBACK:
		record->fallback = WATCH_FALLBACK_CHECKSUM;
		break;
	case WATCH_JOIN_FAILED:
		record->join_failed = (struct watch_join_failed){ .reason = WATCH_JOIN_HMAC,
								  .error = EACCES,
								  .theirs = 1 };
		break;
	case WATCH_FAILOVER:
	case WATCH_RESUMED:
		fill_failover(&record->failover, record->type);
		break;
	case WATCH_SOCKOPT_DENIED:
		record->sockopt =
			(struct watch_sockopt){ .level = 6, .optname = 23, .error = EOPNOTSUPP };
		break;
	case WATCH_LOST:
		record->lost = (struct watch_lost){ .count = 7,
						    .event = WATCH_CREATED,
						    .reason = WATCH_LOST_TABLE_FULL };
		break;
	default:
		break;
	}
}

struct watch_record sample_record(uint32_t event)
{
	struct watch_record record = {
		.type = event,
		.size = sizeof(record),
		.mono_ns = 12345678901,
		.netns = 4026531840,
		.token = 0x0234abcd,
		.owner = { .pid = 4242, .uid = 1000, .cgroup = 77, .comm = "app" },
		.subflow = first_subflow(),
	};

	fill_details(&record);
	return record;
}

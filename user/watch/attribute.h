/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The attributes of events: where a record stores them, when they are present, and how they are written. JSON,
 * text, the tests and the check of docs/events.md all follow these tables.
 */
#ifndef ATTRIBUTE_H
#define ATTRIBUTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

#include "common/sockopts.h"
#include "watch/watch.h"

enum attribute {
	ATTRIBUTE_END, /* of a list */
	TIME,
	MONO_NS,
	EVENT,
	NETNS,
	TOKEN,
	PID,
	UID,
	COMM,
	CGROUP,
	LOC_ID,
	REM_ID,
	SADDR,
	SPORT,
	DADDR,
	DPORT,
	BACKUP,
	IF_IDX,
	SERVER_SIDE,
	DURATION_NS,
	BYTES_SENT,
	BYTES_RECEIVED,
	BYTES_RETRANS,
	SUBFLOWS_MAX,
	FELL_BACK,
	FAILOVER_PENDING,
	CLOSED_BY,
	SUBFLOW_ERROR,
	RESET_REASON,
	RESET_FLAGS,
	FALLBACK_REASON,
	JOIN,
	JOIN_REASON,
	JOIN_ERROR,
	FROM,
	TO,
	CAUSE,
	OUTSTANDING,
	LAST_PROGRESS_NS,
	NOTICED_NS,
	OUTAGE_NS,
	REINJECTED,
	CONNECTIONS,
	JOINS_REFUSED,
	FAMILY,
	CALL,
	LEVEL,
	OPTNAME,
	OPTION,
	SOCKOPT_ERROR,
	LOST_EVENT,
	LOST_COUNT,
	LOST_REASON,
	INITIAL,
	ATTRIBUTES,
};

enum value_kind {
	VALUE_NUMBER, /* unsigned, of attribute_type.size bytes */
	VALUE_SIGNED, /* int32_t */
	VALUE_PORT,   /* __be16 */
	VALUE_TRUTH,  /* not 0 */
	VALUE_FLAG,   /* a bit of watch_record.flags */
	VALUE_WORD,   /* uint32_t, number of a word */
	VALUE_ADDRESS,
	VALUE_SUBFLOW,
	VALUE_FAMILY,
	VALUE_OPTION, /* its name, by the level and the number of the record */
	/* Written in ways of their own. */
	VALUE_TIME,
	VALUE_EVENT,
	VALUE_TOKEN,
	VALUE_COMM,
	VALUE_CGROUP,
};

/* The condition for a record to have the attribute. */
enum presence {
	ALWAYS,
	IF_NONZERO, /* of 1 or 4 bytes */
	IF_FLAG,
	IF_OWNER,   /* the owner is known */
	IF_ADDRESS, /* the subflow is IPv4 or IPv6 */
	IF_NAMED,   /* the option has a name in the decision table */
};

struct words {
	const char *const *names;   /* in JSON */
	const char *const *phrases; /* in text; NULL: the names */
	uint32_t count;
};

#define KEY_SIZE 24

struct attribute_type {
	char key[KEY_SIZE]; /* in JSON, after another attribute: ,"NAME": */
	uint8_t key_length;
	uint8_t kind;
	uint8_t presence;
	uint8_t size;
	uint16_t offset; /* in struct watch_record, whose own subflow stands for any subflow */
	uint16_t flag;	 /* for IF_FLAG and VALUE_FLAG */
	const struct words *words;
};

extern const struct attribute_type attribute_types[ATTRIBUTES];

/* Lists of attributes in the order of JSON, ended by ATTRIBUTE_END. The owner's follow the common ones. */
extern const uint8_t common_attributes[];
extern const uint8_t owner_attributes[];
extern const uint8_t subflow_attributes[];

/* The attributes of an event besides the common ones and the owner's. */
const uint8_t *event_attributes(uint32_t event);

/*
 * Attributes are read relative to a base, which is the record. For the attributes of another subflow, the base is
 * moved so that this subflow takes the place of the record's own; other attributes are then meaningless.
 */
static inline const char *base_of_subflow(const struct watch_record *record, size_t offset)
{
	return (const char *)record + offset - offsetof(struct watch_record, subflow);
}

static inline const void *attribute_value(const struct attribute_type *type, const char *base)
{
	return base + type->offset;
}

static inline uint64_t attribute_number(const struct attribute_type *type, const void *value)
{
	uint64_t number = 0;

	switch (type->size) {
	case 1:
		return *(const uint8_t *)value;
	case 4:
		return *(const uint32_t *)value;
	default:
		memcpy(&number, value, sizeof(number));
		return number;
	}
}

/* The subflow at that offset of the record. */
static inline const struct watch_subflow *subflow_at(const struct watch_record *record,
						     size_t offset)
{
	return (const struct watch_subflow *)((const char *)record + offset);
}

/* The option that was refused; NULL if the decision table does not have it. */
static inline const struct sockopt *denied_option(const struct watch_record *record)
{
	return sockopt_find(record->sockopt.level, record->sockopt.optname);
}

static inline bool subflow_has_address(const struct watch_subflow *subflow)
{
	return subflow->family == AF_INET || subflow->family == AF_INET6;
}

/* The base must be the record itself, except for IF_NONZERO and IF_ADDRESS. */
static inline bool attribute_present(const struct attribute_type *type, const char *base)
{
	const struct watch_record *record = (const struct watch_record *)base;

	if (type->presence == ALWAYS)
		return true;
	switch (type->presence) {
	case IF_NONZERO:
		return attribute_number(type, attribute_value(type, base));
	case IF_FLAG:
		return record->flags & type->flag;
	case IF_OWNER:
		return record->owner.pid;
	case IF_ADDRESS:
		return subflow_has_address(&record->subflow);
	case IF_NAMED:
		return denied_option(record);
	default:
		return false;
	}
}

/* The word for a number in JSON, or "unknown". */
static inline const char *attribute_name_of(const struct words *words, uint32_t number)
{
	return number < words->count && words->names[number] ? words->names[number] : "unknown";
}

/* The same in text. */
const char *attribute_phrase_of(const struct words *words, uint32_t number);

/* The name of the attribute, not NUL-terminated, and its length. */
const char *attribute_name(enum attribute attribute, size_t *length);

#endif /* ATTRIBUTE_H */

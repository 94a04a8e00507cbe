// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "audit_listeners.h"
#include "iterator.h"

static bool add(struct audit_listeners *listeners, const struct audit_listener *entry)
{
	struct audit_listener *bigger = reallocarray(listeners->entries, listeners->count + 1,
						     sizeof(*bigger));

	if (!bigger)
		return false;
	listeners->entries = bigger;
	bigger[listeners->count++] = *entry;
	return true;
}

/* Several records may come at once, and always whole (bpf_seq_read()). */
static int add_all(struct audit_listeners *listeners, const struct audit_listener *entries,
		   size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (!add(listeners, &entries[i]))
			return -ENOMEM;
	}
	return 0;
}

/* By socket, then those out of scope first. */
static int compare(const void *left, const void *right)
{
	const struct audit_listener *a = left, *b = right;

	if (a->inode != b->inode)
		return a->inode < b->inode ? -1 : 1;
	return (int)a->in_scope - (int)b->in_scope;
}

int audit_listeners_read(struct audit_listeners *listeners, int program)
{
	struct audit_listener entries[16];
	int iterator = iterator_open(program, NULL), err = 0;
	ssize_t size;

	if (iterator < 0)
		return iterator;
	while (!err && (size = iterator_read(iterator, entries, sizeof(entries))) != 0)
		err = size < 0 ? (int)size
			       : add_all(listeners, entries, (size_t)size / sizeof(entries[0]));
	close(iterator);
	if (listeners->count)
		qsort(listeners->entries, listeners->count, sizeof(entries[0]), compare);
	return err;
}

uint64_t audit_listeners_inherited(const struct audit_listeners *listeners,
				   const struct audit_key *program)
{
	const struct audit_listener *entry, *first = NULL;
	uint64_t inherited = 0, counted = 0;
	size_t i;

	for (i = 0; i < listeners->count; i++) {
		entry = &listeners->entries[i];
		if (!first || entry->inode != first->inode)
			first = entry;
		/* Its processes, such as workers, may all hold it. */
		if (!entry->in_scope || first->in_scope || counted == entry->inode ||
		    memcmp(&entry->program, program, sizeof(*program)) != 0)
			continue;
		counted = entry->inode;
		inherited++;
	}
	return inherited;
}

void audit_listeners_free(struct audit_listeners *listeners)
{
	free(listeners->entries);
	memset(listeners, 0, sizeof(*listeners));
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <limits.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "event.h"
#include "common/log.h"
#include "recording.h"
#include "wait_writable.h"

static const char magic[8] = { 'M', 'P', 'T', 'C', 'P', 'W', 'A', 'T' };

#define BYTE_ORDER_MARK	 0x01020304U
#define OTHER_BYTE_ORDER 0x04030201U

/* Everything is in the byte order of the machine that recorded it. */
struct recording_header {
	char magic[8];
	uint32_t byte_order;
	uint32_t abi; /* WATCH_ABI */
	int64_t wall_offset_ns;
	uint32_t record_size;
	uint32_t reserved;
};

_Static_assert(sizeof(struct recording_header) == 32, "beginning of recordings");

enum entry_kind {
	ENTRY_RECORD = 1, /* struct watch_record */
	ENTRY_CGROUP = 2, /* uint64_t id, then the path without a NUL */
	ENTRY_CLOCK = 3,  /* int64_t wall_offset_ns, from here on */
};

struct entry_header {
	uint32_t kind;
	uint32_t length; /* of the content, in bytes */
};

/* Has one byte more than is ever written, for the NUL that reading adds to a path. */
union entry {
	struct watch_record record;
	struct {
		uint64_t id;
		char path[PATH_MAX + 1];
	} cgroup;
	int64_t wall_offset_ns;
};

struct recording {
	int fd;
	int signal_fd;
	int patience_ms; /* -1: unlimited */
	char *path;
	off_t complete; /* the end of the last complete entry */
	bool created;	/* the file did not exist before */
	bool started;
	bool failed;
};

/*
 * A full disk can take a part of an entry, which would be an error at the end of a replay: truncate the file
 * before it. A pipe cannot be truncated.
 */
static void give_up(struct recording *recording, int error)
{
	recording->failed = true;
	log_error("cannot write recording '%s': %s (the events recorded so far can "
		  "be replayed)",
		  recording->path, strerror(error));
	if (ftruncate(recording->fd, recording->complete) && errno != EINVAL)
		log_error("cannot truncate recording '%s' after its last complete entry: %s",
			  recording->path, strerror(errno));
}

/* Wait until a full pipe can be written to; if it stays full, errno says that. */
static bool wait_for_reader(const struct recording *recording)
{
	if (wait_writable(recording->fd, recording->signal_fd, recording->patience_ms) ==
	    WAIT_WRITABLE)
		return true;
	errno = EAGAIN;
	return false;
}

/* Unbuffered, so that nothing that fits is lost when the disk is full or the process is killed. */
static void append(struct recording *recording, const void *data, size_t size)
{
	size_t written = 0;
	ssize_t count;

	if (recording->failed)
		return;
	while (written < size) {
		count = write(recording->fd, (const char *)data + written, size - written);
		if (count < 0 &&
		    (errno == EINTR || (errno == EAGAIN && wait_for_reader(recording))))
			continue;
		if (count < 0) {
			give_up(recording, errno);
			return;
		}
		written += (size_t)count;
	}
	recording->complete += (off_t)size;
}

/* O_NONBLOCK: a named pipe without a reader is an error; waiting for one would not react to signals. */
static int open_file(const char *path, bool *created)
{
	const int flags = O_WRONLY | O_CREAT | O_CLOEXEC | O_NONBLOCK;
	int fd = open(path, flags | O_EXCL, 0666);

	*created = fd >= 0;
	return fd < 0 && errno == EEXIST ? open(path, flags, 0666) : fd;
}

static const char *remedy_of(int err)
{
	switch (err) {
	case ENOENT:
		return "create its directory first";
	case EISDIR:
		return "give the path of a file";
	case ENXIO:
		return "start the reader of the pipe first";
	case EROFS:
	case ENOSPC:
		return "choose another file system";
	default:
		return "choose another file or directory";
	}
}

enum exit_status recording_open(struct recording **result, const char *path, int signal_fd)
{
	struct recording *recording = calloc(1, sizeof(*recording));
	enum exit_status status;

	if (recording)
		recording->path = strdup(path);
	if (!recording || !recording->path) {
		free(recording);
		log_error("cannot record: out of memory");
		return STATUS_FAILED;
	}
	recording->signal_fd = signal_fd;
	recording->patience_ms = -1;
	recording->fd = open_file(path, &recording->created);
	if (recording->fd < 0) {
		int err = errno;

		status = status_of_errno(err);
		log_error("cannot create recording '%s': %s (%s)", path, strerror(err),
			  remedy_of(err));
		recording_close(recording);
		return status;
	}
	*result = recording;
	return STATUS_OK;
}

enum exit_status recording_start(struct recording *recording, int64_t wall_offset_ns)
{
	const struct recording_header header = {
		.byte_order = BYTE_ORDER_MARK,
		.abi = WATCH_ABI,
		.wall_offset_ns = wall_offset_ns,
		.record_size = sizeof(struct watch_record),
		.magic = { 'M', 'P', 'T', 'C', 'P', 'W', 'A', 'T' },
	};

	recording->started = true;
	/* A pipe or a device cannot be truncated. */
	if (ftruncate(recording->fd, 0) && errno != EINVAL)
		give_up(recording, errno);
	append(recording, &header, sizeof(header));
	return recording_status(recording);
}

static void add_entry(struct recording *recording, enum entry_kind kind, const union entry *content,
		      size_t length)
{
	struct {
		struct entry_header header;
		union entry content;
	} entry;

	entry.header.kind = kind;
	entry.header.length = (uint32_t)length;
	memcpy(&entry.content, content, length);
	append(recording, &entry, sizeof(entry.header) + length);
}

void recording_add(struct recording *recording, const struct watch_record *record)
{
	union entry entry;

	entry.record = *record;
	add_entry(recording, ENTRY_RECORD, &entry, sizeof(entry.record));
}

void recording_add_cgroup(struct recording *recording, uint64_t id, const char *path)
{
	size_t length = strnlen(path, PATH_MAX);
	union entry entry;

	entry.cgroup.id = id;
	memcpy(entry.cgroup.path, path, length);
	add_entry(recording, ENTRY_CGROUP, &entry, sizeof(id) + length);
}

void recording_add_clock(struct recording *recording, int64_t wall_offset_ns)
{
	const union entry entry = { .wall_offset_ns = wall_offset_ns };

	add_entry(recording, ENTRY_CLOCK, &entry, sizeof(entry.wall_offset_ns));
}

void recording_hurry(struct recording *recording, int patience_ms)
{
	recording->signal_fd = -1;
	recording->patience_ms = patience_ms;
}

enum exit_status recording_status(const struct recording *recording)
{
	return recording->failed ? STATUS_FAILED : STATUS_OK;
}

/* A network file system may report only in close() that it is full. */
enum exit_status recording_close(struct recording *recording)
{
	enum exit_status status;

	if (!recording)
		return STATUS_OK;
	status = recording_status(recording);
	if (recording->fd >= 0 && close(recording->fd) && !status) {
		log_error("cannot write recording '%s': %s", recording->path, strerror(errno));
		status = STATUS_FAILED;
	}
	if (recording->created && !recording->started)
		unlink(recording->path);
	free(recording->path);
	free(recording);
	return status;
}

static enum exit_status refuse(const char *name, const char *why)
{
	log_error("cannot replay %s: %s", name, why);
	return STATUS_FAILED;
}

static enum exit_status read_header(FILE *file, const char *name, struct recording_header *header)
{
	size_t size = fread(header, 1, sizeof(*header), file);

	if (ferror(file))
		return refuse(name, strerror(errno));
	if (size == 0)
		return refuse(name, "it is empty");
	if (size < sizeof(magic) || memcmp(header->magic, magic, sizeof(magic)) != 0)
		return refuse(name, "it is not a recording of mptcp-watch");
	if (size < sizeof(*header))
		return refuse(name, "it is truncated: its header is incomplete");
	if (header->byte_order == OTHER_BYTE_ORDER)
		return refuse(name,
			      "it was recorded on a machine with the opposite byte order (replay "
			      "it on such a machine)");
	if (header->byte_order != BYTE_ORDER_MARK)
		return refuse(name, "its header is damaged");
	if (header->abi != WATCH_ABI || header->record_size != sizeof(struct watch_record)) {
		log_error(
			"cannot replay %s: it has format %u, but this mptcp-watch reads format %d "
			"(replay it with the version that recorded it)",
			name, header->abi, WATCH_ABI);
		return STATUS_FAILED;
	}
	return STATUS_OK;
}

static bool length_fits(const struct entry_header *header)
{
	switch (header->kind) {
	case ENTRY_RECORD:
		return header->length == sizeof(struct watch_record);
	case ENTRY_CGROUP:
		return header->length > sizeof(uint64_t) &&
		       header->length <= sizeof(uint64_t) + PATH_MAX;
	case ENTRY_CLOCK:
		return header->length == sizeof(int64_t);
	default:
		return false;
	}
}

static bool makes_sense(const struct watch_record *record)
{
	return event_name(record->type) && record->size == sizeof(*record);
}

static enum exit_status read_entry(FILE *file, const char *name, struct entry_header *header,
				   union entry *entry, bool *ended)
{
	size_t size = fread_unlocked(header, 1, sizeof(*header), file);

	*ended = size == 0 && !ferror(file);
	if (*ended)
		return STATUS_OK;
	if (size == sizeof(*header) && !length_fits(header))
		return refuse(
			name,
			"it is damaged: an entry has an unknown kind or a wrong length (the events before it are printed)");
	if (size != sizeof(*header) || fread_unlocked(entry, header->length, 1, file) != 1)
		return refuse(
			name,
			ferror(file)
				? strerror(errno)
				: "it is truncated: its last entry is incomplete (the events before it are printed)");
	if (header->kind == ENTRY_RECORD && !makes_sense(&entry->record))
		return refuse(
			name,
			"it is damaged: a record has an unknown event or a wrong size (the events before it are printed)");
	return STATUS_OK;
}

/* Returns what the reader's callback returns. */
static int hand_out(const struct entry_header *header, union entry *entry,
		    const struct recording_reader *reader)
{
	if (header->kind == ENTRY_RECORD)
		return reader->record(reader->context, &entry->record);
	if (header->kind == ENTRY_CLOCK) {
		reader->clock(reader->context, entry->wall_offset_ns);
		return 0;
	}
	entry->cgroup.path[header->length - sizeof(entry->cgroup.id)] = '\0';
	reader->cgroup(reader->context, entry->cgroup.id, entry->cgroup.path);
	return 0;
}

enum exit_status recording_read(FILE *file, const char *name, const struct recording_reader *reader)
{
	struct recording_header header;
	struct entry_header entry_header;
	bool ended = false, stopped = false;
	enum exit_status status;
	union entry entry;

	status = read_header(file, name, &header);
	if (status)
		return status;
	reader->clock(reader->context, header.wall_offset_ns);
	while (!stopped) {
		status = read_entry(file, name, &entry_header, &entry, &ended);
		if (status || ended)
			return status;
		stopped = hand_out(&entry_header, &entry, reader) != 0;
	}
	return STATUS_OK;
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Creates the sockets that it is asked for, one per line of standard input, and prints for each which
 * protocol it got (SO_PROTOCOL), or the name of the error:
 *
 *	[uring] inet|inet6|unix stream|dgram|raw|seqpacket[+nonblock][+cloexec] PROTOCOL
 *
 * With "uring" in front it is IORING_OP_SOCKET that makes it. With arguments, these are the only
 * line.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/io_uring.h>

struct word {
	const char *name;
	int value;
};

static const struct word families[] = {
	{ "inet", AF_INET }, { "inet6", AF_INET6 }, { "unix", AF_UNIX }, { NULL, 0 }
};
static const struct word types[] = { { "stream", SOCK_STREAM },
				     { "dgram", SOCK_DGRAM },
				     { "raw", SOCK_RAW },
				     { "seqpacket", SOCK_SEQPACKET },
				     { "nonblock", SOCK_NONBLOCK },
				     { "cloexec", SOCK_CLOEXEC },
				     { NULL, 0 } };

static int value_of(const struct word *words, const char *name)
{
	for (; words->name; words++) {
		if (strcmp(words->name, name) == 0)
			return words->value;
	}
	fprintf(stderr, "socket_probe: unknown word '%s'\n", name);
	exit(2);
}

/* "stream+nonblock" */
static int type_of(char *names)
{
	char *name, *rest = names;
	int type = 0;

	while ((name = strsep(&rest, "+")))
		type |= value_of(types, name);
	return type;
}

static void *map_ring(int fd, size_t size, off_t offset)
{
	void *ring = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd,
			  offset);

	if (ring == MAP_FAILED) {
		perror("socket_probe: mmap of io_uring");
		exit(1);
	}
	return ring;
}

/* One IORING_OP_SOCKET through a ring of its own; returns the descriptor, or -1 with errno. */
static int uring_socket(int family, int type, int protocol)
{
	struct io_uring_params params = { 0 };
	struct io_uring_cqe *completions;
	struct io_uring_sqe *entry;
	unsigned int *array;
	char *submission, *completion;
	int ring = (int)syscall(SYS_io_uring_setup, 1, &params), result;

	if (ring < 0) {
		perror("socket_probe: io_uring_setup");
		exit(1);
	}
	submission = map_ring(ring, params.sq_off.array + sizeof(*array), IORING_OFF_SQ_RING);
	completion = map_ring(ring, params.cq_off.cqes + 2 * sizeof(*completions),
			      IORING_OFF_CQ_RING);
	entry = map_ring(ring, sizeof(*entry), IORING_OFF_SQES);
	*entry = (struct io_uring_sqe){ .opcode = IORING_OP_SOCKET,
					.fd = family,
					.off = (unsigned int)type,
					.len = (unsigned int)protocol };
	array = (unsigned int *)(submission + params.sq_off.array);
	array[0] = 0;
	__atomic_store_n((unsigned int *)(submission + params.sq_off.tail), 1, __ATOMIC_RELEASE);
	if (syscall(SYS_io_uring_enter, ring, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) != 1) {
		perror("socket_probe: io_uring_enter");
		exit(1);
	}
	completions = (struct io_uring_cqe *)(completion + params.cq_off.cqes);
	result = completions[0].res;
	close(ring);
	errno = result < 0 ? -result : 0;
	return result < 0 ? -1 : result;
}

static void answer(const char *line)
{
	char family[16], types_wanted[64];
	int protocol, got, fd;
	bool uring = strncmp(line, "uring ", 6) == 0;

	if (sscanf(line + (uring ? 6 : 0), "%15s %63s %d", family, types_wanted, &protocol) != 3) {
		fprintf(stderr, "socket_probe: '%s': expected FAMILY TYPE PROTOCOL\n", line);
		exit(2);
	}
	fd = (uring ? uring_socket : socket)(value_of(families, family), type_of(types_wanted),
					     protocol);
	if (fd < 0) {
		puts(strerrorname_np(errno));
	} else if (getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &got, &(socklen_t){ sizeof(got) })) {
		perror("socket_probe: SO_PROTOCOL");
		exit(1);
	} else {
		printf("%d\n", got);
	}
	fflush(stdout);
	if (fd >= 0)
		close(fd);
}

int main(int argc, char **argv)
{
	char line[256];

	if (argc == 4 || argc == 5) {
		snprintf(line, sizeof(line), "%s %s %s %s", argv[1], argv[2], argv[3],
			 argc == 5 ? argv[4] : "");
		answer(line);
		return 0;
	}
	while (fgets(line, sizeof(line), stdin))
		answer(line);
	return 0;
}

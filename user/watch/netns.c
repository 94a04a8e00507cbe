// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <linux/nsfs.h>

#include "common/log.h"
#include "netns.h"

/* Where 'ip netns' keeps named namespaces (NETNS_RUN_DIR in iproute2). */
#define NAMES "/run/netns"

enum exit_status netns_read_inode(const char *path_or_name, uint32_t *inode)
{
	bool is_path = strchr(path_or_name, '/') != NULL, found;
	char path[PATH_MAX];
	struct stat file;
	int fd, err;

	snprintf(path, sizeof(path), "%s%s", is_path ? "" : NAMES "/", path_or_name);
	/* O_NONBLOCK: if this is a named pipe, do not wait for a writer. */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0) {
		err = errno;
		log_error("cannot open network namespace '%s': %s (see 'ip netns list', or give a "
			  "path such as /proc/PID/ns/net)",
			  path, strerror(err));
		return status_of_errno(err);
	}
	found = ioctl(fd, NS_GET_NSTYPE) == CLONE_NEWNET && fstat(fd, &file) == 0;
	close(fd);
	if (!found) {
		log_error("cannot use '%s': it is not a network namespace (see 'ip netns "
			  "list', or give a path such as /proc/PID/ns/net)",
			  path);
		return STATUS_FAILED;
	}
	*inode = (uint32_t)file.st_ino;
	return STATUS_OK;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "descriptors.h"
#include "log.h"

void descriptors_explain(const char *action, int err)
{
	if (err == -ENFILE)
		log_error("cannot %s: %s (close some, or raise the limit: sysctl fs.file-max)",
			  action, strerror(-err));
	else
		log_error(
			"cannot %s: %s (up to %d more are needed; raise the limit: 'ulimit -n', or "
			"LimitNOFILE= of a systemd unit)",
			action, strerror(-err), DESCRIPTORS_NEEDED);
}

enum exit_status descriptors_require(const char *action)
{
	int fds[DESCRIPTORS_NEEDED], count, err = 0;

	for (count = 0; !err && count < DESCRIPTORS_NEEDED; count++) {
		fds[count] = open("/", O_PATH | O_CLOEXEC);
		if (fds[count] < 0)
			err = -errno;
	}
	while (count-- > 0) {
		if (fds[count] >= 0)
			close(fds[count]);
	}
	if (!err)
		return STATUS_OK;
	descriptors_explain(action, err);
	return STATUS_FAILED;
}

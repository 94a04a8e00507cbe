# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Too few file descriptors, for both tools' descriptors.t. Source it after their lib.sh.

# What both tools need, and the error without (user/common/descriptors.c).
NEEDED=160
# shellcheck disable=SC2034 # for the tests
REMEDY="Too many open files \\(up to $NEEDED more are needed; raise the limit: 'ulimit -n', or LimitNOFILE="

# The host's limit concerns everybody but CAP_SYS_ADMIN.
# shellcheck disable=SC2034 # for the tests
AS_SERVICE=(setpriv --reuid nobody --clear-groups
	--inh-caps '+bpf,+perfmon,+syslog' --ambient-caps '+bpf,+perfmon,+syslog')

# limited LIMIT COMMAND...: with at most LIMIT descriptors. A file, because timeout runs it too.
cat >"$TMP/limited" <<-'END'
	#!/bin/bash
	ulimit -n "$1" && shift && exec "$@"
END
chmod +x "$TMP/limited"

# bpf_objects: the programs and maps in the kernel.
bpf_objects() {
	bpftool -j prog show | jq -r '.[].name' | sort | paste -sd' '
	bpftool -j map show | jq length
}

# crowd_host: leaves the host room for a few files, until relieve_host. The kernel counts roughly until the limit is near.
crowd_host() {
	local open
	ALLOWED=$(sysctl -n fs.file-max)
	read -r open _ </proc/sys/fs/file-nr
	sysctl -qw "fs.file-max=$((open + 90))"
}

relieve_host() {
	sysctl -qw "fs.file-max=$ALLOWED"
}

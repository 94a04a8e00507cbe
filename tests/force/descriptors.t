#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Too few file descriptors, for the process or for the host: an error with a remedy, nothing enforced, nothing left.

. "$(dirname "$0")/lib.sh"

NEEDED=160
mkdir -p "$CGROUPS/app"
chmod 755 "$TMP"
cp "$MPTCP_FORCE" "$TMP/mptcp-force"

# left: programs and maps in the kernel, and cgroups of 'run'.
left() {
	bpftool -j prog show | jq -r '.[].name' | sort | paste -sd' '
	bpftool -j map show | jq length
	find "$CGROUPS" -name 'mptcp-force-*'
}

# limited LIMIT COMMAND...: with at most LIMIT descriptors.
cat >"$TMP/limited" <<-'END'
	#!/bin/bash
	ulimit -n "$1" && shift && exec "$@"
END
chmod +x "$TMP/limited"

before=$(left)
remedy="Too many open files \\(up to $NEEDED more are needed; raise the limit: 'ulimit -n', or LimitNOFILE="
for limit in 5 10 20 40 80 $NEEDED; do
	fails_with 1 "cannot enforce: $remedy" "$limit descriptors" "$TMP/limited" "$limit" "$MPTCP_FORCE" --cgroup "$CGROUPS/app"
done
fails_with 1 "cannot enforce: $remedy" 'run' "$TMP/limited" 20 "$MPTCP_FORCE" run -- touch "$TMP/started"
not_ok '... does not start its command' test -e "$TMP/started"
fails_with 1 "cannot check this host: $remedy" 'check' "$TMP/limited" 20 "$MPTCP_FORCE" check
unlike "$("$TMP/limited" 20 "$MPTCP_FORCE" check 2>/dev/null)" . '... does not blame the kernel'
is "$(left)" "$before" '... and nothing is left'
is "$("$TMP/limited" $((NEEDED + 10)) "$MPTCP_FORCE" run -q -- "$SOCKET_PROBE" inet stream 0)" "$MPTCP" \
	'that many are enough'

# The host's limit concerns everybody but CAP_SYS_ADMIN. The kernel counts roughly until the limit is near.
as_service=(setpriv --reuid nobody --clear-groups
	--inh-caps '+bpf,+perfmon,+syslog' --ambient-caps '+bpf,+perfmon,+syslog')
allowed=$(sysctl -n fs.file-max)
read -r open _ </proc/sys/fs/file-nr
sysctl -qw "fs.file-max=$((open + 90))"
fails_with 1 'cannot enforce: Too many open files in system \(close some, or raise the limit: sysctl fs.file-max\)' \
	'a host with too many open files' "${as_service[@]}" "$TMP/mptcp-force" --cgroup "$CGROUPS/app"
sysctl -qw "fs.file-max=$allowed"
is "$(left)" "$before" '... and nothing is left'
MPTCP_FORCE=$TMP/mptcp-force
force_start service --cgroup "$CGROUPS/app"
is "$(tcp_in app)" "$MPTCP" 'once there is room again, it enforces'
force_stop

done_testing

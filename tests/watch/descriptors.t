#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Too few file descriptors, for the process or for the host: an error with a remedy, nothing watched, nothing left.

. "$(dirname "$0")/lib.sh"

# shellcheck source=tests/watch/fails.sh
. "$PROJECT/tests/watch/fails.sh"

NEEDED=160
chmod 755 "$TMP"
cp "$MPTCP_WATCH" "$TMP/mptcp-watch"

# left: programs and maps in the kernel.
left() {
	bpftool -j prog show | jq -r '.[].name' | sort | paste -sd' '
	bpftool -j map show | jq length
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
	fails_with 1 "cannot watch: $remedy" "$limit descriptors" "$TMP/limited" "$limit" "$MPTCP_WATCH"
done
fails_with 1 "cannot watch: $remedy" 'a recording' "$TMP/limited" 20 "$MPTCP_WATCH" record "$TMP/recording"
not_ok '... is not created' test -e "$TMP/recording"
fails_with 1 "cannot check this host: $remedy" 'check' "$TMP/limited" 20 "$MPTCP_WATCH" check
is "$(left)" "$before" '... and nothing is left'
timeout 60 bash -c "ulimit -n $((NEEDED + 10)) && exec '$MPTCP_WATCH' --duration 1" >/dev/null 2>"$TMP/enough.err" && status=0 || status=$?
is "$status $(grep -c ^watching "$TMP/enough.err")" '0 1' 'that many are enough'

# The host's limit concerns everybody but CAP_SYS_ADMIN. The kernel counts roughly until the limit is near.
as_service=(setpriv --reuid nobody --clear-groups
	--inh-caps '+bpf,+perfmon,+syslog' --ambient-caps '+bpf,+perfmon,+syslog')
allowed=$(sysctl -n fs.file-max)
read -r open _ </proc/sys/fs/file-nr
sysctl -qw "fs.file-max=$((open + 90))"
fails_with 1 'cannot watch: Too many open files in system \(close some, or raise the limit: sysctl fs.file-max\)' \
	'a host with too many open files' "${as_service[@]}" "$TMP/mptcp-watch"
sysctl -qw "fs.file-max=$allowed"
is "$(left)" "$before" '... and nothing is left'
# As root: with CAP_BPF alone it cannot start on Linux 6.1 (docs/limits.md).
ok 'once there is room again, it watches' timeout 60 "$MPTCP_WATCH" --duration 1

done_testing

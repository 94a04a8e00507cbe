#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Too few file descriptors, for the process or for the host: an error with a remedy, nothing enforced, nothing left.

. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/lib/descriptors.sh
. "$PROJECT/tests/lib/descriptors.sh"

mkdir -p "$CGROUPS/app"
chmod 755 "$TMP"
cp "$MPTCP_FORCE" "$TMP/mptcp-force"

# left: programs and maps in the kernel, and cgroups of 'run'.
left() {
	bpf_objects
	find "$CGROUPS" -name 'mptcp-force-*'
}

before=$(left)
for limit in 5 10 20 40 80 $NEEDED; do
	fails_with 1 "cannot enforce: $REMEDY" "$limit descriptors" "$TMP/limited" "$limit" "$MPTCP_FORCE" --cgroup "$CGROUPS/app"
done
fails_with 1 "cannot enforce: $REMEDY" 'run' "$TMP/limited" 20 "$MPTCP_FORCE" run -- touch "$TMP/started"
not_ok '... does not start its command' test -e "$TMP/started"
fails_with 1 "cannot check this host: $REMEDY" 'check' "$TMP/limited" 20 "$MPTCP_FORCE" check
unlike "$("$TMP/limited" 20 "$MPTCP_FORCE" check 2>/dev/null)" . '... does not blame the kernel'
is "$(left)" "$before" '... and nothing is left'
is "$("$TMP/limited" $((NEEDED + 10)) "$MPTCP_FORCE" run -q -- "$SOCKET_PROBE" inet stream 0)" "$MPTCP" \
	'that many are enough'

crowd_host
fails_with 1 'cannot enforce: Too many open files in system \(close some, or raise the limit: sysctl fs.file-max\)' \
	'a host with too many open files' "${AS_SERVICE[@]}" "$TMP/mptcp-force" --cgroup "$CGROUPS/app"
relieve_host
is "$(left)" "$before" '... and nothing is left'
MPTCP_FORCE=$TMP/mptcp-force
force_start service --cgroup "$CGROUPS/app"
is "$(tcp_in app)" "$MPTCP" 'once there is room again, it enforces'
force_stop

done_testing

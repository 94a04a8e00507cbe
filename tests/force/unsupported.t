#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs: guest, no hook
# On a kernel without the hook (before Linux 6.6), report it with the remedy, and exit with 3.

. "$(dirname "$0")/lib.sh"

mkdir -p "$CGROUPS/app"
lacks="kernel $(uname -r | sed 's/[+.]/\\&/g') lacks the hook update_socket_protocol \(install Linux 6.6 or later; .*bookworm-backports"

fails_with 3 "$lacks" 'enforcing' "$MPTCP_FORCE" --cgroup "$CGROUPS/app"
fails_with 3 "$lacks" 'run' "$MPTCP_FORCE" run -- touch "$TMP/started"
not_ok 'the command of run was not started' test -e "$TMP/started"
is "$(find "$CGROUPS" -name 'mptcp-force-*')" '' '... and no cgroup is left'
mountpoint -q /sys/fs/bpf || mount -t bpf bpf /sys/fs/bpf
fails_with 3 "$lacks" 'attach' "$MPTCP_FORCE" attach web --cgroup "$CGROUPS/app"
not_ok '... and nothing is pinned' test -e /sys/fs/bpf/mptcp-force
output=$("$MPTCP_FORCE" check)
is "$?" 3 'check: exit status'
like "$output" 'missing +the hook update_socket_protocol' 'check: what is missing'
like "$output" 'install Linux 6.6 or later' '... and the remedy'
like "$output" 'this host cannot make programs use MPTCP' '... and the answer'
is "$("$MPTCP_FORCE" check --json | jq -r '.able, (.requirements[] | select(.required and (.present | not)) | .name)' | paste -sd' ')" \
	'false update_socket_protocol' 'check --json: the same, and nothing else is missing'
is "$(tcp_in app)" "$TCP" 'sockets are TCP'

done_testing

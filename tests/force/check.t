#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# 'check' on a kernel that can: says so, and says what would be missing for what.

. "$(dirname "$0")/lib.sh"

output=$("$MPTCP_FORCE" check)
is "$?" 0 'exit status 0'
like "$output" "^kernel $(uname -r | sed 's/[+.]/\\&/g')" 'it names the kernel'
like "$output" 'ok +the hook update_socket_protocol' '... the hook'
like "$output" 'this host can make programs use MPTCP' '... and the answer'
unlike "$output" 'missing|absent' 'nothing is missing here'

json=$("$MPTCP_FORCE" check --json)
is "$(jq -r .able <<<"$json")" true 'JSON: able'
is "$(jq -r '.requirements[] | select(.present | not) | .name' <<<"$json")" '' 'JSON: nothing missing'
is "$(jq -r '.requirements[] | select(.name == "update_socket_protocol") | .required' <<<"$json")" true \
	'JSON: the hook is required'

sysctl -q -w net.mptcp.enabled=0
output=$("$MPTCP_FORCE" check)
is "$?" 0 'MPTCP disabled in this namespace: it can all the same'
like "$output" 'absent +MPTCP enabled in this network namespace' '... which it tells'
like "$output" 'sysctl -w net.mptcp.enabled=1' '... with the remedy'
sysctl -q -w net.mptcp.enabled=1

# Who may not is told so, not that the kernel cannot.
chmod 755 "$TMP"
cp "$MPTCP_FORCE" "$TMP/mptcp-force"
output=$(setpriv --reuid nobody --clear-groups "$TMP/mptcp-force" check)
is "$?" 4 'a caller who is not root: exit status 4'
like "$output" 'missing +the capabilities CAP_BPF, CAP_PERFMON and CAP_SYSLOG' '... and what is missing'
is "$(grep -c missing <<<"$output")" 1 '... which is all'

# Root of a user namespace has them, but not on the host.
output=$(unshare -U -r "$MPTCP_FORCE" check)
is "$?" 4 'in a user namespace: exit status 4'
like "$output" 'missing +the capabilities .* of the host' '... what is missing'
like "$output" '-> run it as root of the host, not in a user namespace' '... and the remedy'

mkdir -p "$CGROUPS/app"
is "$(tcp_in app)" "$TCP" 'check leaves nothing in force'
fails_with 2 "unexpected argument 'now'" 'an argument too many' "$MPTCP_FORCE" check now

done_testing

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# 'check' on a supported kernel: it reports every requirement, and what is missing in special cases.

. "$(dirname "$0")/lib.sh"

output=$("$MPTCP_FORCE" check)
is "$?" 0 'exit status 0'
like "$output" "^kernel $(uname -r | sed 's/[+.]/\\&/g')" 'it reports the kernel'
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
is "$?" 0 'MPTCP disabled in this namespace: the host is still supported'
like "$output" 'absent +MPTCP enabled in this network namespace' '... and check reports it'
like "$output" 'sysctl -w net.mptcp.enabled=1' '... with the remedy'
sysctl -q -w net.mptcp.enabled=1

# A caller without privileges must not be sent looking for another kernel.
chmod 755 "$TMP"
cp "$MPTCP_FORCE" "$TMP/mptcp-force"
output=$(setpriv --reuid nobody --clear-groups "$TMP/mptcp-force" check)
is "$?" 4 'a caller who is not root: exit status 4'
like "$output" 'missing +the capabilities CAP_BPF, CAP_PERFMON and CAP_SYSLOG' '... and check reports what is missing'
is "$(grep -c missing <<<"$output")" 1 '... and nothing else'

# Root of a user namespace has these capabilities, but not on the host.
output=$(unshare -U -r "$MPTCP_FORCE" check)
is "$?" 4 'in a user namespace: exit status 4'
like "$output" 'missing +the capabilities .* of the host' '... check reports what is missing'
like "$output" '-> run it as root of the host, not in a user namespace' '... and the remedy'

mkdir -p "$CGROUPS/app"
is "$(tcp_in app)" "$TCP" 'check leaves nothing enforced'
fails_with 2 "unexpected argument 'now'" 'an argument too many' "$MPTCP_FORCE" check now

done_testing

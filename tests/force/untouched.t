#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Sockets other than TCP are left alone, errors included.

. "$(dirname "$0")/lib.sh"

mkdir -p "$CGROUPS/app"
modprobe sctp

cat >"$TMP/others" <<'END'
unix stream 0
unix dgram 0
unix seqpacket 0
unix stream 6
unix stream 262
inet dgram 0
inet6 dgram 17
inet raw 1
inet raw 6
inet6 raw 58
inet raw 0
inet seqpacket 0
inet seqpacket 6
inet seqpacket 132
inet stream 132
inet6 stream+nonblock 132
inet stream 262
inet6 stream+cloexec 262
inet stream 17
inet dgram 6
inet stream 255
END
in_cgroup app "$SOCKET_PROBE" <"$TMP/others" >"$TMP/before"
is "$(wc -l <"$TMP/before")" "$(wc -l <"$TMP/others")" 'every other kind of socket was tried'
is "$(grep -cx 132 "$TMP/before")" 4 '... including SCTP'

force_start force --cgroup "$CGROUPS/app"
in_cgroup app "$SOCKET_PROBE" <"$TMP/others" >"$TMP/forced"
paste -d ' ' "$TMP/others" "$TMP/before" >"$TMP/wanted"
paste -d ' ' "$TMP/others" "$TMP/forced" >"$TMP/got"
ok 'enforcement changes none of them' diff "$TMP/wanted" "$TMP/got"

for family in inet inet6; do
	for type in stream stream+nonblock stream+cloexec stream+nonblock+cloexec; do
		for protocol in 0 6; do
			is "$(protocol_in app $family $type $protocol)" "$MPTCP" \
				"$family $type $protocol becomes MPTCP"
		done
	done
done
force_stop
like "$(cat "$TMP/force.err")" 'upgraded: 16, left as TCP: 0 ' 'only the TCP sockets were counted'

done_testing

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# An interface can be down for two reasons: it was set down, or it has no carrier. When one ends, the other can
# remain, and the cause of a failover is still the link.

. "$(dirname "$0")/lib.sh"

lab_up
watch_start link
peer_start server "${ON_SERVER[@]}"
peer_start client "${ON_CLIENT[@]}"
ask server listen :: 5001

set_link() { # HOST INTERFACE up|down
	ip -n "$LAB_NAME-$1" link set "$2" "$3"
}

# causes: the causes of the connection's failovers.
causes() {
	value "event == 'failover' and token == '$TOKEN'" cause
}

# The router's end goes down, and the client's interface loses its carrier. Meanwhile it is set down and up.
meet_in_time 192.168.1.2 5001
set_link r1 eth2 down
set_link client eth1 down
set_link client eth1 up
ask client send 1000
ok 'up, but still without a carrier: a failover' reported resumed "\"token\":\"$TOKEN\""
is "$(causes)" link '... caused by the link'
part

# Everything works again: the link must not be blamed for the next failover.
set_link r1 eth2 up
ip -n "$LAB_NAME-client" route replace default via 192.168.2.201 dev eth1
wait_for "$DEADLINE" on client ping -c 1 -W 1 192.168.1.2 >/dev/null
meet_in_time 192.168.1.2 5001
fail r1
ask client send 1000
ok 'up, with a carrier: a failover' reported resumed "\"token\":\"$TOKEN\""
is "$(causes)" loss '... by loss'
part
mend r1

watched_all
done_testing

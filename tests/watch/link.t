#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Why an interface carries nothing: that it was set down, or that its carrier is gone. Where one is over, the
# other can still hold, and the cause of a failover is the link.

. "$(dirname "$0")/lib.sh"

lab_up
watch_start link
peer_start server "${ON_SERVER[@]}"
peer_start client "${ON_CLIENT[@]}"
ask server listen :: 5001

set_link() { # HOST INTERFACE up|down
	ip -n "$LAB_NAME-$1" link set "$2" "$3"
}

# causes: those of the connection's failovers.
causes() {
	value "event == 'failover' and token == '$TOKEN'" cause
}

# The router's end goes down, and with it the carrier of the client's, which is set down and up meanwhile.
meet_twice 192.168.1.2 5001
set_link r1 eth2 down
set_link client eth1 down
set_link client eth1 up
ask client send 1000
ok 'set up, still without a carrier: a failover' told resumed "\"token\":\"$TOKEN\""
is "$(causes)" link '... by the link'
part

# All is there again, which the next failover is not to be blamed on.
set_link r1 eth2 up
ip -n "$LAB_NAME-client" route replace default via 192.168.2.201 dev eth1
wait_for "$DEADLINE" on client ping -c 1 -W 1 192.168.1.2 >/dev/null
meet_twice 192.168.1.2 5001
fail r1
ask client send 1000
ok 'set up, with a carrier: a failover' told resumed "\"token\":\"$TOKEN\""
is "$(causes)" loss '... by loss'
part
mend r1

watched_all
done_testing

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Rules about the owner of a packet, and the SYN of a second subflow, which the kernel sends: the owner's
# user does not match (no file belongs to the socket yet), its cgroup does. And what drops packets of a
# cgroup holds for second subflows.

. "$(dirname "$0")/lib.sh"
. "$PROJECT/tests/force/lab.sh"

lab_up
mkdir -p "$CGROUPS/app"
on client nft -f - <<'END'
table inet test {
	counter syns { }
	counter by_user { }
	counter by_cgroup { }
	chain output {
		type filter hook output priority 0
		oif eth2 tcp flags & (syn | ack) == syn counter name syns
		oif eth2 tcp flags & (syn | ack) == syn meta skuid 0 counter name by_user
		oif eth2 tcp flags & (syn | ack) == syn socket cgroupv2 level 1 "app" counter name by_cgroup
	}
}
END
# counted NAME: packets.
counted() {
	on client nft -j list counter inet test "$1" | jq '.nftables[] | select(.counter).counter.packets'
}

force_start force --cgroup "$CGROUPS/app"
serve 5003
talk free 5003
ok 'a forced client gets a second subflow' wait_for 60 has_subflow 5003
ok '... whose SYN the rules see' test "$(counted syns)" -ge 1
is "$(counted by_user)" 0 '... but not with the owner'"'"'s user'
is "$(counted by_cgroup)" "$(counted syns)" '... but with its cgroup'
end_talk free

# The rule that works.
on client nft add rule inet test output oif eth2 socket cgroupv2 level 1 '"app"' drop
serve 5004
talk held 5004
ok 'a client whose cgroup may not use the second device has a connection' wait_for 60 echoed held
ok '... that the kernel tries to join' wait_for 60 tried_join
is "$("$LAB" counter server MPTcpExtMPJoinAckRx)" 1 '... but cannot: the rule drops the SYN'
end_talk held
on client nft flush chain inet test output

# systemd's IPAddressDeny= is such a program.
attach egress 192.168.4.2 app
serve 5005
talk denied 5005
ok 'a client whose cgroup may not send to the second address has a connection' wait_for 60 echoed denied
ok '... that the kernel tries to join' wait_for 60 tried_join
not_ok '... but cannot: a program at the cgroup drops the SYN' has_subflow 5005
detach
force_stop

done_testing

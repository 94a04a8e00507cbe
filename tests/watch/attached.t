#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Only the programs that the requested events need are attached: a plain TCP socket runs none of them
# unless 'upgraded' is requested.

. "$(dirname "$0")/lib.sh"

# attached: the names of the attached programs, in order.
attached() {
	local ids
	ids=$(bpftool -j link show | jq -c '[.[].prog_id]')
	bpftool -j prog show |
		jq -r --argjson ids "$ids" '.[] | select(.id as $id | $ids | index($id)) | .name' |
		sort | paste -sd' '
}

# names NAME...: the programs whose function the kernel has, in order.
names() {
	printf '%s\n' "$@" | sort | paste -sd' '
}

SPARES=()
! preempted || SPARES=(accept_second accept_third connect_second connect_third destroy_third event_third)

is "$(attached)" '' 'at first, nothing is attached'
watch_start denied --events sockopt_denied
CALLS=(getsockopt setsockopt)
! kernel_has update_socket_protocol || [ "$(uname -m)" != x86_64 ] || CALLS+=(getsockopt_late)
is "$(attached)" "$(names "${CALLS[@]}")" 'sockopt_denied: the programs at the calls of MPTCP sockets'
watch_stop
watch_start failover --events failover
is "$(attached)" "$(names accept carrier_on carrier_off clone connect connect_end data_acked data_sent destroy \
	destroy_second event event_second netdev_flags listen retrans_start retrans_end \
	subflow_close "${SPARES[@]}")" 'failover: the programs for it and for the owner'
watch_stop
watch_start announced --events announced,removed
is "$(attached)" "$(names accept addr_announced clone connect connect_end destroy destroy_second event event_second \
	listen addr_removed "${SPARES[@]}")" 'announced, removed: no program that runs per packet'
watch_stop
if kernel_has update_socket_protocol; then
	watch_start upgraded --events upgraded
	is "$(attached)" upgraded 'upgraded: one program'
	watch_stop
fi
watch_start all
like " $(attached) " ' data_sent .*ipv4_reset_sent .*setsockopt ' 'all events: all programs'
watched_all
is "$(attached)" '' 'in the end, nothing is attached'

done_testing

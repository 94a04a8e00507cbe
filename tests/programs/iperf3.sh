# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2154 # see run.sh
#
# One connection for control, one for data, which is the text here: the test lasts as long as that does.

TITLE=iperf3
NEEDS=(iperf3:iperf3)
CONNECTIONS=2

version() {
	iperf3 --version | awk 'NR == 1 { print $2 }'
}

server() {
	on server iperf3 -s -B "$ANY" -p "$PORT" -F "$RUN/received"
}

client() {
	send_text | on client iperf3 -c "$SERVER" -p "$PORT" -t 150 -F /dev/stdin --json
}

job_done() {
	cmp -s "$RUN/received" <(seq 1 1000) &&
		jq -e ".end.sum_received.bytes == $(seq 1 1000 | wc -c)" "$RUN/client.out" >/dev/null
}

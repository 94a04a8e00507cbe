# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2016,SC2034,SC2154 # see run.sh
#
# One connection for control, one for data, which is the text here: the test lasts as long as that does.

TITLE='iperf3 -M'
NEEDS=(iperf3:iperf3)
CONNECTIONS=2
DOES='sends a text, paced'
OPTIONS='`-M`, `--fq-rate`, `-S`, `--snd-timeout`, `-C`'

version() {
	iperf3 --version | awk 'NR == 1 { print $2 }'
}

server() {
	on server iperf3 -s -B "$ANY" -p "$PORT" -F "$RUN/received"
}

client() {
	send_text | on client iperf3 -c "$SERVER" -p "$PORT" -t 150 -F /dev/stdin --json \
		-M 1200 --fq-rate 50M -S 0x10 --snd-timeout 60000 -C reno
}

job_done() {
	cmp -s "$RUN/received" <(seq 1 1000) &&
		jq -e ".end.sum_received.bytes == $(seq 1 1000 | wc -c) and (has(\"error\") | not)" "$RUN/client.out" >/dev/null
}

# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2016,SC2034,SC2154 # see run.sh

TITLE='ncat, memcached'
NEEDS=(memcached:memcached ncat:ncat)
DOES='stores values and returns them'
OPTIONS='(sets TCP_NODELAY, SO_KEEPALIVE, SO_LINGER, SO_SNDBUF)'

version() {
	memcached --version | awk '{ print $2 }'
}

executables() {
	echo memcached
}

server() {
	on server memcached -u nobody -l "$ANY" -p "$PORT" -U 0 -o idle_timeout=600
}

client() {
	send_commands | on client ncat "$SERVER" "$PORT"
}

send_commands() {
	printf 'set greeting 0 0 5\r\nhello\r\n'
	gate
	printf 'append greeting 0 0 6\r\n-world\r\nget greeting\r\nquit\r\n'
}

job_done() {
	[ "$(<"$RUN/client.out")" = $'STORED\r\nSTORED\r\nVALUE greeting 0 11\r\nhello-world\r\nEND\r' ]
}

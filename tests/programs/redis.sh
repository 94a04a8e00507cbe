# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2154 # see run.sh
#
# Besides TCP the server listens at a Unix domain socket, which nothing must happen to.

TITLE='redis-cli, redis-server'
NEEDS=(redis-cli:redis-tools redis-server:redis-server)

version() {
	redis-cli --version | awk '{ printf "%s, ", $2 }'
	redis-server --version | sed 's/.* v=\([^ ]*\).*/\1/'
}

server() {
	on server redis-server --bind "$ANY" --port "$PORT" --unixsocket "$RUN/redis.sock" \
		--protected-mode no --save '' --dir "$RUN"
}

client() {
	send_commands | on client redis-cli -h "$SERVER" -p "$PORT"
	redis-cli -s "$RUN/redis.sock" incr counter >"$RUN/unix.out"
}

send_commands() {
	echo 'set greeting hello'
	echo 'incr counter'
	gate
	echo 'append greeting -world'
	echo 'get greeting'
}

job_done() {
	[ "$(cat "$RUN/client.out")" = $'OK\n1\n11\nhello-world' ] && [ "$(cat "$RUN/unix.out")" = 2 ]
}

# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2016,SC2034,SC2154 # see run.sh
#
# Two of them in a row, so that the connection between them has the options of both sides.

TITLE='haproxy, haproxy'
NEEDS=(haproxy:haproxy curl:curl busybox:busybox-static)
DOES='proxies a download, twice'
OPTIONS='bind: `mss`, `tcp-ut`, `defer-accept`; server: `tcp-ut`, `option srvtcpka`'

version() {
	haproxy -v | awk 'NR == 1 { sub(/-.*/, "", $3); print $3 }'
}

executables() {
	echo haproxy
}

prepare() {
	make_download
	BEHIND=127.0.0.1:$((PORT + 10000))
	configure 0.0.0.0:"$PORT mss 1200 tcp-ut 60s defer-accept" "$BEHIND" >"$RUN/server.cfg"
	configure "$BEHIND mss 1200 tcp-ut 60s" "$SERVER:$PORT" >"$RUN/client.cfg"
}

configure() { # BIND SERVER
	cat <<-END
		defaults
			mode http
			timeout connect 60s
			timeout client 200s
			timeout server 200s
			option clitcpka
			option srvtcpka
		listen proxy
			bind $1
			server behind $2 tcp-ut 60s
	END
}

server() {
	inside server busybox httpd -f -p "$BEHIND" -h "$RUN/www" &
	on server haproxy -db -f "$RUN/server.cfg"
}

client() {
	inside client haproxy -db -f "$RUN/client.cfg" 2>"$RUN/haproxy.err" &
	on client curl -sSf --retry 60 --retry-delay 1 --retry-connrefused "http://$BEHIND/file" | take_download
}

# haproxy warns of options that it could not set, and goes on without them.
job_done() {
	download_is_right && ! grep -iE 'cannot|unable|failed' "$RUN/server.err" "$RUN/haproxy.err" >&2 &&
		segments_at_most 1200
}

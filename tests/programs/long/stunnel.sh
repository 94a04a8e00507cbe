# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2016,SC2034,SC2154 # see run.sh
#
# Two of them in a row, so that the connection between them has the options of both sides.

TITLE='stunnel, stunnel'
NEEDS=(stunnel:stunnel4 socat:socat openssl:openssl)
DOES='echoes a text through TLS'
OPTIONS='`socket`: SO_KEEPALIVE, TCP_KEEPIDLE, TCP_NODELAY, SO_OOBINLINE, SO_LINGER, IP_TOS'

version() {
	stunnel -version 2>&1 | awk '/^stunnel [0-9]/ { print $2 }'
}

executables() {
	echo stunnel
}

prepare() {
	BEHIND=127.0.0.1:$((PORT + 10000))
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=lab.test \
		-keyout "$RUN/key.pem" -out "$RUN/certificate.pem" 2>/dev/null
	{
		configure a
		printf '%s\n' '[echo]' "accept = $ANY:$PORT" 'exec = /bin/cat' 'execArgs = cat' \
			"cert = $RUN/certificate.pem" "key = $RUN/key.pem"
	} >"$RUN/server.conf"
	{
		configure r
		printf '%s\n' '[echo]' 'client = yes' "accept = $BEHIND" "connect = $SERVER:$PORT"
	} >"$RUN/client.conf"
}

configure() { # WHICH: a, accepted sockets; r, those that connect
	local option
	printf '%s\n' 'foreground = yes' 'pid =' 'debug = 5' 'socket = l:SO_OOBINLINE=yes'
	for option in SO_KEEPALIVE=1 TCP_KEEPIDLE=30 TCP_NODELAY=1 SO_OOBINLINE=yes SO_LINGER=1:5 IP_TOS=16; do
		echo "socket = $1:$option"
	done
}

server() {
	on server stunnel "$RUN/server.conf"
}

client() {
	inside client stunnel "$RUN/client.conf" 2>"$RUN/stunnel.err" &
	send_text | on client socat -t 60 - "TCP:$BEHIND,retry=60,interval=1"
}

# stunnel logs options that it could not set, and goes on without them.
job_done() {
	text_came_back && ! grep -iE 'setsockopt|sockopt|Cannot set' "$RUN/server.err" "$RUN/stunnel.err" >&2
}

# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2016,SC2034,SC2154 # see run.sh
#
# The broker keeps the messages for a subscriber, who connects again while they come in.

TITLE='mosquitto'
NEEDS=(mosquitto:mosquitto mosquitto_sub:mosquitto-clients mosquitto_pub:mosquitto-clients)
CONNECTIONS=2
# The first of the subscriber.
MORE_CONNECTIONS=1
DOES='relays messages from a publisher to a subscriber, each acknowledged'
OPTIONS='`set_tcp_nodelay`'

version() {
	{ mosquitto -h || true; } | awk 'NR == 1 { print $3 }'
}

prepare() {
	cat >"$RUN/mosquitto.conf" <<-END
		listener $PORT $ANY
		allow_anonymous true
		set_tcp_nodelay true
		max_queued_messages 0
		user root
	END
}

server() {
	on server mosquitto -c "$RUN/mosquitto.conf"
}

client() {
	subscribe -E
	send_text | inside client mosquitto_pub -h "$SERVER" -p "$PORT" -q 1 -t text -l &
	subscribe -C 1000
	wait $!
}

subscribe() { # OPTION...
	inside client mosquitto_sub -h "$SERVER" -p "$PORT" -q 1 -t text -i reader -c "$@"
}

job_done() {
	text_came_back
}

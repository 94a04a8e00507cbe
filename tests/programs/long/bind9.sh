# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2016,SC2034,SC2154 # see run.sh
#
# The connection that is looked at is that of dig; those of the named beside it are too short.

TITLE='bind9, dig'
NEEDS=(named:bind9 dig:bind9-dnsutils)
DOES='transfers a zone to a secondary, forwards queries over TCP, answers `dig +tcp +keepopen`'
OPTIONS='(sets TCP_USER_TIMEOUT, TCP_MAXSEG, IP_MTU_DISCOVER of each connection)'
# Of the secondary, for the transfer and for a forwarded query.
MORE_CONNECTIONS=2

version() {
	named -v | awk '{ sub(/-.*/, "", $2); print $2 }'
}

prepare() {
	SECONDARY=$((PORT + 10000))
	mkdir "$RUN/primary" "$RUN/secondary"
	zone >"$RUN/primary/transferred.test"
	zone >"$RUN/primary/forwarded.test"
	{
		common primary
		echo "listen-on port $PORT { any; }; recursion no; allow-transfer { any; }; };"
		echo 'zone transferred.test { type primary; file "transferred.test"; };'
		echo 'zone forwarded.test { type primary; file "forwarded.test"; };'
	} >"$RUN/primary.conf"
	{
		common secondary
		echo "listen-on port $SECONDARY { 127.0.0.1; }; forward only; forwarders port $PORT { $SERVER; }; };"
		echo "server $SERVER { tcp-only yes; };"
		echo "zone transferred.test { type secondary; primaries port $PORT { $SERVER; }; file \"copy\"; };"
	} >"$RUN/secondary.conf"
}

common() { # DIRECTORY
	echo 'controls { };'
	echo "options { directory \"$RUN/$1\"; pid-file none; session-keyfile none; listen-on-v6 { none; };"
	echo 'dnssec-validation no; notify no; empty-zones-enable no; request-ixfr no; minimal-responses yes;'
}

zone() {
	echo '$TTL 300'
	echo '@ SOA ns.example. root.example. 1 300 300 3000 300'
	echo '@ NS ns.example.'
	seq 1 1000 | sed 's/.*/n& TXT "number &"/'
}

server() {
	on server named -g -n 1 -c "$RUN/primary.conf"
}

client() {
	inside client named -g -n 1 -c "$RUN/secondary.conf" 2>"$RUN/secondary.err" &
	await "$JOB_DEADLINE" answered n1000.transferred.test
	ask_secondary n1000.transferred.test
	ask_secondary n500.forwarded.test
	send_questions | on client dig +tcp +keepopen +short @"$SERVER" -p "$PORT" -f -
}

# answered NAME: dig reports its errors as comments.
answered() {
	[[ $(ask_secondary "$1") == '"'* ]]
}

ask_secondary() { # NAME
	inside client dig +tcp +short +time=30 @127.0.0.1 -p "$SECONDARY" "$1" TXT
}

send_questions() {
	echo 'n1.transferred.test TXT'
	gate
	echo 'n2.transferred.test TXT'
}

job_done() {
	[ "$(<"$RUN/client.out")" = $'"number 1000"\n"number 500"\n"number 1"\n"number 2"' ] &&
		grep -q 'Transfer completed: .* 100[0-9] records' "$RUN/secondary.err" &&
		! grep -iE 'assertion|setsockopt|fatal' "$RUN/server.err" "$RUN/secondary.err" >&2
}

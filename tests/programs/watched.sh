# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# shellcheck disable=SC2016,SC2153,SC2154 # MPTCP_WATCH, WORK: see programs.t
#
# What mptcp-watch saw of the forced programs: also connections that were over before anybody looked, those
# of a program with itself, fallbacks, and socket options that were refused.

start_watch() {
	"$MPTCP_WATCH" --json --no-initial --buffer 4096 --events established,fallback,sockopt_denied \
		>"$WORK/events" 2>"$WORK/watch" </dev/null &
	WATCH=$!
	ok "mptcp-watch is watching" await 60 watching
	grep -q '^watching' "$WORK/watch" || diag "$(cat "$WORK/watch")"
}

watching() {
	grep -q '^watching' "$WORK/watch" || gone "$WATCH"
}

stop_watch() {
	local status=0
	kill "$WATCH" 2>/dev/null || true
	wait "$WATCH" || status=$?
	WATCH=
	is "$status" 0 "mptcp-watch ends well"
	is "$(jq -r 'select(.event == "lost").lost_event' "$WORK/events")" '' 'it saw all events'
}

# seen RUN FILTER: what jq's FILTER makes of this run's events.
seen() {
	jq -r --arg cgroup "/forced/${1##*/}" --argjson port "$(said "$1/port")" \
		"select(.cgroup // \"\" | endswith(\$cgroup | sub(\"[.]\"; \"-\"))) | $2" "$WORK/events"
}

report_watched() { # RUN NAME
	local connections wanted=$((CONNECTIONS + MORE_CONNECTIONS))
	connections=$(seen "$1" 'select(.event == "established" and .dport == $port and (.server_side | not)).token' | wc -l)
	ok "$2, forced: at least $wanted connections to the server were MPTCP" test "$connections" -ge "$wanted"
	is "$(seen "$1" 'select(.event == "fallback") | "\(.comm) \(.reason)"')" '' "$2, forced: no connection fell back to TCP"
	diag "$2: options refused: $(refused "$1")"
}

# refused RUN: the options that MPTCP refused to the programs of this run, each once.
refused() {
	seen "$1" 'select(.event == "sockopt_denied") | .option // "level \(.level) option \(.optname)"' |
		LC_ALL=C sort -u | paste -sd, | sed 's/,/, /g'
}

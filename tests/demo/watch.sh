# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# mptcp-watch during the forced traffic: its events go to $WORK/events and from there, shortened, to the
# terminal, between the program's progress lines.

readonly WATCHED=established,sub_established,fallback,stale,recovered,failover,resumed

start_watch() {
	rm -f "$WORK/began"
	"$MPTCP_WATCH" --json --events "$WATCHED" --cgroup "$CGROUP" \
		>"$WORK/events" 2>"$WORK/watch" </dev/null &
	WATCH=$!
	await_tool "$MPTCP_WATCH" "$WATCH" "$WORK/watch" watching watch
}

# stop_watch: returns when all its output is shown.
stop_watch() {
	kill "$WATCH" 2>/dev/null || true
	wait "$WATCH" || true
	[ -z "${SHOWING:-}" ] || wait "$SHOWING"
}

# show_events: shows events from now on, while mptcp-watch runs. Called before the traffic starts, because jq
# starts slowly in an emulated machine.
show_events() {
	tail -n +1 -f -s 0.2 --pid="$WATCH" "$WORK/events" | shorten --unbuffered event | show_lines &
	SHOWING=$!
}

# shorten [OPTION] FILTER: filters events with one of the jq scripts in this folder.
shorten() {
	jq -r "${@:1:$#-1}" --argjson paths "$(paths)" \
		--argjson client "$(stat -L -c %i "/run/netns/$LAB_NAME-client")" -f "tests/demo/${!#}.jq"
}

# An event before the first progress line belongs to the first second.
# shellcheck disable=SC2317,SC2034 # in the background; BEGAN is for second_of
show_lines() {
	local time news text colour
	while IFS=$'\t' read -r time news text; do
		case $news in
		bad) colour=$RED ;;
		good) colour=$GREEN ;;
		*) colour=$BOLD ;;
		esac
		BEGAN=$(cat "$WORK/began" 2>/dev/null || echo "$time")
		show "$(second_of "$time")" "mptcp-watch: $text" "$colour"
	done
}

# paths: each IPv4 address of the hosts, and the router on its path, as JSON.
paths() {
	local link net a_host b
	for link in "${LINKS[@]}"; do
		read -r net _ _ a_host b _ _ <<<"$link"
		printf '"%s": "%s"\n' "$(address4 "$net" "$a_host")" "$b"
	done | paste -sd, | sed 's/.*/{&}/'
}

# longest_failovers: for each end that failed over from r1, its failover with the longest outage, as a line with
# END, AFTER and OUTAGE, separated by tabs.
longest_failovers() {
	shorten -n failover <"$WORK/events"
}

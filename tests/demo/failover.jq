# SPDX-License-Identifier: GPL-2.0-or-later
#
# The events of mptcp-watch -> for each end, its failover from r1 with the longest outage: the end, how long
# there had been no progress before the failover, and the outage.

def ms: . / 1e5 | round / 10 | "\(.) ms";
def host: if .netns == $client then "client" else "server" end;

# The next resumed event of the same connection at the same end completes a failover.
reduce (inputs | select(.event | IN("failover", "resumed"))) as $event ({};
	"\($event.netns) \($event.token)" as $connection |
	if $event.event == "failover" and $paths[$event.from.saddr] == "r1" then
		.pending[$connection] = $event.last_progress_ns
	elif $event.event == "resumed" and .pending[$connection] then
		.over += [{end: ($event | host), after: .pending[$connection], outage: $event.outage_ns}] |
		del(.pending[$connection])
	else .
	end) |
.over // [] | group_by(.end)[] | max_by(.outage) |
[.end, (.after, .outage | ms)] | @tsv

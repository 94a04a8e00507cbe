# SPDX-License-Identifier: GPL-2.0-or-later
#
# An event of mptcp-watch -> its time in microseconds, as in bash's EPOCHREALTIME; good, bad or other news; and
# a short line, with the paths of the lab instead of addresses. docs/events.md describes the events.

def ms: . / 1e5 | round / 10 | "\(.) ms";
def path: $paths[.saddr] // .saddr;
def host: if .netns == $client then "client" else "server" end;
def reason: if .reason then ": \(.reason)" else "" end;

# fromdate does not accept fractions of a second.
def microseconds: "\(.time[:19] + "Z" | fromdate)\(.time[20:26])";

def details:
	if .event == "failover" then
		"\(.from | path) -> \(.to | path) (\(.cause)), " +
			"no progress for \(.last_progress_ns | ms), \(.outstanding) bytes outstanding"
	elif .event == "resumed" then
		"\(.from | path) -> \(.to | path), outage \(.outage_ns | ms), " +
			"reinjected \(.reinjected) bytes"
	else "over \(path)\(reason)"
	end;

def news:
	if .event | IN("failover", "stale", "fallback") then "bad"
	elif .event | IN("resumed", "recovered") then "good"
	else "other"
	end;

[microseconds, news, "\(host) \(.comm)[\(.pid)]: \(.event) \(details)"]
| @tsv

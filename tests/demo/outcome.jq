# SPDX-License-Identifier: GPL-2.0-or-later
#
# The traffic program's closing JSON -> a line: survived, missed, due, unanswered and outage. Survived and
# LongestOutage are the project's own generator's; with ctraffic, what failed says the former.
#
# Missed is what was due by the clock and did not come back. Unanswered, which is what was sent and did
# not, is next to nothing for a connection that is gone: nobody sends then.

(.Rate * 1024 / .PacketSize * .Duration / 1e9 | round) as $due |
[
	if .Survived != false and .FailedConnections + .FailedConnects == 0 and .Received > 0
		then "yes" else "no" end,
	([$due - .Received, 0] | max),
	$due,
	([.Sent - .Received, 0] | max),
	if has("LongestOutage")
		then "\(.LongestOutage / 1e7 | round / 100) s" else "unknown" end
] | @tsv

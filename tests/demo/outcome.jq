# SPDX-License-Identifier: GPL-2.0-or-later
#
# The JSON report of the traffic program -> a line: survived, missed, due, unanswered and outage. Only the
# project's own generator reports Survived and LongestOutage; for ctraffic, the failed connections replace
# Survived.
#
# Missed packets were due by the clock and did not come back. Unanswered packets were sent and did not come
# back: a lost connection has hardly any, because the program sends no more.

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

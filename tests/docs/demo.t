#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The closing table of the demo explains its figures: what gave the connection up, and what happened to packets
# that were missed. It is made from reports as the traffic program writes them; nothing is started.

set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh
# shellcheck source=tests/demo/display.sh
. tests/demo/display.sh
# shellcheck source=tests/demo/outcome.sh
. tests/demo/outcome.sh

WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
# shellcheck disable=SC2034 # for outcome.sh
PROGRAM=build/traffic
# shellcheck disable=SC2034
declare -A SUBFLOWS=([tcp]=0 [mptcp]=2)

# shellcheck disable=SC2317 # called by outcome.sh
longest_failovers() {
	printf 'client\t202.5 ms\t203.1 ms\n'
}

# report NAME SURVIVED FAILED SENT RECEIVED: of a run that had 400 packets to send.
report() {
	printf '{"Rate": 20, "PacketSize": 1024, "Duration": 20000000000, "LongestOutage": 290000000,
		"FailedConnects": 0, "Survived": %s, "FailedConnections": %s, "Sent": %s, "Received": %s}' \
		"${@:2}" >"$WORK/$1.json"
}

# table: what is shown, on one line, with one space between words.
table() {
	show_table | tr -s ' \n' ' '
}

report tcp false 1 199 198
report mptcp true 0 394 394
shown=$(table)
like "$shown" 'connection survived no yes ' 'the table'
like "$shown" ' packets missed 202 of 400 6 of 400 ' '... with the packets that did not come back in time'
like "$shown" ' survived: as the program sees it\. When there is no answer for 1 s, .*TCP itself would have resumed' \
	'... and what gave the connection up'
like "$shown" ' missed: .*, of the 400 .* never sent: .*Over MPTCP, all packets that were sent came back' \
	'... and that none was lost'

report tcp true 0 394 394
report mptcp true 0 394 390
shown=$(table)
unlike "$shown" ' survived: as' 'a connection that survived needs no explanation'
like "$shown" 'Over MPTCP, 4 packets that were sent did not come back' '... and loss is not denied'

report tcp false 1 199 198
# shellcheck disable=SC2034 # for outcome.sh
TRAFFIC=/bin/another
unlike "$(table)" ' survived: as' '... nor of a program that is not ours'

done_testing

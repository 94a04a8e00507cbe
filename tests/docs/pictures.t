#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The pictures of the failover runner, drawn from data made here: labels do not overlap, also where a path
# flaps; events have lanes of their own; TCP and MPTCP have one scale; outages are spans; the report shows
# the pictures. What is judged is the SVG.

set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh

WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT

# judged QUESTION: the answer of pictures.py.
judged() {
	grep -oP "^$1: \K.*" "$WORK/answers"
}

python3 -B tests/docs/pictures.py "$WORK" >"$WORK/answers" 2>"$WORK/err" || diag "$(tail -n 3 "$WORK/err")"
like "$(judged labels)" '^[1-9][0-9]' 'there are labels'
is "$(judged overlaps)" none '... and none touches another'
is "$(judged outside)" none '... or leaves the picture'
is "$(judged 'labels in the plot')" none 'events are not among the data'
is "$(judged 'scale of tcp')" "$(judged 'scale of mptcp')" 'TCP and MPTCP have one scale'
like "$(judged 'scale of tcp')" ' 400 ' '... that has room for both'
is "$(judged 'outage spans')" 'tcp 1, mptcp 21' 'each outage is a span, and so is that of the program'
is "$(judged 'in the report')" 'flapping-ipv4-tcp flapping-ipv4-mptcp' 'the report shows the pictures'
is "$(judged 'hundred')" 'r1 to r2, loss x 100, 299 ms' 'what a hundred connections do at a time has one label'

done_testing

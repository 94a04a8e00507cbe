#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# docs/events.md and the output of mptcp-watch have the same events, attributes and words, and the
# examples of that page and of README.md are output. Needs 'make build/tests/events'.

set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh

PAGE=docs/events.md
SAID=$(awk -f tests/docs/page.awk $PAGE)
JSON=$(build/tests/events json)
TABLE=$(build/tests/events attributes)

# said KIND...: what the page says of that kind, without the kind.
said() {
	local kind
	for kind in "$@"; do
		sed -n "s/^$kind //p" <<<"$SAID"
	done | sort -u
}

# found FILTER: what jq finds in all of the output.
found() {
	jq -rn "[inputs] | $1" <<<"$JSON" | sort -u
}

# same GOT WANTED NAME: 'is' for long lists, of which only the difference is of use.
same() {
	is "$(diff <(echo "$1") <(echo "$2") || true)" '' "$3"
}

# Those of every event, for each event, without what the page takes from it, and its own.
attributes_on_page() {
	local event name
	sed -n 's/^### //p' $PAGE | while read -r event; do
		for name in $(said attribute); do
			echo "$event $name"
		done
	done | grep -vxF "$(said without)"
	said has
}

examples() {
	sed -n '/^## Connections/,$ s/^    \([0-9{].*\)/\1/p' $PAGE | tr -s ' '
}

# events_of_examples: the section and the event of each JSON example.
events_of_examples() {
	awk '/^### / { section = substr($0, 5) } /^    \{/ { print section, $0 }' $PAGE |
		while read -r section json; do
			echo "$section $(jq -r .event <<<"$json" 2>&1)"
		done | sort -u
}

# What the table of the C source says.
needs_of_tool() {
	awk -F '"' '/ needs\[WATCH_EVENTS\] = /, /^};/ {
		event = tolower($1)
		gsub(/.*watch_|\].*/, "", event)
		for (i = 2; i < NF; i += 2)
			print event, $i
	}' user/watch/event_needs.c
}

names=$(sed -n 's/^### //p' $PAGE | sort)
same "$names" "$(cut -d ' ' -f 1 <<<"$TABLE" | sort -u)" 'the page has all events of the tool'
same "$names" "$(sed -n '/^# EVENTS/,/^# OUTPUT/ { /^\*/ p }' man/mptcp-watch.8.scd |
	grep -oE '[a-z_]+' | sort)" '... and so has the manual page'
same "$names" "$(found '.[].event')" '... all of them were printed here'
same "$(sort <<<"$TABLE" | grep -vxF "$(said without)")" "$(found '.[] | "\(.event) \(keys[])"')" '... each with the attributes of the table'
same "$(attributes_on_page | sort)" "$(sort <<<"$TABLE" | grep -vxF "$(said without)")" \
	'... which are those of the page'
same "$(said attribute other)" "$(found '.[] | keys[]')" '... and each attribute is described'
same "$(said has | sed -n 's/^stale //p')" "$(found '.[] | .from, .to | select(.) | keys[]')" \
	'... from and to are subflows'
same "$(said word | awk '!/^from|^to/')" \
	"$(found '.[] | del(.lost_event) | to_entries[] |
		select(.key | IN("reason", "cause", "closed_by", "reset_reason", "join", "family", "call")) |
		"\(.key) \(.value)"')" '... with all words of the tool'
same "$(said needs)" "$(needs_of_tool | sort)" '... and the kernel functions they need'
same "$(events_of_examples)" "$(found '.[].event | "\(.) \(.)"')" 'each event has an example that shows this event'
same "$(examples | grep -vxF "$(build/tests/events text | tr -s ' ')" | grep -vxF "$JSON" || true)" '' \
	'... that is output, word for word'
readme=$(sed -n 's/^    \([0-9][0-9]:.*\)/\1/p' README.md | tr -s ' ')
ok 'README.md has such lines, too' test "$(wc -l <<<"$readme")" -ge 5
is "$(grep -vxF "$(build/tests/events text | tr -s ' ')" <<<"$readme" || true)" '' '... which are also output'

done_testing

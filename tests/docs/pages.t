#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The documents: the README is short, links lead somewhere, the index is complete, and no word is used that
# glossary.words replaces. Needs nothing built.

set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh

WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
README_WORDS=1800

mapfile -t pages < <(find . -name '*.md' -not -path './build/*' -printf '%P\n' | LC_ALL=C sort)
mapfile -t manuals < <(find man -name '*.scd' | LC_ALL=C sort)

# not_in_index: pages of docs/ that docs/README.md does not link to.
not_in_index() {
	local page
	for page in docs/*.md; do
		[ "$page" = docs/README.md ] || grep -qF "(${page#docs/})" docs/README.md || echo "$page"
	done
}

# titles_missing PAGE: titles of failover scenarios that the page does not have.
titles_missing() {
	local title
	grep -h '^title ' tests/failover/scenarios/* | sed 's/^title *//' | while read -r title; do
		grep -qF "| $title |" "$1" || echo "$title"
	done
}

words=$(wc -w <README.md)
ok "README.md has $words words, at most $README_WORDS" test "$words" -le "$README_WORDS"

is "$(tests/docs/links "${pages[@]}")" '' 'every link between documents leads to a file and a heading'
cat >"$WORK/page.md" <<-'PAGE'
	# One
	[a](#one) [b](#two) [c](gone.md) ![d](gone.svg) `[e](code.md)`
PAGE
is "$(tests/docs/links "$WORK/page.md" | sed 's/.*: //' | paste -sd' ')" '#two gone.md gone.svg' \
	'... and those that do not would be found'

is "$(not_in_index)" '' 'docs/README.md links to every page of docs/'
scenarios=$(grep -l '^title ' tests/failover/scenarios/* | wc -l)
like "$(<README.md)" "plays $scenarios scenarios" 'README.md says how many failover scenarios there are'
is "$(titles_missing docs/faults.md)" '' 'docs/faults.md has every failover scenario, by its title'
is "$(titles_missing docs/limits.md | wc -l)" "$scenarios" \
	'... which would fail for another page'

is "$(tests/docs/glossary "${pages[@]}" "${manuals[@]}")" '' 'no document uses a word that the glossary replaces'
is "$(tests/docs/glossary tests/golden/*.txt)" '' '... nor does a help text, a message or an event line'
is "$(tests/docs/glossary bpf/*/* user/*/* vmlinux/generate.c)" '' '... nor does the code or a comment'
mapfile -t texts < <(find Makefile scripts completions packaging tests -type f ! -path 'tests/golden/*.txt' \
	! -path 'tests/docs/glossary.words' ! -path 'tests/docs/pages.t' ! -name '*.md' | LC_ALL=C sort)
is "$(tests/docs/glossary "${texts[@]}")" '' '... nor does a test, a script or a Makefile'
printf 'It stood\nstill, and tells so.\n' >"$WORK/words"
is "$(tests/docs/glossary "$WORK/words" | sed 's/.*words:\([0-9]*: .*\) (.*/\1/' | paste -sd' ')" \
	"1: 'stood still' 2: 'tells'" '... and such words would be found, also across lines'

done_testing

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Each manual page has the options and messages that its tool has, no others, and is well-formed. Needs 'make'.

set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh

# long_options: those in the text on standard input, a line each.
long_options() {
	grep -oE -e '--[a-z][a-z-]+' | sort -u
}

options_of_tool() { # TOOL [COMMAND...]
	local command
	for command in '' "${@:2}"; do
		"build/$1" ${command:+"$command"} --help
	done | long_options
}

# options_of_page TOOL: in headings of paragraphs; mentions of an option elsewhere do not describe it.
options_of_page() {
	grep -E '^\*-' "man/$1.8.scd" | long_options
}

check_page() { # TOOL [COMMAND...]
	local page=build/man/$1.8
	is "$(options_of_page "$1")" "$(options_of_tool "$@")" "$1: the manual page describes the options there are"
	is "$(man --warnings -E UTF-8 -l "$page" 2>&1 >/dev/null)" '' '... and formats without a warning'
	like "$(man -E UTF-8 -l "$page")" "$("build/$1" --version)" '... and is of this version'
}

# check_help TOOL [COMMAND]: -h, as users try it, and what getopt says of an unknown option.
check_help() {
	local program="$PWD/build/$1" message
	is "$("$program" "${@:2}" -h 2>&1)" "$("$program" "${@:2}" --help)" "$*: -h is --help"
	message=$("$program" "${@:2}" --no-such-option 2>&1) || true
	is "${message%%$'\n'*}" "$*: unrecognized option '--no-such-option'" \
		'... and messages begin with the name, not the path'
}

# messages_of_page: those that mptcp-force.8 explains, a line each, without markup.
messages_of_page() {
	awk '/^# OUTPUT/ { inside = 1; next } /^# / { inside = 0 }
		inside && /^\t/ && message { print message }
		inside && /^[*_]/ { message = message (message ? " " : "") $0 }
		inside && /\+\+$/ { print message; message = "" }
		!/^[*_]/ { message = "" }' man/mptcp-force.8.scd | sed -E 's/[+]{2}$//; s/[*]//g; s/_([A-Z]+)_/\1/g'
}

# not_printed: of the messages on standard input, those that are none of the program's. In a golden file a
# message is "in quotes, with %s for what differs", and all else behind it is what can stand there.
not_printed() {
	local message pattern found
	while read -r message; do
		found=
		while read -r pattern; do
			[[ $message =~ ^$pattern$ ]] && found=1 && break
		done < <(sed -n 's/^notice *"\([^"]*\)".*/\1/p' tests/golden/messages.txt |
			sed -E 's/[][().*+?|^$]/\\&/g; s/%(<[A-Za-z0-9]+>|[^a-z ]*[a-z])/.*/g')
		[ "$found" ] || echo "$message"
	done
}

like "$(messages_of_page | wc -l)" '^([5-9]|1[0-9])$' 'mptcp-force: the manual page explains messages'
is "$(messages_of_page | not_printed)" '' '... that the program prints, word for word'
is "$(grep '^    upgraded: ' README.md | sed 's/^ *//' | not_printed)" '' '... and so is the one in README.md'
is "$(echo 'enforced MPTCP for SCOPE' | not_printed)" 'enforced MPTCP for SCOPE' '... and others would be found'

check_page mptcp-force run attach detach status audit check
check_page mptcp-watch record replay check
check_help mptcp-force
check_help mptcp-force run
check_help mptcp-force attach
check_help mptcp-force detach
check_help mptcp-force status
check_help mptcp-force audit
check_help mptcp-force check
check_help mptcp-watch
check_help mptcp-watch record
check_help mptcp-watch replay
check_help mptcp-watch check

done_testing

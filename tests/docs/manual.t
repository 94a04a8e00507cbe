#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Each manual page has the options that its tool has, no other, and is well-formed. Needs 'make'.

set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh

# long_options: those in the text on standard input, a line each.
long_options() {
	grep -oE -e '--[a-z][a-z-]+' | sort -u
}

options_of_tool() { # TOOL [VERB...]
	local verb
	for verb in '' "${@:2}"; do
		"build/$1" ${verb:+"$verb"} --help
	done | long_options
}

# options_of_page TOOL: in headings of paragraphs; what is told of an option elsewhere does not describe it.
options_of_page() {
	grep -E '^\*-' "man/$1.8.scd" | long_options
}

check_page() { # TOOL [VERB...]
	local page=build/man/$1.8
	is "$(options_of_page "$1")" "$(options_of_tool "$@")" "$1: the manual page describes the options there are"
	is "$(man --warnings -E UTF-8 -l "$page" 2>&1 >/dev/null)" '' '... and formats without a warning'
	like "$(man -E UTF-8 -l "$page")" "$("build/$1" --version)" '... and is of this version'
}

# check_help TOOL [VERB]: -h, as users try it, and what getopt says of an option that there is not.
check_help() {
	local program="$PWD/build/$1" message
	is "$("$program" "${@:2}" -h 2>&1)" "$("$program" "${@:2}" --help)" "$*: -h is --help"
	message=$("$program" "${@:2}" --no-such-option 2>&1) || true
	is "${message%%$'\n'*}" "$*: unrecognized option '--no-such-option'" \
		'... and messages begin with the name, not the path'
}

check_page mptcp-force run check
check_page mptcp-watch
check_help mptcp-force
check_help mptcp-force run
check_help mptcp-force check
check_help mptcp-watch

done_testing

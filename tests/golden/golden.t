#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs: check
#
# Every text that the tools print is as in the golden files beside this test, whatever the caller's
# environment. A change of text is wanted or not: 'make golden' takes it over, 'git diff' shows it. Needs
# 'make' and 'make build/tests/make_recording'.

set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh

TMP=$(mktemp -d)
trap 'rm -rf "$TMP"' EXIT

# Of all that could matter to a program that prints text.
export TZ=Asia/Tokyo LANG=de_DE.UTF-8 LANGUAGE=de COLUMNS=40 ARGP_HELP_FMT=rmargin=40 NO_COLOR=1 \
	POSIXLY_CORRECT=1 TERM=xterm-256color

# as_before FILE: the golden file is what the tools print; else the difference is printed.
as_before() {
	tests/golden/transcribe "$1" >"$TMP/now" && diff -u --label="$1" --label=now "$1" "$TMP/now"
}

for golden in tests/golden/*.txt; do
	difference=$(as_before "$golden" 2>&1) && status=0 || status=$?
	ok "$golden" test "$status" -eq 0
	[ "$status" -eq 0 ] || diag "$difference"
done
[ "$TAP_FAILED" -eq 0 ] || diag "if this is what you want: make golden, and commit what 'git diff' shows"

# What a change looks like: here the golden file has changed instead.
sed 's/^mptcp-force VERSION/mptcp-force version VERSION/' tests/golden/version.txt >"$TMP/version.txt"
difference=$(as_before "$TMP/version.txt") && status=0 || status=$?
is "$status" 1 'a changed text is found'
like "$difference" -mptcp-force\ version.*[+]mptcp-force\ VERSION '... and shown'

done_testing

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# docs/programs.md has a row for every program that is tested, with the job and the options that the test has.

set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh

PAGE=docs/programs.md

# rows_missing FOLDER PAGE: the programs of this folder without a row.
rows_missing() {
	local file
	for file in "$1"/*.sh; do
		grep -q '^TITLE=' "$file" || continue
		row "$file"
	done | while IFS= read -r row; do
		grep -qF -- "$row" "$2" || echo "$row"
	done
}

# row FILE: how its row begins, and for the programs of long/ what it says as well.
row() (
	# shellcheck disable=SC2034 # the files use them
	PORT=0 PROGRAMS=tests/programs DOES='' OPTIONS='' TITLE=''
	# shellcheck source=/dev/null
	. "$1"
	echo "| $TITLE |"
	[ -z "$DOES" ] || echo "| $DOES | $OPTIONS |"
)

is "$(rows_missing tests/programs "$PAGE")" '' "$PAGE has every program of 'make test'"
is "$(rows_missing tests/programs/long "$PAGE")" '' "$PAGE has every program of 'make test-long', its job and its options"
like "$(rows_missing tests/programs/long docs/limits.md)" 'haproxy' '... which another page would not pass'

done_testing

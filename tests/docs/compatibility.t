#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# docs/compatibility.md is what tests/sockopt/page.py makes of the decision table and of the results that were measured
# on each kernel.

set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh

WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
TABLE=build/tests/sockopt/table.tsv
MAKEFLAGS='' make -s "$TABLE" >&2

# page TABLE RESULTS...
page() {
	local table=$1
	shift
	tests/sockopt/page.py tests/sockopt/compatibility.md.in "$table" tests/sockopt/differences.tsv "$@"
}

# shellcheck disable=SC2317 # the checks call it by name
# page_with_results SED: whether the page is refused when a result is changed.
page_with_results() {
	sed -E "$1" tests/sockopt/results/6.12.tsv >"$WORK/6.12.tsv"
	page "$TABLE" "$WORK/6.12.tsv" >/dev/null
}

ok 'docs/compatibility.md is up to date (make compatibility-page)' \
	diff <(page "$TABLE" tests/sockopt/results/*.tsv 2>&1) docs/compatibility.md
ok 'results that agree with the table make a page' page_with_results ''
not_ok '... but not if a refused option were as on TCP' \
	page_with_results 's/(TCP_MD5SIG\t[a-z,]*\t).*/\1same\tsame/'
not_ok '... or an applied one refused' page_with_results 's/(TCP_USER_TIMEOUT\t[a-z,]*\t)same/\1set ENOPROTOOPT/'
not_ok '... or an option that is not in the table different' \
	page_with_results 's/(TCP_NODELAY\t[a-z,]*\t)same/\1differs/'
grep -v "TCP_MD5SIG$(printf '\t')" "$TABLE" >"$WORK/table"
not_ok '... or one were missing in the table' page "$WORK/table" tests/sockopt/results/6.12.tsv

done_testing

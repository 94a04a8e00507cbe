#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs: check
#
# Every test file runs somewhere, and a file without a place is reported.

set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh
# shellcheck source=tests/lib/suite.sh
. tests/lib/suite.sh

TMP=$(mktemp -d)
trap 'rm -rf "$TMP"' EXIT

ok 'every test file has a place' every_test_runs
is "$(find tests -name '*.t' | wc -l)" \
	"$(tests_at check host 'host, long' guest 'guest, hook' 'guest, no hook' | wc -l)" '... and exactly one'
like "$(guest_tests 6.1)" unsupported.t 'a kernel without the hook has its own tests'
unlike "$(guest_tests 6.1)" scope.t '... and not those that need the hook'
like "$(guest_tests 7.3)" scope.t 'a kernel with the hook runs those'

is "$({ guest_tests 6.12 | part_of 0 3 && guest_tests 6.12 | part_of 1 3 && guest_tests 6.12 | part_of 2 3; } | sort)" \
	"$(guest_tests 6.12 | sort)" 'the parts of a list have every test once'
is "$(seq 7 | part_of 0 2 | xargs)" '1 3 5 7' '... and are as long as each other'

SUITE_ROOT=$TMP
mkdir "$TMP/watch" "$TMP/new"
printf '%s\n' '#!/bin/bash' >"$TMP/watch/by_folder.t"
printf '%s\n' '#!/bin/bash' '# Runs: host' >"$TMP/watch/by_line.t"
is "$(tests_at guest)" "$TMP/watch/by_folder.t" 'the folder says where a test runs'
is "$(tests_at host)" "$TMP/watch/by_line.t" '... unless the file does'
ok '... and every file has a place' every_test_runs
printf '%s\n' '#!/bin/bash' >"$TMP/new/forgotten.t"
not_ok 'a test without a place fails the check' every_test_runs
like "$(every_test_runs 2>&1)" "'$TMP/new/forgotten.t'" '... which names it'
printf '%s\n' '#!/bin/bash' '# Runs: gest' >"$TMP/new/forgotten.t"
not_ok '... as does a place that does not exist' every_test_runs

done_testing

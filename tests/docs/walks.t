#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# docs/development.md and tests/README.md: the functions of each walk are defined in the file that the page
# names, and all files that the pages name exist.

set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh

PAGE=$(mktemp)
trap 'rm -f "$PAGE"' EXIT

# shellcheck disable=SC2016 # as it is on the page
like "$(grep -cE '^\| [0-9]+ \| `' docs/development.md)" '^[2-9][0-9]$' 'docs/development.md has walks'
is "$(tests/docs/walks docs/development.md)" '' '... each function of a step is in its file'

is "$(tests/docs/walks tests/README.md)" '' 'tests/README.md: each file exists'
# shellcheck disable=SC2016 # as it is on the page
is "$(find tests -name '*.t' | sort | while read -r test; do
	grep -qF "\`$test\`" tests/README.md || echo "$test"
done)" '' '... and each test is there'

cat >"$PAGE" <<-'STEPS'
	| 1 | `user/common/log.c` | `log_error()`, `log_nothing()`, `snprintf()` | the first is there |
	| 2 | `user/common/none.c` | `log_error()` | no such file |
	`bpf/force/force.h` `bpf/force/none.h`
STEPS
is "$(tests/docs/walks "$PAGE" | paste -sd' ')" \
	'user/common/log.c: log_nothing() user/common/log.c: snprintf() user/common/none.c: log_error() user/common/none.c bpf/force/none.h' \
	'... and what is not would be found'

done_testing

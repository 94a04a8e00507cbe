#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the Makefile offers to developers: a list of its targets, and how each source is compiled.

set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh

make=(env -u MAKEFLAGS -u MAKELEVEL make --no-print-directory)

help=$("${make[@]}" help)
like "$help" $'(^|\n)compile_commands.json   ' 'make help lists targets with dots in their names'
is "$(grep -vE '^[a-z_.-]+ {2,}[^ ]' <<<"$help" || true)" '' '... each with what it does'

"${make[@]}" compile_commands.json BUILD=build/commands >/dev/null
sources=$(find user bpf -name '*.c' | LC_ALL=C sort)
compiled=$(jq -r '.[].file' build/commands/compile_commands.json | LC_ALL=C sort -u)
is "$(comm -13 <(echo "$compiled") <(echo "$sources"))" '' 'compile_commands.json has every source of both tools'
rm -r build/commands

done_testing

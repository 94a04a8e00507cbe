#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the Makefile offers to developers: a list of its targets, how each source is compiled, and builds that do not
# depend on where they run.

set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh

make=(env -u MAKEFLAGS -u MAKELEVEL make --no-print-directory)
TMP=$(mktemp -d)
trap 'rm -rf "$TMP"' EXIT
readonly OBJECTS='build/bpf/force/audit.bpf.o build/bpf/force/audit.linked.o build/user/common/log.o'

help=$("${make[@]}" help)
like "$help" $'(^|\n)compile_commands.json   ' 'make help lists targets with dots in their names'
is "$(grep -vE '^[a-z_.-]+ {2,}[^ ]' <<<"$help" || true)" '' '... each with what it does'

"${make[@]}" compile_commands.json BUILD=build/commands >/dev/null
sources=$(find user bpf -name '*.c' | LC_ALL=C sort)
compiled=$(jq -r '.[].file' build/commands/compile_commands.json | LC_ALL=C sort -u)
is "$(comm -13 <(echo "$compiled") <(echo "$sources"))" '' 'compile_commands.json has every source of both tools'
rm -r build/commands

# built_in DIRECTORY [VARIABLE=VALUE...]: compiles OBJECTS of a copy of the sources there; prints their sums.
built_in() {
	mkdir -p "$1"
	cp -r Makefile bpf scripts tests user vmlinux "$1/"
	# shellcheck disable=SC2086 # words are intended
	(cd "$1" && "${make[@]}" $OBJECTS "${@:2}" >/dev/null && sha256sum $OBJECTS)
}

# commands [VARIABLE=VALUE...]: how OBJECTS would be compiled.
commands() {
	# shellcheck disable=SC2086 # words are intended
	"${make[@]}" -nB V=1 $OBJECTS "$@"
}

sums=$(built_in "$TMP/a")
is "$(built_in "$TMP/another/folder")" "$sums" 'builds in different folders are the same'
is "$(built_in "$TMP/c" PREFIX_MAP= | sort - <(echo "$sums") | uniq -d | wc -l)" 0 \
	'... and differ without PREFIX_MAP'
like "$(commands CPPFLAGS=-DONE CFLAGS=-DTWO)" '-DTWO .*-DONE .*-c user' 'CFLAGS and CPPFLAGS are used'
like "$(commands LDFLAGS=-Wl,-z,now build/mptcp-force)" '-Wl,-z,now .*-o build/mptcp-force' '... and LDFLAGS'
is "$(commands CPPFLAGS=-DONE CFLAGS=-DTWO | grep 'target bpf' | grep -cE 'DONE|DTWO' || true)" 0 \
	'... but not for BPF programs'
like "$(commands WERROR=yes)" ' -Werror ' 'a warning is an error with WERROR=yes'
not_ok '... but not with WERROR=no' grep -q -e ' -Werror ' <(commands WERROR=no)
not_ok '... nor outside a clone' grep -q -e ' -Werror ' <(cd "$TMP/a" && commands)

# A change of flags compiles again; installing does not.
built() {
	(cd "$TMP/a" && "${make[@]}" build/user/common/log.o "$@" && stat -c %y build/user/common/log.o) | tail -n 1
}
before=$(built)
is "$(built)" "$before" 'what is built is not built again'
not_ok '... unless the flags are others' test "$(built CFLAGS=-O1)" = "$before"
not_ok "... which 'make install' does not look at" grep -q -e "-c user/common/log.c" \
	<("${make[@]}" -C "$TMP/a" -n V=1 install CFLAGS=-O2)

done_testing

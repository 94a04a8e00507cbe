#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What 'make install' installs is small, and 'make uninstall' removes all of it. Needs 'make'.

set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh

readonly LARGEST=$((400 * 1024))
make=(env -u MAKEFLAGS -u MAKELEVEL make --no-print-directory)
TMP=$(mktemp -d)
trap 'rm -rf "$TMP"' EXIT

# sections PATTERN FILE: names of sections that contain it.
sections() {
	readelf -SW "$2" 2>/dev/null | grep -oE -- "$1[a-z_]*" | sort -u | paste -sd' '
}

"${make[@]}" install DESTDIR="$TMP/root" PREFIX=/usr >/dev/null
for tool in mptcp-force mptcp-watch; do
	installed=$TMP/root/usr/sbin/$tool
	# With SANITIZE=1 or COVERAGE=1, tools are larger.
	size=$(stat -c %s "$installed")
	ok "$tool has $size bytes, at most $LARGEST" test "$size" -le "$((LARGEST * (${SANITIZE:-0} + ${COVERAGE:-0} ? 20 : 1)))"
	is "$(sections '\.(debug|symtab)' "$installed")" '' '... without debug symbols'
	is "$("$installed" --version)" "$("build/$tool" --version)" '... and starts'
	ok '... and has a manual page' test -s "$TMP/root/usr/share/man/man8/$tool.8"
	ok '... and a completion' test -s "$TMP/root/usr/share/bash-completion/completions/$tool"
done
for object in build/bpf/*/*.linked.o; do
	is "$(sections '\.debug' "$object")" '' "$object, part of a tool, has no DWARF"
	like "$(sections '\.debug' "${object/linked/bpf}")" '\.debug_info' '... which the compiler wrote'
done

"${make[@]}" install DESTDIR="$TMP/symbols" INSTALL_STRIP= >/dev/null
like "$(sections '\.symtab' "$TMP/symbols/usr/local/sbin/mptcp-force")" symtab 'INSTALL_STRIP= keeps the symbols'

"${make[@]}" uninstall DESTDIR="$TMP/root" PREFIX=/usr >/dev/null
is "$(find "$TMP/root" -type f)" '' 'make uninstall removes every file'

done_testing

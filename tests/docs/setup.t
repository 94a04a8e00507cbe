#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What scripts/bootstrap says and does where packages are missing. It runs with programs that only pretend to install.

set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh

TMP=$(mktemp -d)
trap 'rm -rf "$TMP"' EXIT

# pretend NAME <SCRIPT: a program of this name, before all others.
pretend() {
	mkdir -p "$TMP/bin"
	{ echo '#!/bin/bash' && cat; } >"$TMP/bin/$1"
	chmod +x "$TMP/bin/$1"
}

# bootstrap [VARIABLE=VALUE...] GROUP...: its messages, then 'status N'.
bootstrap() {
	local variables=() status=0
	while [[ $1 = *=* ]]; do
		variables+=("$1")
		shift
	done
	: >"$TMP/commands"
	env -u SETUP "${variables[@]}" PATH="$TMP/bin:$PATH" TMP="$TMP" scripts/bootstrap "$@" 2>&1 || status=$?
	echo "status $status"
}

pretend id <<<'echo 1000'
pretend sudo <<'SCRIPT'
echo "$*" >>"$TMP/commands"
SCRIPT
pretend apt-get <<<'exit 1'
# Of all packages, these two are missing.
pretend dpkg-query <<'SCRIPT'
for package; do
	[[ $package = @(scdoc|qemu-system-x86|-*) ]] || echo "installed $package"
done
SCRIPT

readonly MISSING="bootstrap: missing to compile the tools and the traffic generator: scdoc
bootstrap: missing to run virtual machines, and the lab in them: qemu-system-x86"

is "$(bootstrap SETUP=no build demo)" "$MISSING
bootstrap: packages are missing, and SETUP=no forbids installing them (apt-get install qemu-system-x86 scdoc)
status 1" 'SETUP=no fails with the list'
is "$(<"$TMP/commands")" '' '... and installs nothing'
is "$(bootstrap build demo)" "$MISSING
bootstrap: installing them with apt-get ('SETUP=no' fails instead)
status 0" 'otherwise, it says what and why before it installs'
like "$(<"$TMP/commands")" 'apt-get install .* qemu-system-x86 scdoc' '... exactly those'
is "$(bootstrap SETUP=no long)" 'status 0' 'nothing is said where nothing is missing'
like "$(bootstrap SETUP=maybe build)" "SETUP is 'maybe'.*status 2" 'a value that means nothing is a usage error'
is "$(env -u MAKEFLAGS -u MAKELEVEL PATH="$TMP/bin:$PATH" TMP="$TMP" \
	make --no-print-directory demo SETUP=no 2>&1 | grep -c 'SETUP=no forbids')" 1 "'make demo SETUP=no' fails so, too"

done_testing

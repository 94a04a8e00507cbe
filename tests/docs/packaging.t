#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The packages agree with the Makefile, and a release is made of what CHANGELOG.md says. Builds no package:
# tests/long/packages does.

set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh

TMP=$(mktemp -d)
trap 'rm -rf "$TMP"' EXIT
unset MAKEFLAGS MAKELEVEL

version=$(sed -n 's/^VERSION := //p' Makefile)
like "$(head -1 debian/changelog)" "^mptcp-force \($version\) " 'debian/changelog has the version of the Makefile'
ok '... and so has CHANGELOG.md' grep -qE "^## $version( |\$)" CHANGELOG.md
is "$(grep -rlF "$version" Makefile bpf debian packaging scripts user | LC_ALL=C sort | paste -sd' ')" \
	'Makefile debian/changelog' '... which the code, the packages and the scripts do not repeat'

# What dh_auto_test runs is this target.
tested=$(make -nf debian/rules override_dh_auto_test)
like "$tested" '^dh_auto_build -- unit( |$)' 'a package build runs the unit tests'
is "$(DEB_BUILD_OPTIONS=nocheck make -nf debian/rules override_dh_auto_test | grep -c unit || true)" 0 \
	'... and no tests with nocheck'
like "$(grep -A 3 '^Files: \*' debian/copyright)" 'Copyright: .* authors' 'the copyright holders are named'
like "$(<LICENSE)" 'Copyright .* the mptcp-force authors' '... in the license, too'

# in_clone COMMAND...: in a clone of this tree as it is.
in_clone() {
	if [ ! -d "$TMP/clone" ]; then
		packaging/copy-sources "$TMP/clone"
		git -C "$TMP/clone" init --quiet
		git -C "$TMP/clone" config user.name Test
		git -C "$TMP/clone" config user.email test@example.org
		git -C "$TMP/clone" add --all
		git -C "$TMP/clone" commit --quiet --message test
	fi
	(cd "$TMP/clone" && GIT_AUTHOR_NAME=Test GIT_AUTHOR_EMAIL=test@example.org GIT_COMMITTER_NAME=Test \
		GIT_COMMITTER_EMAIL=test@example.org PACKAGES=dist "$@" 2>&1) || echo "status $?"
}

archives() {
	find "$TMP/clone/build/release" -name '*.tar.gz' -printf '%f\n'
}

rehearsed=$(in_clone scripts/release --dry-run "$version")
like "$rehearsed" "would commit: release: $version.*would tag: v$version" 'a dry run shows the commit and the tag'
is "$(archives)" "mptcp-force-$version.tar.gz" '... and builds'
is "$(in_clone git tag; in_clone git log --format=%s)" test '... and changes nothing'
in_clone scripts/release "$version" >/dev/null
is "$(in_clone git tag)" "v$version" 'a release is tagged'
is "$(in_clone git tag --list --format='%(contents)' | head -5)" "$(scripts/release-notes "$version" | head -5)" \
	'... with the notes from the changelog'
like "$(in_clone git show "HEAD:CHANGELOG.md")" "## $version \([0-9]{4}-[0-9]{2}-[0-9]{2}\)" '... which has the date then'
like "$(in_clone scripts/release "$version")" "the tag v$version exists.*status 1" '... and it is not made twice'
like "$(in_clone scripts/release 9.9.9)" "CHANGELOG.md has no '## 9.9.9'.*status 1" '... nor without notes'
sed -i 's/^## .*/## 9.9.9/' "$TMP/clone/CHANGELOG.md"
like "$(in_clone scripts/release 9.9.9)" 'uncommitted changes.*status 1' '... nor of uncommitted changes'
in_clone git commit --quiet --all --message more
in_clone scripts/release 9.9.9 >/dev/null
like "$(in_clone head -1 debian/changelog)" '\(9.9.9\)' 'the next release has an entry of its own in debian/changelog'

spec=$(tar -xOf "$TMP/clone/build/release/mptcp-force-9.9.9.tar.gz" mptcp-force-9.9.9/mptcp-force.spec)
like "$spec" 'Version: +9.9.9' 'the archive of the sources has an RPM spec with its version'
for file in $(make -s install DESTDIR="$TMP/root" PREFIX=/usr >/dev/null && cd "$TMP/root" && find usr -type f); do
	ok "... which has $file" grep -qF "/${file##*/}" <<<"${spec#*%files}"
done

done_testing

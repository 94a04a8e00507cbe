#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The sources keep to the layout: no tool includes another, and what they share includes none. Needs nothing built.

set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh

WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT

# found SIDE/FOLDER INCLUDE: what layout finds in a copy of the sources whose folder has this include too.
found() {
	local file
	rm -rf "$WORK/tree"
	mkdir "$WORK/tree"
	cp -r bpf user "$WORK/tree"
	file=$WORK/tree/$1/planted.h
	printf '#include %s\n' "$2" >"$file"
	tests/docs/layout "$WORK/tree" || true
}

is "$(tests/docs/layout . || true)" '' 'no tool includes another'
for side in bpf user; do
	is "$(found $side/force '"watch/watch.h"')" "$side/force/planted.h:1: watch/watch.h" \
		"... and $side/force including watch/ would be found"
	is "$(found $side/watch '"force/force.h"')" "$side/watch/planted.h:1: force/force.h" \
		"... as would $side/watch including force/"
	is "$(found $side/common '"force/force.h"')" "$side/common/planted.h:1: force/force.h" \
		"... and $side/common including a tool"
	is "$(found $side/watch '"../force/force.h"')" "$side/watch/planted.h:1: ../force/force.h" \
		'... also by a relative path'
	is "$(found $side/watch '"common/constants.h"')" '' "$side/watch may include common/"
done
is "$(found user/watch '"watch/watch.h"')" '' 'user/watch may include what it shares with bpf/watch'

done_testing

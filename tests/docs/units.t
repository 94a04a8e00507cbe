#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# systemd understands every line of the units, and the settings that keep a failure from going unnoticed
# are there. Needs 'make' and systemd-analyze, not a running systemd.

set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh

TMP=$(mktemp -d)
trap 'rm -rf "$TMP"' EXIT

# warnings_of UNIT NAME: what systemd has to say about the unit under this name, with the tool just built.
warnings_of() {
	sed -E "s,^(ExecStart=|.* exec )(mptcp-[a-z]*) ,\1$PWD/build/\2 ," "packaging/systemd/$1" >"$TMP/$2"
	systemd-analyze --man=no verify "$TMP/$2" 2>&1
}

# setting UNIT SECTION KEY: its value; empty when it is not there.
setting() {
	awk -F= -v section="[$2]" -v key="$3" '
		/^\[/ { inside = $0 == section }
		inside && $1 == key { print substr($0, length(key) + 2) }' "packaging/systemd/$1"
}

is "$(warnings_of mptcp-force@.service mptcp-force@web.service)" '' 'systemd verifies mptcp-force@.service'
is "$(warnings_of mptcp-watch.service mptcp-watch.service)" '' '... and mptcp-watch.service'
# The timer and the path start the service beside them.
status=mptcp-force-status
is "$(warnings_of $status.service $status.service)" '' "... $status.service"
is "$(warnings_of $status.timer $status.timer)" '' '... its timer'
is "$(warnings_of $status.path $status.path)" '' '... and its path'
sed 's/^Restart=/Restarts=/' packaging/systemd/mptcp-watch.service >"$TMP/wrong.service"
like "$(systemd-analyze --man=no verify "$TMP/wrong.service" 2>&1)" "Unknown key( name)? 'Restarts'" \
	'... which would find a wrong line'
is "$(setting mptcp-force@.service Unit StartLimitIntervalSec)" 0 \
	'enforcement is started again however often it is killed'
is "$(setting mptcp-force@.service Service RestartSec)" 1 '... once a second'
is "$(setting mptcp-watch.service Service StandardOutput)" null 'the events of a recording go nowhere else'
is "$(setting mptcp-watch.service Service StandardError)" journal '... but messages reach the journal'
is "$(setting $status.service Service StandardError)" journal 'an ended scope is reported in the journal'
is "$(setting $status.path Path PathChanged)" "$(sed -n 's/^#define PIN_STORE_PARENT "\(.*\)"$/\1/p' user/force/pin_store.h)/mptcp-force" \
	'... when something is unpinned where scopes are pinned'

done_testing

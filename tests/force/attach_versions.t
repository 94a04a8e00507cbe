#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What one version has attached, another one reports, replaces and detaches: here one whose programs cannot be shared.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/attach_lib.sh"

OTHER=$PROJECT/build/other/mptcp-force
mkdir -p "$CGROUPS/app" "$CGROUPS/other"

# with VERSION COMMAND...: runs it with that version of the tool.
with() {
	MPTCP_FORCE=$1 "${@:2}"
}
# shellcheck disable=SC2317 # called by wait_for
one_attached() {
	[ "$(links_on_hook)" = "$alone" ]
}

this=$("$MPTCP_FORCE" --version) other=$("$OTHER" --version)
not_ok 'there are two versions' test "$this" = "$other"

for pair in "$MPTCP_FORCE $OTHER" "$OTHER $MPTCP_FORCE"; do
	read -r first second <<<"$pair"
	version=$("$first" --version | cut -d' ' -f2)
	with "$first" attach_ok web --cgroup "$CGROUPS/app"
	alone=$(links_on_hook)
	tcp_in app >/dev/null
	with "$second" run_force status web
	is "$STATUS" 0 "attached by $version: the other version reports it"
	like "$OUT" "by version $version" '... and says which version attached it'
	is "$(with "$second" json web .in_force,.counters.upgraded,.scope[0].cgroup | paste -sd' ')" \
		"true 1 $CGROUPS/app" '... with its scope and counters'
	with "$second" run_force detach web
	is "$STATUS" 0 '... and detaches it'
	is "$(tcp_in app)" "$TCP" '... nothing is enforced'
	ok '... nor attached' wait_for 30 nothing_attached

	with "$first" attach_ok web --cgroup "$CGROUPS/app"
	with "$first" attach_ok beside --cgroup "$CGROUPS/other"
	with "$second" attach_ok web --cgroup "$CGROUPS/app"
	is "$(tcp_in app),$(tcp_in other)" "$MPTCP,$MPTCP" 'replaced by the other version: in force'
	is "$(links_on_hook)" $((2 * alone)) '... with programs of its own, beside those of the first'
	is "$(tcp_in app >/dev/null; with "$first" json web .version,.counters.upgraded | paste -sd' ')" \
		"$("$second" --version | cut -d' ' -f2) 2" '... which reports it'
	with "$second" run_force detach beside
	is "$STATUS,$(tcp_in other),$(tcp_in app)" "0,$TCP,$MPTCP" 'scopes of both versions end one by one'
	ok '... and so do their programs' wait_for 30 one_attached
	with "$first" run_force detach --all
	is "$STATUS,$(tcp_in app)" "0,$TCP" '... also by the other version'
	ok '... and nothing stays attached' wait_for 30 nothing_attached
done

rmdir "$CGROUPS/app" "$CGROUPS/other"
done_testing

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs: guest, hook
#
# A forced program cannot distinguish its sockets from TCP sockets by any socket option, but for what is documented:
# every option, with good and bad values, in every state. compare.t tests what counts as a difference.

. "$(dirname "$0")/../force/lib.sh"

cd "$PROJECT" || exit
KERNEL=${VM_KERNEL:?not in a virtual machine}
status=0

# The bridge's programs are attached to the parent, so that plain sockets must be created outside that.
mkdir -p "$CGROUPS/bridged/app"
force_start force --cgroup "$CGROUPS/bridged/app"
is "$(tcp_in bridged/app)" "$MPTCP" 'the sockets are forced'
tests/sockopt/measure "$CGROUPS/bridged/app" "$TMP/results" "$TMP/probed" >"$TMP/report" || status=$?
force_stop
is "$status" 0 "no option differs undocumented on Linux $KERNEL"
diag "$(tail -n 1 "$TMP/report")"
[ "$status" -eq 0 ] || diag "$(head -n 200 "$TMP/report")"
# seen FILE: without what TCP accepts, which depends on the host: SO_RESERVE_MEM needs the memory controller.
seen() {
	grep -v ^# "$1" | cut -f 1-3,5-
}
is "$(diff <(seen "tests/sockopt/results/$KERNEL.tsv") <(seen "$TMP/results"))" '' \
	"what was measured is what docs/compatibility.md says ('make compatibility' updates it)"

# New, unprivileged, listening, connected, accepted, kept, inherited; only the last four can have fallen back.
options=$(wc -l <build/tests/sockopt/options.h)
for family in inet inet6 mapped; do
	is "$(cut -f 1 "$TMP/probed.$family" | sort | uniq -c | awk '{ print $2, $1 }' | paste -sd,)" \
		"fallback $((4 * options)),forced $((7 * options)),steps 1,tcp $((7 * options))" \
		"every option was tried in every state: $family"
done

done_testing

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A program that the kernel's verifier rejects is a defect: the message asks to report it, and does not blame a
# policy. A function that exists only in the kernel's BTF costs only its own events.

. "$(dirname "$0")/lib.sh"

# shellcheck source=tests/watch/fails.sh
. "$PROJECT/tests/watch/fails.sh"

REJECTED=$PROJECT/build/rejected/mptcp-watch

fails_with 1 "cannot load the probes: the kernel's verifier rejected program 'rejected': .*please report this" \
	'a rejected program' "$REJECTED"
output=$("$REJECTED" check 2>&1)
is "$?" 1 'check: exit status'
unlike "$output" policy '... and does not blame a policy'
like "$("$REJECTED" -v 2>&1)" 'R[0-9] (unbounded memory access|max value is outside)' "-v shows the verifier's reason"
fails_with 1 "rejected program 'rejected'" 'a rejected program that belongs to no event' "$REJECTED" --events sockopt_denied

MPTCP_WATCH=$PROJECT/build/unaddressed/mptcp-watch
query_start
watch_start unaddressed
"$PROJECT/build/tests/connections" short 1 6001
ok 'a function without an address: it still watches' reported -n 2 closed
watch_stop
function=HUF_decompress4X1_usingDTable_internal_fast
if kernel_has $function && ! grep -qw $function /proc/kallsyms; then
	like "$(cat "$TMP/unaddressed.err")" "warning: this kernel has no symbol for $function" '... and warns'
fi

done_testing

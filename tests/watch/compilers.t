#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Other compilers make other BPF programs of the same source: this kernel's verifier must accept them
# too. Tests what 'make clangs' has built, and how much work that is for the verifier.

. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/lib/verifier.sh
. "$PROJECT/tests/lib/verifier.sh"

ok 'there are tools of another compiler' test -n "$(compgen -G "$PROJECT/build/clang-*/mptcp-watch")"
for tool in "$PROJECT"/build/clang-*/mptcp-watch; do
	compiler=$(basename "$(dirname "$tool")")
	output=$("$tool" check 2>&1)
	is "$?" 0 "$compiler: every program is loaded and attached"
	like "$output" 'this host can watch MPTCP' '... and check says so'
	ok '... also with a filter by owner, for which the programs do more' \
		timeout 120 "$tool" --comm nobody-has-this --duration 1 --no-initial
done

for tool in "$PROJECT"/build/mptcp-watch "$PROJECT"/build/clang-*/mptcp-watch; do
	MPTCP_WATCH=$tool watch_start verified --no-initial
	verifies_within 20000 160000 "${tool#"$PROJECT/build/"}" python3 -IS "$PROJECT/tests/tools/verified.py"
	watch_stop
	starts_within 15 "${tool#"$PROJECT/build/"}" "$tool" check
done

done_testing

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Other compilers make other BPF programs of the same source: this kernel's verifier must accept them
# too. Tests what 'make clangs' has built, and how much work that is for the verifier.

. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/lib/verifier.sh
. "$PROJECT/tests/lib/verifier.sh"

ok 'there are tools of another compiler' test -n "$(compgen -G "$PROJECT/build/clang-*/mptcp-force")"
for tool in "$PROJECT"/build/clang-*/mptcp-force; do
	compiler=$(basename "$(dirname "$tool")")
	is "$("$tool" run -q -- "$SOCKET_PROBE" inet stream 0)" "$MPTCP" "$compiler: it enforces"
	is "$("$tool" run -q -- "$SOCKET_PROBE" inet dgram 0)" 17 '... and leaves UDP alone'
done

for tool in "$PROJECT"/build/mptcp-force "$PROJECT"/build/clang-*/mptcp-force; do
	verifies_within 25000 120000 "${tool#"$PROJECT/build/"}" "$tool" run -q -- python3 -IS "$PROJECT/tests/tools/verified.py"
	starts_within 15 "${tool#"$PROJECT/build/"}" "$tool" run -q -- true
done

done_testing

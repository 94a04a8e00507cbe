#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Too few file descriptors, for the process or for the host: an error with a remedy, nothing watched, nothing left.

. "$(dirname "$0")/lib.sh"

# shellcheck source=tests/watch/fails.sh
. "$PROJECT/tests/watch/fails.sh"
# shellcheck source=tests/lib/descriptors.sh
. "$PROJECT/tests/lib/descriptors.sh"

chmod 755 "$TMP"
cp "$MPTCP_WATCH" "$TMP/mptcp-watch"

before=$(bpf_objects)
for limit in 5 10 20 40 80 $NEEDED; do
	fails_with 1 "cannot watch: $REMEDY" "$limit descriptors" "$TMP/limited" "$limit" "$MPTCP_WATCH"
done
fails_with 1 "cannot watch: $REMEDY" 'a recording' "$TMP/limited" 20 "$MPTCP_WATCH" record "$TMP/recording"
not_ok '... is not created' test -e "$TMP/recording"
fails_with 1 "cannot check this host: $REMEDY" 'check' "$TMP/limited" 20 "$MPTCP_WATCH" check
is "$(bpf_objects)" "$before" '... and nothing is left'
timeout 60 bash -c "ulimit -n $((NEEDED + 10)) && exec '$MPTCP_WATCH' --duration 1" >/dev/null 2>"$TMP/enough.err" && status=0 || status=$?
is "$status $(grep -c ^watching "$TMP/enough.err")" '0 1' 'that many are enough'

crowd_host
fails_with 1 'cannot watch: Too many open files in system \(close some, or raise the limit: sysctl fs.file-max\)' \
	'a host with too many open files' "${AS_SERVICE[@]}" "$TMP/mptcp-watch"
relieve_host
is "$(bpf_objects)" "$before" '... and nothing is left'
# As root: with CAP_BPF alone it cannot start on Linux 6.1 (docs/limits.md).
ok 'once there is room again, it watches' timeout 60 "$MPTCP_WATCH" --duration 1

done_testing

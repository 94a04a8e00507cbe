#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs: check
# mptcp-watch replay: no root, no kernel. Damage is reported, and everything else is printed as it was.

set -uo pipefail

PROJECT=$(cd "$(dirname "$0")/../.." && pwd)
MAKE_RECORDING=$PROJECT/build/tests/make_recording
TMP=$(mktemp -d)
trap 'rm -rf "$TMP"' EXIT

# shellcheck source=tests/lib/tap.sh
. "$PROJECT/tests/lib/tap.sh"
# shellcheck source=tests/watch/fails.sh
. "$PROJECT/tests/watch/fails.sh"

chmod 755 "$TMP"
cp "${MPTCP_WATCH:-$PROJECT/build/mptcp-watch}" "$TMP/mptcp-watch"
WATCH=$TMP/mptcp-watch
AS_NOBODY=()
if [ "$(id -u)" -eq 0 ]; then
	AS_NOBODY=(setpriv --reuid nobody --clear-groups)
fi

# Recordings that cannot be replayed.
GOOD=$TMP/good
"$MAKE_RECORDING" "$GOOD" || diag 'nothing is recorded'

# damaged OFFSET BYTES: the recording with these bytes there, BYTES being for printf.
damaged() {
	cp "$GOOD" "$TMP/damaged"
	# shellcheck disable=SC2059 # a format is wanted
	printf "$2" | dd of="$TMP/damaged" bs=1 seek="$1" conv=notrunc status=none
}

cannot_replay="cannot replay '$TMP/damaged'"
fails_with 1 "cannot open recording '$TMP/none': No such file or directory" 'a recording that does not exist' \
	"$WATCH" replay "$TMP/none"
fails_with 1 "cannot replay '$TMP': Is a directory" 'a directory' "$WATCH" replay "$TMP"
fails_with 1 "cannot replay '$WATCH': it is not a recording of mptcp-watch" 'another file' \
	"$WATCH" replay "$WATCH"
: >"$TMP/damaged"
fails_with 1 "$cannot_replay: it is empty" 'an empty recording' "$WATCH" replay "$TMP/damaged"
damaged 12 '\001\000\000\000'
fails_with 1 "$cannot_replay: it has format .*, but this mptcp-watch reads format 3 \(replay it with" \
	'another version' "$WATCH" replay "$TMP/damaged"
damaged 8 '\001\002\003\004'
if [ "$(printf '\001\000' | od -An -td2)" -eq 256 ]; then
	damaged 8 '\004\003\002\001'
fi
fails_with 1 "$cannot_replay: .* with the opposite byte order" 'the other byte order' \
	"$WATCH" replay "$TMP/damaged"
head -c 20 "$GOOD" >"$TMP/damaged"
fails_with 1 "$cannot_replay: it is truncated: its header is incomplete" 'a header cut short' \
	"$WATCH" replay "$TMP/damaged"

# Cut later: complete records are printed, then the error.
"$WATCH" replay "$GOOD" >"$TMP/all"
events=$(grep -c '^[0-9]' "$TMP/all")
ok 'a recording has some events' test "$events" -gt 10
head -c -1 "$GOOD" >"$TMP/damaged"
status=0
"$WATCH" replay "$TMP/damaged" >"$TMP/cut" 2>"$TMP/err" || status=$?
is "$status" 1 'a recording cut short: exit status'
is "$(cat "$TMP/cut")" "$(head -n -1 "$TMP/all")" '... all but the last event are printed'
is "$(cat "$TMP/err")" "mptcp-watch: $cannot_replay: it is truncated: its last entry is incomplete (the events before it are printed)" '... and the error'

# Valid replays.
is "$("${AS_NOBODY[@]}" "$WATCH" replay - <"$GOOD" 2>&1)" "$(cat "$TMP/all")" 'a replay needs no root'
is "$("$WATCH" replay "$GOOD" --json | jq -r .event | wc -l)" "$events" 'every line of --json is JSON'
is "$("$WATCH" replay "$GOOD" --json --events failover,resumed | jq -r .event | xargs)" \
	'failover resumed lost' '--events selects events, and always lost'
is "$("$WATCH" replay "$GOOD" --count 3)" "$(head -n 4 "$TMP/all")" '--count ends it'
is "$(TZ=UTC "$WATCH" replay "$GOOD" | grep -e '^--')" '-- 2023-11-14 --' 'the date comes first, and once'
is "$(TZ=UTC-2 "$WATCH" replay "$GOOD" | grep -e '^--')" '-- 2023-11-15 --' '... by local time'

# On a terminal.
in_terminal=("$PROJECT/tests/tools/in_terminal" 80 NO_COLOR=1)
"${in_terminal[@]}" "$WATCH" replay "$GOOD" >"$TMP/narrow"
is "$(grep -c '^[0-9]' "$TMP/narrow")" "$events" 'a terminal gets all events'
is "$(awk 'length > 80' "$TMP/narrow")" '' '... in lines that fit it'
like "$(cat "$TMP/narrow")" ' resumed  .* outage 1234\.6 ms, 1>2 to 4>5' '... with the outage and the subflows first'
is "$("${in_terminal[@]}" "$WATCH" replay "$GOOD" --wide)" "$(cat "$TMP/all")" '... or, with --wide, the lines of a file'

# Standard output.
# More than a pipe holds, so that the reader has gone before the end.
cp "$GOOD" "$TMP/long"
for ((i = 0; i < 200; i++)); do
	tail -c +33 "$GOOD"
done >>"$TMP/long"
fails_with 1 'cannot write to standard output: No space left on device' 'a full disk' \
	sh -c "exec '$WATCH' replay '$GOOD' >/dev/full"
fails_with 1 'cannot write to standard output: File too large' 'a file size limit' \
	bash -c "ulimit -f 1; exec '$WATCH' replay '$TMP/long' >'$TMP/limited'"
fails_with 1 'cannot write to standard output: Bad file descriptor' 'no standard output' \
	sh -c "exec '$WATCH' replay '$GOOD' >&-"
first=$("$WATCH" replay "$TMP/long" 2>"$TMP/err" | head -n 1; echo "${PIPESTATUS[0]}")
is "$first" "$(head -n 1 "$TMP/all")"$'\n'0 'a reader that closes its end ends it'
is "$(cat "$TMP/err")" '' '... quietly'

done_testing

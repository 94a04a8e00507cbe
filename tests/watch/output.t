#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Output and recordings: valid JSON for any program name, recordings with the same content, colors only on
# terminals, and an end when the reader has gone or the disk is full.

. "$(dirname "$0")/lib.sh"

query_start
peer_start odd
ask odd name "$(printf 'a"b\\c\nd\xff\xc3\xa9\t\xc2\x9b' | hex)"

"$MPTCP_WATCH" record "$TMP/recording" >"$TMP/text" 2>"$TMP/text.err" &
TEXT_PID=$!
STARTED_PIDS+=("$TEXT_PID")
wait_for 60 grep -q ^watching "$TMP/text.err"
watch_start json record "$TMP/json.recording"
ask odd once 6001
reported -n 2 closed
watch_stop
watch_stop "$TEXT_PID"

is "$(jq -r 'select(.event == "created") | .comm' "$EVENTS" | sort -u | hex)" \
	"$(printf 'a"b\\c\nd\ufffdé\t\u009b\n' | sort -u | hex)" \
	'JSON: a name with quotes, newlines and invalid UTF-8'
ok '... and all of it is UTF-8' iconv -f UTF-8 -t UTF-8 -o /dev/null "$EVENTS"
unlike "$(LC_ALL=C cat "$EVENTS")" $'\xc2\x9b' '... without terminal control characters'
is "$(jq -c . "$EVENTS" | wc -l)" "$(wc -l <"$EVENTS")" '... one valid object per line'
ok 'text: an event is one line' test "$(grep -c ' created ' "$TMP/text")" -eq 2
like "$(grep ' created ' "$TMP/text")" ' a"b.c\?d\?\?\?\?\?\?\[[0-9]+\]' '... in which unprintable characters are replaced'

"$MPTCP_WATCH" replay "$TMP/recording" >"$TMP/replayed"
ok 'a replayed recording prints the same' cmp "$TMP/text" "$TMP/replayed"
ok '... and that is not nothing' test -s "$TMP/text"
"$MPTCP_WATCH" replay "$TMP/json.recording" --json >"$TMP/replayed"
ok '... as JSON too' cmp "$EVENTS" "$TMP/replayed"
setpriv --reuid nobody --clear-groups "$MPTCP_WATCH" replay - <"$TMP/recording" >"$TMP/replayed"
ok '... without privileges' cmp "$TMP/text" "$TMP/replayed"

in_terminal() {
	script -qec "$*" /dev/null </dev/null
}
like "$(in_terminal "$MPTCP_WATCH" replay "$TMP/recording")" $'\033\\[36m' 'a terminal gets colours'
unlike "$(NO_COLOR=1 in_terminal "$MPTCP_WATCH" replay "$TMP/recording")" $'\033' \
	'... unless NO_COLOR is set'
unlike "$(cat "$TMP/text")" $'\033' '... and a file does not'

# A reader that closes its end.
{
	status=0
	"$MPTCP_WATCH" 2>"$TMP/pipe.err" || status=$?
	echo "$status" >"$TMP/pipe.status"
} | head -n 1 >"$TMP/pipe" &
wait_for 60 grep -q ^watching "$TMP/pipe.err"
ask odd once 6002
ok 'a closed pipe ends it' wait_for 30 test -s "$TMP/pipe.status"
is "$(cat "$TMP/pipe.status")" 0 '... with exit status 0'
is "$(cat "$TMP/pipe.err")" 'watching MPTCP' '... without a message'
is "$(wc -l <"$TMP/pipe")" 1 '... after one line'

# A file size limit: the kernel would end the process by SIGXFSZ in the middle of an entry.
(ulimit -f 2 && exec "$MPTCP_WATCH" record "$TMP/limited" >/dev/null 2>"$TMP/limited.err") &
LIMITED_PID=$!
STARTED_PIDS+=("$LIMITED_PID")
wait_for 60 grep -q ^watching "$TMP/limited.err"
for _ in {1..4}; do ask odd once 6004; done
ok 'a file size limit ends it' wait_for 30 test ! -d "/proc/$LIMITED_PID"
watch_stop "$LIMITED_PID"
is "$WATCH_STATUS" 1 '... as a failure'
like "$(cat "$TMP/limited.err")" "cannot write recording '.*/limited': File too large" '... which it reports'
status=0
"$MPTCP_WATCH" replay "$TMP/limited" >"$TMP/replayed" 2>&1 || status=$?
is "$status" 0 '... the written part can be replayed'

# A full disk.
mkdir "$TMP/disk"
mount -t tmpfs -o size=16k tmpfs "$TMP/disk"
watch_start full record "$TMP/disk/recording"
for _ in {1..20}; do ask odd once 6003; done
ok 'a full disk ends it' wait_for 30 test ! -d "/proc/$WATCH_PID"
watch_stop
is "$WATCH_STATUS" 1 '... as a failure'
like "$(cat "$TMP/full.err")" "cannot write recording '.*/recording': No space left on device" \
	'... which it reports'
status=0
"$MPTCP_WATCH" replay "$TMP/disk/recording" --json >"$TMP/replayed" || status=$?
is "$status" 0 '... the part on the disk can be replayed'
replayed=$(wc -l <"$TMP/replayed")
ok '... which is most of it' test "$replayed" -ge 40
is "$(head -n "$replayed" "$EVENTS" | md5sum)" "$(md5sum <"$TMP/replayed")" '... and the same as was printed'
umount "$TMP/disk"

done_testing

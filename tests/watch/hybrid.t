#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A hierarchy of cgroup v1 beside that of cgroup v2: the owner's cgroup is that of v2, and a cgroup of v1 with the path
# of the one that --cgroup names is another.

. "$(dirname "$0")/lib.sh"

V1=$TMP/v1
mkdir -p /sys/fs/cgroup/hybrid "$V1"
mount -t cgroup -o none,name=beside cgroup "$V1"
mkdir "$V1/other"

# shellcheck disable=SC2317 # a trap
unmount_v1() {
	rmdir "$V1"/*/ # else the hierarchy stays
	umount "$V1"
	cleanup
}
trap unmount_v1 EXIT

# in_both V1-PATH V2-PATH COMMAND...: runs it in these cgroups.
in_both() {
	local v1=$1 v2=$2
	shift 2
	# shellcheck disable=SC2016 # for the inner shell
	sh -c 'echo $$ >"$0/cgroup.procs" && echo $$ >"$1/cgroup.procs" && shift && exec "$@"' \
		"$V1/$v1" "/sys/fs/cgroup/$v2" "$@"
}

query_start
watch_start all --no-initial
ALL=$EVENTS ALL_PID=$WATCH_PID
watch_start hybrid --no-initial --cgroup /sys/fs/cgroup/hybrid
mkdir "$V1/hybrid"
in_both other hybrid python3 -IS "$PEER" once >/dev/null
in_both hybrid . python3 -IS "$PEER" once >/dev/null
EVENTS=$ALL
ok 'connections of two programs' reported -n 4 closed
is "$(value "event == 'closed'" cgroup)" '/hybrid /hybrid / /' 'the owner is in a cgroup of v2'
EVENTS=$TMP/hybrid.json
reported -n 2 closed
is "$(value "event == 'closed'" cgroup)" '/hybrid /hybrid' '--cgroup: only that of v2'

# The named cgroup is removed, and one of v1 with its path created.
rmdir /sys/fs/cgroup/hybrid "$V1/hybrid"
mkdir "$V1/hybrid"
in_both hybrid . python3 -IS "$PEER" once >/dev/null
mkdir /sys/fs/cgroup/hybrid
in_both other hybrid python3 -IS "$PEER" once >/dev/null
EVENTS=$ALL
ok 'two more, when the named cgroup was removed and when it is re-created' reported -n 8 closed
EVENTS=$TMP/hybrid.json
ok '... of which the second is in it' reported -n 4 closed
is "$(count "event == 'closed'") $(count "event == 'closed' and cgroup == '/hybrid'")" '4 4' '... and no other'
watch_stop "$ALL_PID"
watched_all

done_testing

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A hierarchy of cgroup v1 beside that of cgroup v2: its cgroups can have the paths and the ids of those that are
# named, but are others.

. "$(dirname "$0")/lib.sh"

mkdir -p "$CGROUPS/hybrid" "$CGROUPS/caller" "$TMP/v1"
mount -t cgroup -o none,name=beside cgroup "$TMP/v1"

# shellcheck disable=SC2317 # a trap
unmount_v1() {
	find "$TMP/v1" -mindepth 1 -depth -type d -exec rmdir {} + # else the hierarchy stays
	umount "$TMP/v1"
	find "$CGROUPS/twins" -depth -type d -exec rmdir {} +
	cleanup
}
trap unmount_v1 EXIT

# in_v1 PATH COMMAND...: runs it in that cgroup of v1.
in_v1() {
	local path=$1
	shift
	# shellcheck disable=SC2016 # for the inner shell
	sh -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' "$TMP/v1/$path" "$@"
}

# Cgroups of v2, and one of v1 with the id of one of them. Each file has an id, too, and the next cgroup's follows: with
# more controllers, the ids are farther apart. In v1, ids count from 1.
mkdir "$CGROUPS/twins"
for controller in none pids memory cpu io; do
	[ $controller = none ] || for parent in "$CGROUPS" "$CGROUPS/twins"; do
		echo +$controller >"$parent/cgroup.subtree_control"
	done 2>/dev/null
	mkdir "$CGROUPS/twins/$controller" "$CGROUPS/twins/$controller-2"
done
twin=$(stat -c '%i %n' "$CGROUPS"/twins/*/ | python3 -c '
import os, sys
wanted = dict(line.split() for line in sys.stdin)
for number in range(1000000):
    path = "%s/%d" % (sys.argv[1], number)
    os.mkdir(path)
    id = os.stat(path).st_ino
    if str(id) in wanted:
        print(os.path.basename(wanted[str(id)].rstrip("/")), number)
        break
    os.rmdir(path)
    if id > max(map(int, wanted)):
        break
' "$TMP/v1")
v1=${twin#* }
twin=twins/${twin% *}
ok 'there is a cgroup of v1 with the id of one of v2' test -d "$CGROUPS/$twin" -a -d "$TMP/v1/$v1"
force_start twin --cgroup "$CGROUPS/$twin"
is "$(tcp_in "$twin")" "$MPTCP" 'the one of v2 is enforced'
is "$(in_v1 "$v1" "$SOCKET_PROBE" inet stream 0)" "$TCP" '... the one of v1 is not'
rmdir "$TMP/v1/$v1"
mkdir "$CGROUPS/$twin/inner" # its verdict is not cached
is "$(tcp_in "$twin/inner")" "$MPTCP" '... and removing that one changes nothing'
unlike "$(cat "$TMP/twin.err")" removed '... and is not reported'
force_stop

# The same path.
force_start path --cgroup "$CGROUPS/hybrid"
mkdir "$TMP/v1/hybrid"
is "$(in_v1 hybrid "$SOCKET_PROBE" inet stream 0)" "$TCP" 'a cgroup of v1 with the path of one that is named is not enforced'
rmdir "$CGROUPS/hybrid" "$TMP/v1/hybrid"
mkdir "$TMP/v1/hybrid"
is "$(in_v1 hybrid "$SOCKET_PROBE" inet stream 0)" "$TCP" '... nor is one that is created when the named one is gone'
mkdir "$CGROUPS/hybrid"
is "$(tcp_in hybrid)" "$MPTCP" '... but the named one is, once re-created'
is "$(in_v1 hybrid sh -c "echo \$\$ >'$CGROUPS/hybrid/cgroup.procs' && exec '$SOCKET_PROBE' inet stream 0")" "$MPTCP" \
	'... whatever the cgroup of v1'
ok '... which is reported' wait_for 30 grep -q "cgroup '/hybrid' was re-created" "$TMP/path.err"
is "$(grep -c 'was removed' "$TMP/path.err") $(grep -c 'was re-created' "$TMP/path.err")" '1 1' '... each once'
force_stop

# 'run' makes its cgroup below the caller's cgroup of v2.
output=$(in_cgroup caller sh -c "echo \$\$ >'$TMP/v1/hybrid/cgroup.procs' && exec '$MPTCP_FORCE' run -q -- cat /proc/self/cgroup")
like "$output" '(^|'$'\n'')0::/caller/mptcp-force-run-[0-9]+($|'$'\n'')' 'run: the cgroup of v2 is its own'
like "$output" ':name=beside:/hybrid' '... and that of v1 the same'
is "$(find "$CGROUPS" "$TMP/v1" -name 'mptcp-force-*')" '' '... and none is left'

done_testing

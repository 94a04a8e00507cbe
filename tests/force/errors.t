#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Wrong input: a helpful message, the documented exit status, and nothing enforced.

. "$(dirname "$0")/lib.sh"

mkdir -p "$CGROUPS/app" "$TMP/v1"
chmod 755 "$TMP"
cp "$MPTCP_FORCE" "$TMP/mptcp-force"

# Usage.
fails_with 2 'no SCOPE given \(use --cgroup, --unit, --comm, --uid or --all\)' 'no scope' "$MPTCP_FORCE"
fails_with 2 'no SCOPE given' 'only exceptions' "$MPTCP_FORCE" --exclude-cgroup "$CGROUPS/app"
fails_with 2 "unrecognized option '--cgruop'" 'an unknown option' "$MPTCP_FORCE" --cgruop /x
fails_with 2 "unexpected argument 'app'" 'an argument too many' "$MPTCP_FORCE" --all app
fails_with 2 "unknown command 'chekc' \(did you mean 'check'\?\)" 'a mistyped command' "$MPTCP_FORCE" chekc
fails_with 2 "'run' must be the first argument" 'a command behind an option' "$MPTCP_FORCE" --all run -- true
fails_with 2 "option '--cgroup' requires an argument" 'no path' "$MPTCP_FORCE" --cgroup
fails_with 2 "invalid --comm 'sixteen-letters-': the kernel keeps only 15 bytes .*use 'sixteen-letters'" \
	'a comm of 16 bytes' "$MPTCP_FORCE" --comm sixteen-letters-
fails_with 2 "invalid --comm '': the name is empty" 'an empty comm' "$MPTCP_FORCE" --comm ''
fails_with 2 "invalid --uid 'nobody-here': expected a user name, or a number from 0 to 4294967294" 'an unknown user' \
	"$MPTCP_FORCE" --uid nobody-here
fails_with 2 "invalid --uid '4294967295'" 'the reserved uid' "$MPTCP_FORCE" --uid 4294967295
fails_with 2 "invalid --uid '-1'" 'a negative uid' "$MPTCP_FORCE" --uid -1
fails_with 2 'it is the root of the hierarchy \(use --all for all tasks\)' 'the root cgroup' "$MPTCP_FORCE" --cgroup "$CGROUPS"

# Paths that are not cgroups.
fails_with 1 "cannot open cgroup '$CGROUPS/none': No such file or directory \(create it first, or use 'mptcp-force run'\)" \
	'a cgroup that does not exist' "$MPTCP_FORCE" --cgroup "$CGROUPS/none"
fails_with 1 'systemd creates it .*systemctl show -P ControlGroup app-web.slice' 'a slice that does not exist' \
	"$MPTCP_FORCE" --cgroup "$CGROUPS/app-web.slice"
fails_with 1 "cannot ask systemd for unit 'web.service': No such file .*\(is systemd running here\?" \
	'a unit without systemd' "$MPTCP_FORCE" --unit web
fails_with 1 "cannot open cgroup '$CGROUPS/app/cgroup.procs': Not a directory" 'a file' \
	"$MPTCP_FORCE" --cgroup "$CGROUPS/app/cgroup.procs"
fails_with 1 "cannot use cgroup '/tmp': it is not a cgroup \(give a path in '$CGROUPS'" 'an ordinary directory' \
	"$MPTCP_FORCE" --cgroup /tmp
fails_with 1 "cannot open cgroup '$CGROUPS/none': .*omit this --exclude-cgroup" 'an exception that does not exist' \
	"$MPTCP_FORCE" --cgroup "$CGROUPS/app" --exclude-cgroup "$CGROUPS/none"
mount -t cgroup -o none,name=test cgroup "$TMP/v1"
mkdir "$TMP/v1/app"
fails_with 1 "cannot use cgroup '$TMP/v1/app': it is a cgroup v1 directory \(give a path in '$CGROUPS'" \
	'a cgroup of v1' "$MPTCP_FORCE" --cgroup "$TMP/v1/app"
rmdir "$TMP/v1/app" # else the hierarchy stays
umount "$TMP/v1"

# Callers and kernels.
fails_with 4 'not permitted without .*CAP_BPF.*root' 'a caller who is not root' \
	setpriv --reuid nobody --clear-groups "$TMP/mptcp-force" --all
fails_with 4 'not permitted' '... with run' \
	setpriv --reuid nobody --clear-groups "$TMP/mptcp-force" run -- true
fails_with 4 'CAP_SYSLOG of the host \(run it as root of the host, not in a user namespace\)' \
	'root of a user namespace' unshare -U -r "$MPTCP_FORCE" --all
# shellcheck disable=SC2016 # for the inner shell
fails_with 3 'lacks the kernel.s type information .*CONFIG_DEBUG_INFO_BTF=y' 'a kernel without BTF' \
	unshare -m sh -c 'mount -t tmpfs none /sys/kernel/btf && exec "$0" --all' "$MPTCP_FORCE"

sysctl -q -w kernel.kptr_restrict=2
fails_with 3 'lacks readable addresses of kernel symbols .*sysctl -w kernel.kptr_restrict=1' \
	'a kernel that hides the addresses of its symbols' "$MPTCP_FORCE" --all
sysctl -q -w kernel.kptr_restrict=0

# Allowed, with a warning.
force_start twice --cgroup "$CGROUPS/app" --cgroup "$CGROUPS/../cgroup/app/"
like "$(cat "$TMP/twice.err")" "warning: cgroup '.*app/*' is given twice" 'naming a cgroup twice is reported'
is "$(tcp_in app)" "$MPTCP" '... and enforced'
force_stop
like "$(cat "$TMP/twice.err")" 'upgraded: 1,' '... and counted once'
force_start both --cgroup "$CGROUPS/app" --exclude-cgroup "$CGROUPS/app"
is "$(tcp_in app)" "$TCP" 'a cgroup that is named and excluded is excluded'
force_stop

# On a hybrid system, cgroup v2 is mounted elsewhere. The path may contain a space.
mkdir -p "$TMP/un ified"
mount -t cgroup2 cgroup2 "$TMP/un ified"
# shellcheck disable=SC2016 # for the inner shell
is "$(unshare -m sh -c 'umount "$2" && exec "$0" run -q -- "$1" inet stream 0' \
	"$MPTCP_FORCE" "$SOCKET_PROBE" "$CGROUPS")" "$MPTCP" 'run finds cgroup v2 where it is mounted'
force_start elsewhere --cgroup "$TMP/un ified/app"
is "$(tcp_in app)" "$MPTCP" '--cgroup accepts any path to it'
force_stop
umount "$TMP/un ified"
# shellcheck disable=SC2016 # for the inner shell
fails_with 1 'cannot find the cgroup of this process: cgroup v2 is not mounted \(mount it: mount -t cgroup2' 'run without cgroup v2' \
	unshare -m sh -c 'umount "$1" && exec "$0" run -- true' "$MPTCP_FORCE" "$CGROUPS"

done_testing

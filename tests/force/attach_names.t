#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Names of attached scopes, and what can be wrong with the BPF file system.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/attach_lib.sh"

mkdir -p "$CGROUPS/app"
hold_attachment

# Names.
for name in a php8.2-fpm 'system-getty@tty1.service' 'with\x2ddash' 'A:b_c' ..; do
	attach_ok "$name" --cgroup "$CGROUPS/app"
	is "$(json "$name" .name)" "$name" '... and status reports that name'
	is "$(find "$PINS" -mindepth 1 -maxdepth 1 | wc -l)" 1 '... and all of it is below one folder'
	run_force detach "$name"
	is "$STATUS" 0 '... until it is detached'
done
for name in '' a/b ../x 'a b' 'a%2E' $'a\nb' "$(printf 'x%.0s' {1..65})" ä; do
	fails_with 2 "invalid NAME '" "the name $(printf %q "$name")" "$MPTCP_FORCE" attach "$name" --all
done
fails_with 2 "unknown option|unrecognized option|invalid option" 'a name that starts with a dash' \
	"$MPTCP_FORCE" attach -name --all

# Only our pins.
attach_ok web --cgroup "$CGROUPS/app"
bpftool map create "$PINS/web/1/strange" type array key 4 value 4 entries 1 name strange
run_force detach web
is "$STATUS" 1 "pins of others in a scope's folder: exit status of detach"
like "$ERR" "cannot remove '$PINS/web/1/': others have pinned something there" '... and error'
is "$(tcp_in app)" "$TCP" '... but enforcement has ended'
ok '... and what is not ours stays' test -e "$PINS/web/1/strange"
run_force status web
is "$STATUS" 1 '... status: exit status'
run_force attach web --cgroup "$CGROUPS/app"
is "$STATUS" 1 '... and attach says what is in its way'
like "$ERR" 'which an interrupted command left' '... too'
rm "$PINS/web/1/strange"
run_force detach web
is "$STATUS" 0 '... once it is removed, all is'
not_ok '... nothing is left' test -e "$PINS"

# in_mounts SCRIPT COMMAND...: runs both with mounts of their own.
cat >"$TMP/in_mounts" <<-'END'
	#!/bin/sh
	exec unshare -m sh -c 'eval "$0" >/dev/null && exec "$@"' "$@"
END
chmod +x "$TMP/in_mounts"
fails_with 1 "no BPF file system is mounted there \(mount it: mount -t bpf bpf /sys/fs/bpf\)" \
	'no BPF file system' "$TMP/in_mounts" 'umount /sys/fs/bpf' "$MPTCP_FORCE" attach web --cgroup "$CGROUPS/app"
fails_with 1 'no BPF file system is mounted there' \
	'another file system' "$TMP/in_mounts" 'mount -t tmpfs none /sys/fs/bpf' "$MPTCP_FORCE" attach web --cgroup "$CGROUPS/app"
fails_with 1 "cannot create '$PINS': Read-only file system \(remount it" \
	'a read-only one' "$TMP/in_mounts" 'mount -t bpf -o ro none /sys/fs/bpf' "$MPTCP_FORCE" attach web --cgroup "$CGROUPS/app"
bpftool map create "$PINS" type array key 4 value 4 entries 1 name strange
fails_with 1 "cannot open '$PINS': Not a directory \(something else is pinned there: remove it\)" \
	"a pin of others in the folder's place" "$MPTCP_FORCE" attach web --cgroup "$CGROUPS/app"
rm "$PINS"
mkdir -m 755 "$PINS"
fails_with 1 "cannot use '$PINS': it belongs to user 0 with mode 755" \
	'a folder that others can read' "$MPTCP_FORCE" attach web --cgroup "$CGROUPS/app"
fails_with 1 "cannot use '$PINS': it belongs to user 0 with mode 755" '... status' "$MPTCP_FORCE" status
chmod 700 "$PINS"
chown nobody "$PINS"
fails_with 1 "cannot use '$PINS': it belongs to user [1-9]" 'a folder of another user' \
	"$MPTCP_FORCE" attach web --cgroup "$CGROUPS/app"
rmdir "$PINS"
attach_ok web --cgroup "$CGROUPS/app"
is "$(tcp_in app)" "$MPTCP" '... once all that is removed, attach succeeds'
"$TMP/in_mounts" 'mount -t bpf none /sys/fs/bpf' "$MPTCP_FORCE" status web >/dev/null 2>"$TMP/elsewhere"
like "$(cat "$TMP/elsewhere")" "scope 'web' has ended" 'without its BPF file system, the scope has ended'
run_force detach web
is "$STATUS" 0 '... which does not end it'

force_stop
rmdir "$CGROUPS/app" "$CGROUPS/holder"
done_testing

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs: host
#
# tests/vm/run does what its help says. Runs on the host, with the kernel $KERNEL.

set -euo pipefail

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/lib/tap.sh
. "$HERE/../lib/tap.sh"

KERNEL=${KERNEL:-6.12}
PROJECT=$(cd "$HERE/../.." && pwd)
WORK=$(mktemp -d)
export VM_OUT=$WORK/out TMPDIR=$WORK/tmp
mkdir "$VM_OUT" "$TMPDIR"
trap 'rm -rf "$WORK"' EXIT
cd "$PROJECT"

# run_vm ARG...: sets STATUS; its output goes to $WORK/stdout and $WORK/stderr.
run_vm() {
	STATUS=0
	"$HERE/run" "$@" >"$WORK/stdout" 2>"$WORK/stderr" || STATUS=$?
}

# nothing_left: tests/vm/run left no directory, and no QEMU with our directory in its arguments.
# shellcheck disable=SC2317  # called by ok
nothing_left() {
	local left
	left=$(ls "$TMPDIR" && grep -lzF "path=$VM_OUT" /proc/[0-9]*/cmdline 2>/dev/null)
	diag "${left:+left behind: $left}"
	[ -z "$left" ]
}

wrong_usage() {
	run_vm 5.4 -- true
	is "$STATUS" 2 'an unknown kernel is a usage error'
	like "$(cat "$WORK/stderr")" "'5.4'.*known: 6.1 6.12 7.2 7.3" '... which names it and the known ones'
	run_vm "$KERNEL"
	is "$STATUS" 2 'so is no command'
	run_vm -t 1x "$KERNEL" -- true
	is "$STATUS" 2 'so is a deadline that is not a number'
	run_vm --frobnicate "$KERNEL" -- true
	is "$STATUS" 2 'so is an unknown option'
	run_vm -i "$KERNEL" -- true </dev/null
	is "$STATUS" 2 'so is interactive use without a terminal'
}

# Everything that can be checked in one boot.
# shellcheck disable=SC2016  # for the guest's shell
readonly PROBE='
	cd "$MPTCP_OUT"
	cat bytes
	{
		printf "%s|" "$@"
		uname -r
		hostname
		echo "$OLDPWD"
		id -u
		echo "$VM_KERNEL $LAB_PROBE ${PRIVATE-unset}"
		readlink /proc/self/fd/0
		cat /proc/sys/net/mptcp/enabled
		grep -c update_socket_protocol /sys/kernel/btf/vmlinux
		stat -f -c %T /sys/fs/cgroup /sys/fs/bpf
	} >facts
	touch ../canary && echo touched >>facts
	echo err >/dev/stderr
	exit 77'

one_boot() {
	local release hook=1
	release=$(cat "$("$PROJECT/scripts/fetch-kernel" "$KERNEL")/release")
	[ "$KERNEL" != 6.1 ] || hook=0
	# Carriage returns, zeros (the end mark starts with one), and no newline at the end.
	{ head -c 300000 /dev/urandom && printf '\r\n\n\r\0\0 \0'; } >"$VM_OUT/bytes"
	# shellcheck disable=SC2016  # must arrive as it is
	MPTCP_OUT=$VM_OUT LAB_PROBE="it's \"passed\"" PRIVATE=secret \
		run_vm "$KERNEL" -- bash -c "$PROBE" sh 'a  b' "'c'" '$d' ''
	is "$STATUS" 77 'the exit status is passed through'
	ok 'standard output arrives byte for byte' cmp "$VM_OUT/bytes" "$WORK/stdout"
	# The first run on a machine also reports, once, that KVM does not work there.
	is "$(sed '/^vm: kvm boots no kernel on this host/d' "$WORK/stderr")" err 'standard error arrives, separately'
	is "$(cat "$VM_OUT/facts")" "a  b|'c'|\$d||$release
vm-$KERNEL
$PROJECT
0
$KERNEL it's \"passed\" unset
/dev/null
1
$hook
cgroup2fs
bpf_fs
touched" 'arguments, kernel, directory, user, environment and file systems are as documented'
	ok 'what the guest writes below VM_OUT is on the host' test -s "$VM_OUT/facts"
	not_ok '... and what it writes elsewhere is not' test -e "$WORK/canary"
}

signals() {
	# shellcheck disable=SC2016  # for the guest's shell
	run_vm "$KERNEL" -- sh -c 'kill -KILL $$'
	is "$STATUS" 137 'a command killed by a signal is reported as 128+N'
	is "$(cat "$WORK/stdout" "$WORK/stderr")" '' '... with nothing printed'
}

interrupted() {
	local run status=0
	"$HERE/run" "$KERNEL" -- sh -c 'echo started; sleep 600' >"$WORK/stdout" 2>"$WORK/stderr" &
	run=$!
	ok 'output arrives while the command runs' wait_for 60 grep -q started "$WORK/stdout"
	kill -TERM "$run"
	wait "$run" || status=$?
	is "$status" 143 'SIGTERM ends it'
	ok '... and leaves nothing behind' nothing_left
}

deadline() {
	run_vm -t 4 "$KERNEL" -- sleep 600
	is "$STATUS" 124 'the deadline ends it'
	like "$(cat "$WORK/stderr")" 'deadline of 4 s' '... and says so'
	ok '... and leaves nothing behind' nothing_left
}

# Processes of the guest relay output to the host, and end with the guest's kernel. The guest therefore panics
# only after the host has received its output.
panics() {
	local run
	STATUS=0
	# shellcheck disable=SC2016 # for the guest's shell
	"$HERE/run" "$KERNEL" -- sh -c 'echo before
		echo warning >&2
		until [ -e "$0/panic" ]; do sleep 0.05; done
		echo c >/proc/sysrq-trigger' "$VM_OUT" >"$WORK/stdout" 2>"$WORK/stderr" &
	run=$!
	ok 'output arrives before the kernel panics' wait_for 120 all_printed
	touch "$VM_OUT/panic"
	wait "$run" || STATUS=$?
	is "$STATUS" 1 'a kernel panic is a failure'
	is "$(cat "$WORK/stdout")" before '... what was printed before it arrives'
	like "$(cat "$WORK/stderr")" "$KERNEL: the kernel panicked.*sysrq" '... and it is reported with the log'
	like "$(cat "$WORK/stderr")" $'^(.*\n)?warning\n' '... after what the command wrote to standard error'
}

# shellcheck disable=SC2317 # called by wait_for
all_printed() {
	grep -qx before "$WORK/stdout" && grep -qx warning "$WORK/stderr"
}

# Instead of QEMU, a program that closes one of the two streams before it writes to the other.
pump_drains() {
	local status=0
	"$HERE/pump" "$WORK/status" token 60 sh -c 'exec 3>&-; echo late >&4' 2>"$WORK/stderr" || status=$?
	is "$status" 1 'if QEMU ends before the command, the pump fails'
	is "$(cat "$WORK/stderr")" late '... but passes on all that QEMU wrote'
	status=0
	"$HERE/pump" "$WORK/status" token 60 sh -c 'printf "early\\0token 0\n" >&3; exec 3>&-; echo late >&4' \
		>"$WORK/stdout" 2>"$WORK/stderr" || status=$?
	is "$status" 1 '... even if one of the streams was complete'
	is "$(cat "$WORK/stdout" "$WORK/stderr")" earlylate '... and passes on both'
}

wrong_usage
one_boot
signals
interrupted
deadline
panics
pump_drains
done_testing

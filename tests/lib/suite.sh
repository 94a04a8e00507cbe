# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Which test files there are, and where each of them runs.

# On this machine, as root: network namespaces, and virtual machines from outside.
# shellcheck disable=SC2034 # for tests/run
HOST_TESTS=(tests/lab/lab.t tests/vm/vm.t tests/failover/runner.t)
# The same, but busy with a virtual machine of their own for minutes: beside the guests.
# shellcheck disable=SC2034 # for tests/run
BENCH_TESTS=(tests/failover/short.t)

# guest_tests KERNEL: in a virtual machine.
guest_tests() {
	force_tests "$1"
	echo tests/lab/faults.t
	echo tests/watch/{lifecycle,initial,subflows,fallback,failover,reused,link,outage,monitor,watchers,filters,output,load,errors,compilers}.t
}

# force_tests KERNEL: those of mptcp-force. The hook is there since Linux 6.6: what needs it can only be
# refused before.
force_tests() {
	case $1 in
	6.1) echo tests/force/unsupported.t ;;
	*) echo tests/force/{scope,untouched,namespace,io_uring,threads,lifecycle,run,errors,check,compilers}.t \
		tests/programs/programs.t tests/watch/with_force.t tests/failover/handson.t ;;
	esac
}

# in_guest KERNEL COMMAND...: runs it there, with the deadline for all tests together. Ends with the
# shell that waits for it, also where that ignores the keyboard's signals.
in_guest() {
	local kernel=$1
	shift
	setpriv --pdeathsig TERM tests/vm/run -t 1500 "$kernel" -- "$@"
}

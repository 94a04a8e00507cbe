# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Finds the test files, every *.t below tests/, and where each of them runs: by a line '# Runs: PLACE' in it, or by
# its folder. PLACE is one of
#
#	check           without root and kernel, by tests/check
#	host            on this machine, as root: network namespaces, and virtual machines from outside
#	host, long      the same, but it runs virtual machines for minutes: in parallel with the guests
#	guest           in a virtual machine, on every kernel
#	guest, hook     in a virtual machine whose kernel has the hook (Linux 6.6 or later)
#	guest, no hook  in a virtual machine whose kernel does not

SUITE_ROOT=${SUITE_ROOT:-tests}

# place_of FILE
place_of() {
	local place
	place=$(sed -n '1,/^$/s/^# Runs: //p' "$1")
	case ${place:-$1} in
	check | host | 'host, long' | guest | 'guest, hook' | 'guest, no hook') echo "$place" ;;
	"$SUITE_ROOT"/docs/*) echo check ;;
	"$SUITE_ROOT"/force/*) echo 'guest, hook' ;;
	"$SUITE_ROOT"/watch/*) echo guest ;;
	*) echo nowhere ;;
	esac
}

# tests_at PLACE...: the test files of these places, one per line.
tests_at() {
	local file place found wanted
	while read -r file; do
		found=$(place_of "$file")
		for wanted in "$@"; do
			[ "$found" != "$wanted" ] || echo "$file"
		done
	done < <(find "$SUITE_ROOT" -type f -name '*.t' | LC_ALL=C sort)
}

# every_test_runs: fails, and names the files, if some run nowhere.
every_test_runs() {
	local file status=0
	while read -r file; do
		echo "suite: nothing says where '$file' runs (see tests/lib/suite.sh)" >&2
		status=1
	done < <(tests_at nowhere)
	return "$status"
}

# guest_tests KERNEL: in a virtual machine.
guest_tests() {
	tests_at guest "guest, $(hook_of "$1")"
}

# part_of NUMBER PARTS: of the lines that it reads, one of every PARTS, beginning with that NUMBER from 0 on.
part_of() {
	awk -v number="$1" -v parts="$2" 'NR % parts == (number + 1) % parts'
}

# hook_of KERNEL
hook_of() {
	case $1 in
	6.1) echo 'no hook' ;;
	*) echo hook ;;
	esac
}

# in_guest KERNEL COMMAND...: runs it there, with one deadline for all tests together. Ends with the
# shell that waits for it, even if that ignores the keyboard's signals.
in_guest() {
	local kernel=$1
	shift
	setpriv --pdeathsig TERM tests/vm/run -t "${GUEST_DEADLINE:-3600}" -m "${GUEST_MEMORY:-2048}" "$kernel" -- "$@"
}

# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Suites of other projects, for pair.py: built or found outside, run in a virtual machine.

# Where guests can read and write.
readonly SUITES_OUT=build/out/suites
SUITES=()

# add_suite NAME DIRECTORY SELECT COMMAND...: see pair.py.
add_suite() {
	SUITES+=("$(jq -n '{ name: $ARGS.positional[0], directory: $ARGS.positional[1], select: $ARGS.positional[2],
		command: $ARGS.positional[3:] }' --args -- "$@")")
}

# run_suites LANGUAGE KERNEL...: all that were added, in a machine for each kernel.
run_suites() {
	local language=$1 kernel status=0
	shift
	mkdir -p "$SUITES_OUT"
	printf '%s\n' "${SUITES[@]}" | jq -s . >"$SUITES_OUT/$language.json"
	for kernel in "$@"; do
		echo "== Linux $kernel"
		GUEST_DEADLINE=14400 in_guest "$kernel" python3 tests/long/suites/pair.py "$SUITES_OUT/$language.json" \
			docs/programs.md "$SUITES_OUT/$kernel" || status=1
	done
	return "$status"
}

# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Suites of other projects, for pair.py: built or found outside, run in virtual machines, a piece of a suite in each.

# Where guests can read and write.
readonly SUITES_OUT=build/out/suites
PIECES=()
declare -A SUITES
WANTED=()
KERNELS_WANTED=()

# parse_suites ARG...: sets WANTED and KERNELS_WANTED.
parse_suites() {
	while [ $# -gt 0 ]; do
		case $1 in
		-p)
			WANTED+=("${2:?-p needs the name of a piece}")
			shift
			;;
		*) KERNELS_WANTED+=("$1") ;;
		esac
		shift
	done
	[ ${#KERNELS_WANTED[@]} -gt 0 ] || KERNELS_WANTED=(6.12 7.3)
}

# add_piece NAME DIRECTORY SELECT COMMAND... -- ALL...: see pair.py.
add_piece() {
	PIECES+=("$1")
	SUITES[$1]=$(jq -n '$ARGS.positional | index("--") as $border | { name: .[0], directory: .[1], select: .[2],
		command: .[3:$border], all: .[$border + 1:] }' --args -- "$@")
}

# check_wanted: all pieces, unless some were asked for.
check_wanted() {
	local piece
	[ ${#WANTED[@]} -gt 0 ] || WANTED=("${PIECES[@]}")
	for piece in "${WANTED[@]}"; do
		[ -n "${SUITES[$piece]:-}" ] || {
			echo "unknown piece '$piece' (known: ${PIECES[*]})" >&2
			exit 2
		}
	done
}

# run_suites: a virtual machine for each piece and kernel.
run_suites() {
	local kernel piece status=0
	check_wanted
	mkdir -p "$SUITES_OUT"
	for kernel in "${KERNELS_WANTED[@]}"; do
		for piece in "${WANTED[@]}"; do
			echo "== Linux $kernel, $piece"
			echo "${SUITES[$piece]}" >"$SUITES_OUT/$piece.json"
			GUEST_MEMORY=4096 in_guest "$kernel" python3 tests/long/suites/pair.py "$SUITES_OUT/$piece.json" \
				docs/programs.md "$SUITES_OUT/$kernel" || {
				echo "piece '$piece' failed on Linux $kernel (repeat it with '$0 -p $piece $kernel')"
				status=1
			}
		done
	done
	return "$status"
}

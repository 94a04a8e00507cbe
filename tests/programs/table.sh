# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# The table of results: one row for each program, from its run 'forced'.
#
# shellcheck disable=SC2154 # see programs.t and run.sh

# write_table SUFFIX PROGRAM...: SUFFIX is -long for those that mptcp-watch watched.
write_table() {
	local program suffix=$1 file
	file=build/out/programs$suffix-${VM_KERNEL:-$(uname -r)}
	shift
	mkdir -p build/out
	for program in "$@"; do
		row "$program"
	done | jq -s --arg kernel "${VM_KERNEL:-$(uname -r)}" '{ kernel: $kernel, programs: . }' >"$file.json"
	"markdown${suffix/-/_}" <"$file.json" >"$file.md"
	cat "$file.md"
}

# row PROGRAM: a JSON object.
row() {
	local run=$WORK/$1.forced
	load_program "$1"
	examine "$run"
	jq -n '{ program: $program, version: $version, linkage: $linkage, forced: ($kinds == "mptcp mptcp"),
		second_subflow: ($joins == "yes yes"), job_done: ($job == "done"),
		does: $does, options: $options, refused: $refused }' \
		--arg does "$DOES" --arg options "$OPTIONS" --arg refused "$([ -z "$WATCHED" ] || refused "$run")" \
		--arg program "$TITLE" --arg version "$(said "$run/version")" --arg linkage "$(said "$run/linkage")" \
		--arg kinds "${KINDS[client]} ${KINDS[server]}" --arg joins "${JOINS[client]} ${JOINS[server]}" \
		--arg job "$JOB"
}

markdown() {
	jq -r 'def answer: if . then "yes" else "**no**" end;
		"| program | version | linkage | forced (both ends) | second subflow | job done |",
		"|---|---|---|---|---|---|",
		(.programs[] | "| \(.program) | \(.version) | \(.linkage) | \(.forced | answer) | " +
			"\(.second_subflow | answer) | \(.job_done | answer) |")'
}

markdown_long() {
	jq -r 'def answer: if . then "yes" else "**no**" end;
		"| program | version | job | options | forced (both ends) | second subflow | job done | options refused |",
		"|---|---|---|---|---|---|---|---|",
		(.programs[] | "| \(.program) | \(.version) | \(.does) | \(.options) | \(.forced | answer) | " +
			"\(.second_subflow | answer) | \(.job_done | answer) | \(if .refused == "" then "-" else .refused end) |")'
}

# said FILE: what is in it; nothing if the run did not come that far.
said() {
	[ ! -e "$1" ] || echo "$(<"$1")"
}

# examine RUN: sets JOB, and for client and server
#	KINDS[]    of all the connections, each once: mptcp, tcp, mixed
#	JOINS[]    yes if each has its second subflow
#	ENDS[]     addresses and ports of all of it
#	SECOND[]   how many sockets there are on the second path
declare -A KINDS JOINS ENDS SECOND
examine() {
	local host
	JOB=$(said "$1/job")
	for host in client server; do
		KINDS[$host]='' JOINS[$host]=yes ENDS[$host]='' SECOND[$host]=0
		[ ! -e "$1/$host.view" ] || examine_view "$host" <"$1/$host.view"
		[ -n "${KINDS[$host]}" ] || JOINS[$host]=no
	done
}

examine_view() { # HOST
	local end kind join
	while read -r end kind join; do
		if [ "$end" = others ]; then
			SECOND[$1]=$((SECOND[$1] + kind))
			continue
		fi
		[[ " ${KINDS[$1]} " == *" $kind "* ]] || KINDS[$1]=${KINDS[$1]:+${KINDS[$1]} }$kind
		ENDS[$1]=${ENDS[$1]:+${ENDS[$1]}, }"$end $join"
		if [ "$join" = - ]; then
			JOINS[$1]=no
		else
			SECOND[$1]=$((SECOND[$1] + 1))
		fi
	done
}

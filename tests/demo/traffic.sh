# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# One run of the traffic over the lab, during which r1 fails and recovers.

readonly PORT=5003
readonly RATE=20                             # packets of 1 KB a second: few, for emulation
readonly DURATION=20 FAIL_AT=5 RESTORE_AT=15 # seconds

declare -A SUBFLOWS # by run: the largest number of subflows that one connection had

# run_traffic NAME: leaves the program's report in $WORK/NAME.json.
run_traffic() {
	start_server
	mkfifo "$WORK/client.err"
	start client "$PROGRAM" -address "$(address4 1 2):$PORT" -nconn 1 -rate "$RATE" \
		-psize 1024 -timeout "${DURATION}s" -monitor
	CLIENT=$STARTED SUBFLOWS[$1]=0
	follow "$1" <"$WORK/client.err"
	wait "$CLIENT" || die 1 "the client '$PROGRAM' ended with status $?, as reported above"
	rm "$WORK/client.err"
	mv "$WORK/client.out" "$WORK/$1.json"
	stop_server
}

# start HOST COMMAND...: runs it on that host of the lab, in the cgroup and in the background, as STARTED.
start() {
	{
		echo 0 >"$CGROUP/cgroup.procs" # 0: the writing process
		exec tests/lab/lab exec "$@"
	} >"$WORK/$1.out" 2>"$WORK/$1.err" </dev/null &
	STARTED=$!
}

# On all addresses: the second subflow connects to another address than the first.
start_server() {
	start server "$PROGRAM" -server -address "[::]:$PORT"
	SERVER=$STARTED
	wait_for 30 listening_or_gone || true
	listening ||
		die 1 "the server '$PROGRAM' does not listen on port $PORT: $(<"$WORK/server.err")"
}

stop_server() {
	kill "$SERVER" 2>/dev/null || true
	wait "$SERVER" || true
}

listening() {
	[ -n "$(inside server ss -Htln "sport = :$PORT")" ]
}

# shellcheck disable=SC2317 # called by wait_for
listening_or_gone() {
	listening || ! kill -0 "$SERVER"
}

# follow NAME: shows the progress lines, one per second, and lets r1 fail and recover when due. The traffic
# began one second before the first line.
follow() {
	local line faults=()
	BEGAN=
	while read -r line; do
		if [ -z "$BEGAN" ]; then
			BEGAN=$((${EPOCHREALTIME/[.,]/} - 1000000))
			echo "$BEGAN" >"$WORK/began"
		fi
		announce "$line"
		if [ ${#faults[@]} -eq 0 ] && [ "$NOW" -ge "$FAIL_AT" ]; then
			fault fail 'r1 drops everything' "$RED" &
			faults+=($!)
		elif [ ${#faults[@]} -eq 1 ] && [ "$NOW" -ge "$RESTORE_AT" ]; then
			fault restore 'r1 forwards again' "$GREEN" &
			faults+=($!)
		else
			count_subflows "$1"
		fi
	done
	[ ${#faults[@]} -eq 2 ] ||
		die 1 "the client '$PROGRAM' reported for less than $RESTORE_AT s"
	wait "${faults[@]}"
}

# announce TEXT [COLOUR]: shows the text, and sets NOW to the nearest second since the traffic began.
announce() {
	NOW=$(second_of "${EPOCHREALTIME/[.,]/}")
	show "$NOW" "$@"
}

second_of() { # TIME, in microseconds
	echo $((($1 - BEGAN + 500000) / 1000000))
}

show() { # SECOND TEXT [COLOUR]
	printf '%4d s  %s%s%s\n' "$1" "${3:-}" "$2" "${3:+$PLAIN}"
}

fault() { # VERB TEXT COLOUR
	tests/lab/lab "$1" r1
	announce ">>> $2" "$3"
}

# count_subflows NAME: raises SUBFLOWS[NAME] to the client's current number. All subflows of a connection have
# its token, which ss shows as token:REMOTE(id:N)/LOCAL(id:N).
count_subflows() {
	local subflow='tcp-ulp-mptcp .* token:[0-9a-f]+\(id:[0-9]+\)/([0-9a-f]+)' line token
	local -A count=()
	while read -r line; do
		[[ $line =~ $subflow ]] || continue
		token=${BASH_REMATCH[1]}
		count[$token]=$((${count[$token]:-0} + 1))
		[ "${count[$token]}" -le "${SUBFLOWS[$1]}" ] || SUBFLOWS[$1]=${count[$token]}
	done < <(inside client ss -tniHO state established "dport = :$PORT")
}

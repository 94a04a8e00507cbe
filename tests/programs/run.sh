# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # the program files read what is set here
#
# Runs one program, client and server, in the lab, and notes what was seen of its connection.
#
# A program is a file PROGRAM.sh, here or in long/, which has:
#
#	TITLE          its name in the table
#	NEEDS          words COMMAND:PACKAGE; or a file below build/ that make builds, without a package
#	CONNECTIONS    how many the client makes, if it is not one
#	MORE_CONNECTIONS   how many that are over before the test looks, if any (only where WATCHED)
#	DOES, OPTIONS  for the table of long/: its job, and the options that it sets
#	version        prints it
#	prepare        makes what client and server need, in $RUN; if anything
#	executables    prints the programs whose linkage the table shows, if not all of NEEDS
#	server         serves $PORT until killed, and keeps listening, at all addresses: the second subflow
#	               comes to another address than the first, and is refused if nobody listens there
#	client         does the job, which must not end before 'gate' returns; writes $RUN/client.out
#	job_done       succeeds when the result of the job is right
#
# They start programs with 'on HOST COMMAND...'. All that one phase of a program starts is in a cgroup:
#
#	forced, forced6   in scope of mptcp-force; over IPv4, over IPv6
#	plain             not in scope
#	mptcpize          not in scope, but run by 'mptcpize run'

LISTEN_DEADLINE=120 # seconds, also for a database or a Java machine in an emulated processor among others
EVIDENCE_DEADLINE=120
JOB_DEADLINE=120

load_program() { # PROGRAM
	CONNECTIONS=1 MORE_CONNECTIONS=0 DOES='' OPTIONS=''
	prepare() { :; }
	executables() { printf '%s\n' "${NEEDS[@]%:*}"; }
	# shellcheck source=/dev/null
	. "$(find "$PROGRAMS" -name "$1.sh" | head -n 1)"
}

# run_program PROGRAM PHASE PORT: leaves in $WORK/PROGRAM.PHASE client.view and server.view (see views.awk),
# job ('done' or why not), version, and what ss and the programs said.
run_program() {
	PHASE=$2 PORT=$3
	RUN=$WORK/$1.$PHASE
	load_program "$1"
	set_phase "$1"
	prepare
	echo "$PORT" >"$RUN/port"
	if [ "$PHASE" = forced ]; then
		version >"$RUN/version"
		linkage >"$RUN/linkage"
	fi
	start server
	SERVER_PID=$STARTED
	if await "$LISTEN_DEADLINE" unless_gone listening && listening; then
		start client
		await "$EVIDENCE_DEADLINE" unless_gone settled || true
		echo >&"$GATE"
		finish_job >"$RUN/job"
	else
		echo "the server does not listen" >"$RUN/job"
	fi
	end_scope
	echo "# after $SECONDS s: $1 $PHASE: $(<"$RUN/job")" >&3
}

# set_phase PROGRAM: ANY and SERVER are addresses; URL_ANY, URL_SERVER and the others are as before a port.
set_phase() {
	local family=4 format='%s'
	ANY=0.0.0.0
	[ "$PHASE" != forced6 ] || family=6 format='[%s]' ANY=::
	SERVER=$("address$family" 1 2)
	# shellcheck disable=SC2059 # see above
	{
		printf -v URL_ANY "$format" "$ANY"
		printf -v URL_SERVER "$format" "$SERVER"
		printf -v SERVER2 "$format" "$("address$family" 4 2)"
		printf -v CLIENT "$format" "$("address$family" 2 221)"
		printf -v CLIENT2 "$format" "$("address$family" 6 221)"
	}

	WRAPPER=()
	[ "$PHASE" != mptcpize ] || WRAPPER=(mptcpize run)
	# Below the one in scope, and made after the start: descendants are in scope as well.
	SCOPE=$CGROUPS/outside/$1-$PHASE
	[[ $PHASE != forced* ]] || SCOPE=$CGROUPS/forced/$1-$PHASE
	mkdir "$SCOPE"

	mkfifo "$RUN/gate"
	exec {GATE}<>"$RUN/gate" # both ends, so that none waits for the other to open it
}

# limit_buffers: in the lab's own namespaces. MPTCP sends from as much as all its subflows' buffers together.
limit_buffers() {
	local host
	for host in client server; do
		inside "$host" sysctl -qw net.ipv4.tcp_rmem='4096 131072 262144' net.ipv4.tcp_wmem='4096 16384 262144'
	done
}

# gate: returns when the test has seen what it wants.
gate() {
	read -r -u "$GATE"
}

# start server|client: in the background and in scope; its pid is in STARTED.
start() {
	{
		echo 0 >"$SCOPE/cgroup.procs" # 0 is who writes it
		"$1"
	} >"$RUN/$1.out" 2>"$RUN/$1.err" </dev/null &
	STARTED=$!
}

# on HOST COMMAND...: takes the place of the calling subshell.
on() {
	local host=$1
	shift
	exec nsenter --net="/run/netns/$LAB_NAME-$host" -- "${WRAPPER[@]}" "$@"
}

# look HOST: at its established sockets of this port; sets VIEW, see views.awk.
look() {
	inside "$1" ss -tMnHOi state established "( sport = :$PORT or dport = :$PORT )" >"$RUN/$1.ss"
	VIEW=$(awk -v side="$1" -v port="$PORT" -v client="$CLIENT" -v server="$URL_SERVER" \
		-v client2="$CLIENT2" -v server2="$SERVER2" -f "$PROGRAMS/views.awk" "$RUN/$1.ss")
	echo "$VIEW" >"$RUN/$1.view"
}

# unless_gone COMMAND...: for await, when the program started last has to live for it ever to succeed.
unless_gone() {
	"$@" || gone "$STARTED"
}

# server_has COUNT STATE: that number of the server's sockets is in this state, as /proc/net/tcp has it. Asked
# before ss is, because it starts no process: in an emulated machine that is what costs.
server_has() {
	local table lines line count=0 port
	printf -v port '%04X' "$PORT"
	for table in "/proc/$SERVER_PID/net/tcp" "/proc/$SERVER_PID/net/tcp6"; do
		mapfile -t lines <"$table"
		for line in "${lines[@]}"; do
			[[ ! $line =~ ^[^:]+:\ [0-9A-F]+:$port\ [0-9A-F:]+\ $2\  ]] || count=$((count + 1))
		done
	done
	[ "$count" -ge "$1" ]
}

listening() {
	server_has 1 0A
}

# settled: client and server see the same connections, all there are to come, with all that MPTCP brings or
# none of it. What is in between may still change.
settled() {
	local client line count=0
	server_has "$CONNECTIONS" 01 || return 1
	look client
	client=$VIEW
	while read -r line; do
		[[ ! $line =~ ' tcp -'$|' mptcp '.*'>' ]] || count=$((count + 1))
	done <<<"$client"
	[ "$count" -eq "$CONNECTIONS" ] || return 1
	look server
	[ "$VIEW" = "$client" ]
}

# finish_job: waits for the client and says what came of it.
finish_job() {
	local status=0
	if ! await "$JOB_DEADLINE" gone "$STARTED"; then
		echo "the client does not end"
		return
	fi
	wait "$STARTED" || status=$?
	if [ "$status" -ne 0 ]; then
		echo "the client ended with status $status"
	elif ! job_done; then
		echo "the result is wrong"
	else
		echo "done"
	fi
}

gone() {
	! kill -0 "$1" 2>/dev/null
}

# end_scope: ends what is left of this run, by its pids, and makes what does not want to.
end_scope() {
	# shellcheck disable=SC2046 # words
	kill $(<"$SCOPE/cgroup.procs") 2>/dev/null || true
	await 10 rmdir "$SCOPE" && return
	echo 1 >"$SCOPE/cgroup.kill"
	await 10 rmdir "$SCOPE"
}

# linkage: static or dynamic, and setuid, of what the program's executables are.
linkage() {
	local file words all=()
	for file in $(executables); do
		file=$(readlink -f "$(command -v "$file")")
		words=static
		[[ $(readelf -lW "$file") != *INTERP* ]] || words=dynamic
		[ ! -u "$file" ] || words="$words, setuid"
		[[ " ${all[*]} " == *" $words "* ]] || all+=("$words")
	done
	(IFS=/ && echo "${all[*]}")
}

# await SECONDS COMMAND...: wait_for of tap.sh, but without a process for each time it sleeps: when a machine is
# emulated, waiting must not be what keeps its processors busy.
await() {
	local deadline=$((SECONDS + $1))
	shift
	until "$@" >/dev/null 2>&1; do
		[ "$SECONDS" -lt "$deadline" ] || return 1
		read -r -t 0.3 -u "$NEVER" || true
	done
}

# The job of the programs that talk with an echo server: a text, of which one half is sent while the test
# looks at the connection and the other half goes after that.
send_text() {
	seq 1 500
	gate
	seq 501 1000
}

text_came_back() {
	cmp -s "$RUN/client.out" <(seq 1 1000)
}

# The job of the programs that download: nobody reads it before the test has looked at the connection. The
# buffers of both ends must not hold all of it, or the server would be done and close: see limit_buffers.
make_download() {
	mkdir "$RUN/www"
	head -c 4M /dev/urandom >"$RUN/www/file"
}

take_download() {
	gate
	sha256sum
}

download_is_right() {
	[ "$(cat "$RUN/client.out")" = "$(sha256sum <"$RUN/www/file")" ]
}

# segments_at_most BYTES: those of all subflows, the second as well, when the test looked.
segments_at_most() {
	local text sizes
	text=$(cat "$RUN/client.ss" "$RUN/server.ss")
	sizes=$(grep -oE ' mss:[0-9]+' <<<"$text" | cut -d: -f2)
	awk -v most="$1" '$1 > most { print "a segment size of " $1; wrong = 1 } END { exit wrong || !NR }' <<<"$sizes" >&2
}

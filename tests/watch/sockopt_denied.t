#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Socket options that MPTCP refuses, when they are set and when they are read; and none that it accepts.

. "$(dirname "$0")/lib.sh"

mkdir -p /sys/fs/cgroup/noisy /sys/fs/cgroup/quiet
query_start
watch_start denied --events sockopt_denied

# call CGROUP PROTOCOL CALL LEVEL NUMBER [TIMES]: a process there makes the call on a socket, and prints the errno.
call() {
	in_cgroup "$1" python3 -IS - "${@:2}" <<-'PYTHON'
		import errno, os, socket, sys
		protocol, call, level, number = sys.argv[1], *sys.argv[2:5]
		times = int(sys.argv[5]) if len(sys.argv) > 5 else 1
		made = socket.socket(proto=int(protocol))
		for _ in range(times):
		    try:
		        if call == "set":
		            made.setsockopt(int(level), int(number), 1)
		        else:
		            made.getsockopt(int(level), int(number))
		        error = 0
		    except OSError as failure:
		        error = failure.errno
		print(os.getpid(), error)
	PYTHON
}

read -r pid error < <(call quiet 262 set 6 18) # TCP_USER_TIMEOUT
reported sockopt_denied "\"pid\":$pid,"
is "$(value "pid == $pid" 'call, level, optname, option, error, uid, comm, cgroup')" \
	"('setsockopt', 6, 18, 'TCP_USER_TIMEOUT', $error, 0, 'python3', '/quiet')" 'an option that could not be set, and its owner'
is "$error" 92 '... which the kernel refused with ENOPROTOOPT'
read -r pid error < <(call quiet 262 get 6 12) # TCP_QUICKACK
reported sockopt_denied "\"pid\":$pid,"
is "$(value "pid == $pid" 'call, level, optname, option, error')" "('getsockopt', 6, 12, 'TCP_QUICKACK', $error)" \
	'an option that could not be read'
is "$error" 95 '... which the kernel refused with EOPNOTSUPP'
read -r pid error < <(call quiet 262 set 41 16) # IPV6_UNICAST_HOPS
reported sockopt_denied "\"pid\":$pid,"
is "$(value "pid == $pid" 'level, option')" "(41, 'IPV6_UNICAST_HOPS')" 'an option of another level'
read -r pid error < <(call quiet 262 set 6 250)
reported sockopt_denied "\"pid\":$pid,"
is "$(value "pid == $pid" 'level, optname, option')" '(6, 250, None)' 'an option without a name has numbers only'

# Negatives: each is followed by one that is reported, so that it would have been, too.
count_before=$(count True)
for works in '262 set 6 1' '262 set 1 9' '262 get 6 1' '262 get 6 11' '6 set 6 18' '6 get 6 12' '6 set 6 250' '6 get 6 250'; do
	# shellcheck disable=SC2086 # words are intended
	call quiet $works >/dev/null
done
call quiet 262 set 6 7 >/dev/null # TCP_SYNCNT
reported sockopt_denied TCP_SYNCNT
is "$(count True)" "$((count_before + 1))" 'no option that works, and nothing of TCP sockets'

# A process that does nothing else hides nobody.
call noisy 262 set 6 18 3000 >/dev/null
call quiet 262 set 6 10 >/dev/null # TCP_WINDOW_CLAMP
reported sockopt_denied TCP_WINDOW_CLAMP
is "$(count "option == 'TCP_WINDOW_CLAMP'")" 1 'a process of another cgroup is reported during a flood'
noisy=$(count "cgroup == '/noisy'")
ok 'of the flood, a burst is reported' [ "$noisy" -ge 100 ]
ok '... and little more' [ "$noisy" -lt 1500 ]
watch_stop
is "$WATCH_STATUS" 0 'it ends'
noisy=$(count "cgroup == '/noisy'")
lost=$(value "event == 'lost' and lost_event == 'sockopt_denied' and reason == 'rate_limit'" count |
	tr ' ' '\n' | awk '{ sum += $1 } END { print sum + 0 }')
is "$((noisy + lost))" 3000 'the rest is counted as lost'

# With a filter.
watch_start filtered --events sockopt_denied --cgroup /sys/fs/cgroup/quiet
call noisy 262 set 6 17 >/dev/null # TCP_THIN_DUPACK
call quiet 262 set 6 17 >/dev/null
reported sockopt_denied
is "$(value True cgroup)" /quiet '--cgroup: only its processes'
watch_stop

done_testing

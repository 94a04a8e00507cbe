# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# The ways a path can fail. A kind K is two functions, found by their names:
#
#	fault_K_apply ROUTER	makes the path through the router fail
#	fault_K_undo ROUTER	mends it; also after an apply that got only half way
#
# and a line in fault_kinds_help. Which fault is in force is written on the router's loopback interface, as
# its alias: it is gone when the namespace is, however that came about.

fault_kinds_help() {
	cat <<-'END'
		  drop    the router forwards nothing and says nothing (the default)
		  reject  the router forwards nothing and says so, by ICMP
	END
}

fault_kinds() {
	compgen -A function | sed -n 's/^fault_\(.*\)_apply$/\1/p'
}

fault_kind_exists() {
	[[ $1 != *[!a-z0-9_]* ]] && declare -F "fault_$1_apply" >/dev/null
}

# The classic: iptables -A FORWARD -j DROP.
fault_drop_apply() {
	forward_rule "$1" -A DROP
}

fault_drop_undo() {
	forward_rule "$1" -D DROP
}

fault_reject_apply() {
	forward_rule "$1" -A REJECT
}

fault_reject_undo() {
	forward_rule "$1" -D REJECT
}

# forward_rule ROUTER -A|-D TARGET: for all that the router forwards, in both families.
forward_rule() {
	local router=$1 action=$2 target=$3 status=0
	inside "$router" iptables -w "$action" FORWARD -j "$target" || status=1
	inside "$router" ip6tables -w "$action" FORWARD -j "$target" || status=1
	return "$status"
}

# fault_in_force ROUTER: prints the kind, or nothing.
fault_in_force() {
	ip -n "$LAB_NAME-$1" link show dev lo | sed -n 's/^ *alias fault:\(.*\)$/\1/p'
}

remember_fault() {
	ip -n "$LAB_NAME-$1" link set dev lo alias "fault:$2"
}

forget_fault() {
	ip -n "$LAB_NAME-$1" link set dev lo alias ""
}

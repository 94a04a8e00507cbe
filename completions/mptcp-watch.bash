# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Completion for mptcp-watch(8). Cgroups, units and names of tasks are completed as for mptcp-force(8), whose
# completion is installed beside this one.

# The names are those of docs/events.md.
_mptcp_watch_events() {
	local chosen=${cur%"${cur##*,}"}
	local names='created established closed fallback
		sub_established sub_closed sub_priority join_failed stale recovered
		failover resumed
		announced removed listener_created listener_closed
		upgraded sockopt_denied lost'
	compopt -o nospace # a comma may follow
	mapfile -t COMPREPLY < <(compgen -P "$chosen" -W "$names" -- "${cur##*,}")
}

# A number takes a unit.
_mptcp_watch_times() {
	[[ $cur != +([0-9]) ]] || COMPREPLY=("$cur"{s,m,h,d})
}

# By name, as 'ip netns' has it, or by path.
_mptcp_watch_netns() {
	if [[ $cur == */* ]]; then
		_filedir
	else
		mapfile -t COMPREPLY < <(cd /run/netns 2>/dev/null && compgen -f -- "$cur")
	fi
}

# A command, which comes first, its file, or options.
_mptcp_watch_words() { # PROGRAM
	local command=
	[[ $cword -eq 1 || ${words[1]} == -* ]] || command=${words[1]}
	if [[ $cur == -* ]]; then
		_mptcp_force_options "$1" "$command"
	elif [[ $command == re* ]]; then
		_filedir
	elif [[ $cword -eq 1 ]]; then
		mapfile -t COMPREPLY < <(compgen -W 'record replay check' -- "$cur")
	else
		_mptcp_force_options "$1" "$command"
	fi
}

_mptcp_watch() {
	# shellcheck disable=SC2034 # set by _init_completion
	local cur prev words cword split
	_init_completion -s -n : || return

	declare -F _mptcp_force_cgroups >/dev/null || __load_completion mptcp-force
	case $prev in
	--cgroup) _mptcp_force_cgroups ;;
	--unit) _mptcp_force_units ;;
	--comm) _mptcp_force_comms ;;
	--events) _mptcp_watch_events ;;
	--netns) _mptcp_watch_netns ;;
	--duration) _mptcp_watch_times ;;
	--buffer | --connections | --count | --port) ;; # a number
	*) $split || _mptcp_watch_words "$1" ;;
	esac
}

complete -F _mptcp_watch mptcp-watch

# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Completion for mptcp-force(8). bash-completion loads it when it is first needed, and has those of the
# functions used here that are not ours.

# The first cgroup v2 mount, as mptcp-force itself looks for it: on a hybrid system it is elsewhere.
_mptcp_force_cgroup_mount() { # MOUNTINFO
	local path rest
	while read -r _ _ _ _ path rest; do
		if [[ $rest == *' - cgroup2 '* ]]; then
			printf '%b' "$path" # a space is \040 there
			return
		fi
	done <"$1"
}

_mptcp_force_cgroups() {
	local mount
	mount=$(_mptcp_force_cgroup_mount /proc/self/mountinfo)
	if [[ $mount && $mount/ == "$cur"* && $mount/ != "$cur" ]]; then
		compopt -o nospace
		COMPREPLY=("$(printf '%q' "$mount/")")
	else
		_filedir -d
	fi
	__ltrim_colon_completions "$cur"
}

# Services, slices and scopes that systemd knows, without templates.
_mptcp_force_units() {
	local name
	while read -r name; do
		printf -v name '%q' "$name"
		[[ $name != "$cur"* ]] || COMPREPLY+=("$name")
	done < <({
		systemctl list-units --all --full --plain --no-legend --type=service,slice,scope
		systemctl list-unit-files --full --no-legend --type=service,slice
	} 2>/dev/null | awk '$2 != "not-found" && $1 !~ /@\./ { print $1 }' | sort -u)
	__ltrim_colon_completions "$cur"
}

# The names of all threads but the kernel's own, which are the children of process 2.
_mptcp_force_comms() {
	local name
	while read -r name; do
		printf -v name '%q' "${name% <defunct>}"
		[[ $name != "$cur"* ]] || COMPREPLY+=("$name")
	done < <(ps -L -p 2 --ppid 2 --deselect -o comm= | sort -u)
	__ltrim_colon_completions "$cur"
}

# By name; by number once a digit is typed.
_mptcp_force_uids() {
	if [[ $cur == [0-9]* ]]; then
		_uids
	else
		mapfile -t COMPREPLY < <(compgen -u -- "$cur")
	fi
}

_mptcp_force_targets() {
	mapfile -t COMPREPLY < <(compgen -W 'mptcp tcp' -- "$cur")
}

_mptcp_force_landlock_unknown() {
	mapfile -t COMPREPLY < <(compgen -W 'allow refuse' -- "$cur")
}

# The names of attached scopes: the notes of attach, in which two bytes are escaped.
_mptcp_force_names() { # FOLDER
	local path name
	for path in "$1"/*; do
		[[ -e $path ]] || continue
		name=${path##*/}
		name=${name//%2E/.}
		name=${name//%5C/\\}
		[[ $name != "$cur"* ]] || COMPREPLY+=("$(printf '%q' "$name")")
	done
	__ltrim_colon_completions "$cur"
}

# The options of a command, or of the form without one.
_mptcp_force_options() { # PROGRAM [COMMAND]
	mapfile -t COMPREPLY < <(compgen -W "$(_parse_help "$1" "${2:+$2 }--help")" -- "$cur")
	[[ ${COMPREPLY[0]-} != *= ]] || compopt -o nospace
}

# Its own options, then a command, which has a completion of its own: behind --, or the first word
# that is no option.
_mptcp_force_run() { # PROGRAM
	local i
	for ((i = 2; i < cword; i++)); do
		if [[ ${words[i]} == --to || ${words[i]} == --landlock-unknown ]]; then
			((++i)) # its argument
			[[ ${words[i]} != = ]] || ((++i))
			((i < cword)) || break
			continue
		fi
		[[ ${words[i]} == -* && ${words[i - 1]} != -- ]] || break
	done
	if [[ $prev == --to && $i -ge $cword ]]; then
		_mptcp_force_targets
	elif [[ $prev == --landlock-unknown && $i -ge $cword ]]; then
		_mptcp_force_landlock_unknown
	elif [[ $i -eq $cword && $cur == -* && ${words[i - 1]} != -- ]]; then
		_mptcp_force_options "$1" run
	else
		_command_offset "$i"
	fi
}

_mptcp_force() {
	local cur prev words cword split command=
	_init_completion -s -n : || return

	if ((cword > 1)) && [[ ${words[1]} == run ]]; then
		_mptcp_force_run "$1"
		return
	elif ((cword > 1)) && [[ ${words[1]} == check ]]; then
		_mptcp_force_options "$1" check
		return
	elif ((cword > 1)) && [[ ${words[1]} == detach || ${words[1]} == status ]]; then
		if [[ $cur == -* ]]; then
			_mptcp_force_options "$1" "${words[1]}"
		else
			_mptcp_force_names /run/mptcp-force
		fi
		return
	elif ((cword > 1)) && [[ ${words[1]} == audit || ${words[1]} == attach ]]; then
		command=${words[1]}
	fi
	case $prev in
	--cgroup | --exclude-cgroup) _mptcp_force_cgroups ;;
	--unit) _mptcp_force_units ;;
	--comm | --exclude-comm) _mptcp_force_comms ;;
	--uid) _mptcp_force_uids ;;
	--to) _mptcp_force_targets ;;
	--landlock-unknown) _mptcp_force_landlock_unknown ;;
	--duration) ;;
	*)
		if [[ $cword -eq 1 && $cur != -* ]]; then
			mapfile -t COMPREPLY < <(compgen -W 'run attach detach status audit check' -- "$cur")
		elif [[ $cword -eq 2 && $command == attach && $cur != -* ]]; then
			_mptcp_force_names /run/mptcp-force
		elif ! $split; then
			_mptcp_force_options "$1" ${command:+"$command"}
		fi
		;;
	esac
}

complete -F _mptcp_force mptcp-force

# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# The program that makes the traffic: the one that TRAFFIC names, or the project's own.

# choose_program: sets PROGRAM.
choose_program() {
	PROGRAM=${TRAFFIC:-build/traffic}
	[ -e "$PROGRAM" ] || refuse_program 'no such file' 'give the path of a program'
	[ -f "$PROGRAM" ] || refuse_program 'it is not a file' 'give the path of a program'
	[ -x "$PROGRAM" ] || refuse_program 'it is not executable' 'see chmod(1)'
}

refuse_program() { # REASON REMEDY
	[ -n "${TRAFFIC:-}" ] ||
		die 1 "cannot make traffic with '$PROGRAM': $1 (build it with 'make $PROGRAM')"
	die 2 "cannot make traffic with TRAFFIC='$TRAFFIC': $1 ($2, or leave TRAFFIC unset)"
}

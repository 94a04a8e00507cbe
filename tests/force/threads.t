#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Threads create sockets at once and are preempted while they do. The kernel skips a BPF program that another
# task is in the middle of. Every socket becomes MPTCP nevertheless.

. "$(dirname "$0")/lib.sh"

MANY_SOCKETS=$PROJECT/build/tests/many_sockets

mkdir -p "$CGROUPS/app" "$CGROUPS/other"
force_start force --cgroup "$CGROUPS/app"
is "$(in_cgroup app "$MANY_SOCKETS" 1 1000)" 1000 'one thread: all are MPTCP'
is "$(in_cgroup app "$MANY_SOCKETS" 8 2000)" 16000 'eight threads at once: all are MPTCP'
is "$(in_cgroup other "$MANY_SOCKETS" 8 1000)" 0 'eight threads outside the scope: none is'
force_stop
like "$(cat "$TMP/force.err")" 'upgraded: 17000, ' 'the summary counts each once'

mkdir -p "$CGROUPS/app/excluded"
force_start exclusion --cgroup "$CGROUPS/app" --exclude-cgroup "$CGROUPS/app/excluded"
is "$(in_cgroup app/excluded "$MANY_SOCKETS" 1 1000)" 0 'one thread in an excluded cgroup: none is'
force_stop
like "$(cat "$TMP/exclusion.err")" 'excluded: 1000' 'the summary counts each of these once, too'

done_testing

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What mptcp-watch refuses: a helpful message, and the documented exit status. As root, on any kernel: nothing
# here gets as far as watching. The unit tests have more wrong options.

set -uo pipefail

PROJECT=$(cd "$(dirname "$0")/../.." && pwd)
TMP=$(mktemp -d)
trap 'rm -rf "$TMP"' EXIT

# shellcheck source=tests/lib/tap.sh
. "$PROJECT/tests/lib/tap.sh"

chmod 755 "$TMP"
cp "${MPTCP_WATCH:-$PROJECT/build/mptcp-watch}" "$TMP/mptcp-watch"
WATCH=$TMP/mptcp-watch
AS_NOBODY=(setpriv --reuid nobody --clear-groups)

# shellcheck source=tests/watch/fails.sh
. "$PROJECT/tests/watch/fails.sh"

# Usage.
fails_with 2 "unknown event 'clsoed' \(did you mean 'closed'\? The events are created, .*, lost\)" \
	'an unknown event' "$WATCH" --events closed,clsoed
fails_with 2 '--comm can be given only once' 'two names' "$WATCH" --comm curl --comm wget
fails_with 2 "invalid --duration '5x': expected a number of seconds, or a number followed by s, m, h or d" 'an unknown unit' \
	"$WATCH" --duration 5x
fails_with 2 "invalid --port '0': expected a number from 1 to 65535" 'port 0' "$WATCH" --port 0
fails_with 2 "invalid --port '65536'" 'port 65536' "$WATCH" --port 65536
fails_with 2 'cannot be used together' 'JSON for the width of a terminal' "$WATCH" --json --wide
fails_with 2 "unknown command 'recrod' \(did you mean 'record'\?\)" 'a mistyped command' "$WATCH" recrod "$TMP/a"
fails_with 2 "'record' must be the first argument" 'a command behind an option' "$WATCH" --json record "$TMP/a"
fails_with 2 'no FILE given' 'a recording without a name' "$WATCH" record
fails_with 2 "unexpected argument '$TMP/b'" 'two recordings' "$WATCH" record "$TMP/a" "$TMP/b"
fails_with 2 "unrecognized option '--port'" 'a replay with a filter' "$WATCH" replay "$TMP/a" --port 80

# Paths that do not exist, or lead to something else.
fails_with 1 "cannot open cgroup '/sys/fs/cgroup/none': No such file or directory" \
	'a cgroup that does not exist' "$WATCH" --cgroup /sys/fs/cgroup/none
fails_with 1 "cannot ask systemd for unit 'web.service': No such file .*\(is systemd running here\?" \
	'a unit without systemd' "$WATCH" --unit web
fails_with 1 "cannot use cgroup '/tmp': it is not a cgroup" 'an ordinary directory instead of a cgroup' "$WATCH" --cgroup /tmp
fails_with 1 "cannot open network namespace '/run/netns/none': No such file .*ip netns list" \
	'a network namespace that does not exist' "$WATCH" --netns none
fails_with 1 "cannot use '$WATCH': it is not a network namespace" 'a file instead of one' "$WATCH" --netns "$WATCH"
fails_with 1 "cannot use '/proc/self/ns/mnt': it is not a network namespace" 'another kind of namespace' \
	"$WATCH" --netns /proc/self/ns/mnt

# Callers and kernels.
fails_with 4 'not permitted without .*CAP_BPF.*\(run it as root' 'a caller who is not root' \
	"${AS_NOBODY[@]}" "$WATCH"
# shellcheck disable=SC2016 # for the inner shell
fails_with 3 'lacks the kernel.s type information .*CONFIG_DEBUG_INFO_BTF=y' 'a kernel without BTF' \
	unshare -m sh -c 'mount -t tmpfs none /sys/kernel/btf && exec "$0"' "$WATCH"

# Recordings that cannot be created.
fails_with 1 "cannot create recording '$TMP/none/it': No such file or directory" \
	'a directory that does not exist' "$WATCH" record "$TMP/none/it"
fails_with 1 "cannot create recording '$TMP': Is a directory \(give the path of a file\)" 'a directory to record to' \
	"$WATCH" record "$TMP"
fails_with 1 "cannot write recording '/dev/full': No space left on device" 'a full disk' \
	"$WATCH" record /dev/full

done_testing

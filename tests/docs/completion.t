#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What Tab offers after 'mptcp-force ...' and 'mptcp-watch ...'. Needs 'make' and the package bash-completion.

set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh

export PATH=$PWD/build:$PATH

# complete_words WORD...: what is offered for the last of them after TOOL, on one line.
complete_words() {
	bash --norc -c '
		. /usr/share/bash-completion/bash_completion
		. completions/mptcp-force.bash
		. completions/mptcp-watch.bash
		compopt() { :; } # refused where nobody pressed Tab
		eval "$(declare -f _mptcp_force_names | sed "1s/.*/names_in()/")"
		_mptcp_force_names() { names_in "$NAMES"; }
		_mptcp_force_cgroup_mount() { printf "%s" "$MOUNT"; } # this host may have none
		tool=$1
		shift
		line="$tool $*"
		COMP_WORDS=("$tool" "$@") COMP_CWORD=$# COMP_LINE=${line// = /=}
		COMP_POINT=${#COMP_LINE}
		"_${tool/-/_}" "$tool" "${COMP_WORDS[-1]}" "${COMP_WORDS[-2]}"
		printf "%s\n" "${COMPREPLY[@]}"' bash "$TOOL" "$@" | LC_ALL=C sort | paste -sd' '
}

# cgroup_mount FILE: the mount of cgroup v2 in a file like /proc/self/mountinfo.
cgroup_mount() {
	bash --norc -c '. completions/mptcp-force.bash && _mptcp_force_cgroup_mount "$1"' bash "$1"
}

TMP=$(mktemp -d)
trap 'rm -rf "$TMP"' EXIT

cat >"$TMP/mountinfo" <<-'MOUNTINFO'
	21 1 0:19 / /proc rw,nosuid shared:5 - proc proc rw
	25 22 0:22 / /sys/fs/cgroup/systemd rw shared:9 - cgroup cgroup rw,name=systemd
	26 22 0:23 / /sys/fs/cg\040roup rw,nosuid shared:10 - cgroup2 cgroup2 rw,nsdelegate
	27 22 0:24 / /second rw - cgroup2 cgroup2 rw
MOUNTINFO
is "$(cgroup_mount "$TMP/mountinfo")" '/sys/fs/cg roup' 'the first mount of cgroup v2, with a space in its path'
sed -i '/ - cgroup2 /d' "$TMP/mountinfo"
is "$(cgroup_mount "$TMP/mountinfo")" '' '... which not every system has'

export MOUNT=/mount/of/cgroup2

mkdir "$TMP/names"
touch "$TMP/names/web" "$TMP/names/php8%2E2-fpm" "$TMP/names/a%5Cx2db"
export NAMES=$TMP/names

mkdir "$TMP/bin"
cat >"$TMP/bin/systemctl" <<-'SYSTEMCTL'
	#!/bin/sh
	case $1 in
	list-units)
		echo 'nginx.service     loaded    active   running nginx'
		echo 'gone.service      not-found inactive dead    gone.service'
		echo 'system-a\x2d.slice loaded    active   active  Slice'
		;;
	list-unit-files)
		echo 'nginx.service     enabled enabled'
		echo 'getty@.service    enabled enabled'
		echo 'never.service     disabled enabled'
		;;
	esac
SYSTEMCTL
chmod +x "$TMP/bin/systemctl"
PATH=$TMP/bin:$PATH

TOOL=mptcp-force
is "$(complete_words '')" 'attach audit check detach run status' 'commands are completed first'
is "$(complete_words --ex)" '--exclude-cgroup= --exclude-comm=' 'options of the form without a command'
is "$(complete_words --all --q)" '--quiet' '... also after another'
is "$(complete_words run --)" '--disguise --help --landlock-unknown= --opt-out --quiet --to= --verbose --version' \
	'options of run'
is "$(complete_words --to '')" 'mptcp tcp' 'what --to can be'
is "$(complete_words --to = t)" 'tcp' '... also behind ='
is "$(complete_words run --to '')" 'mptcp tcp' '... and for run'
is "$(complete_words --landlock-unknown '')" 'allow refuse' 'what --landlock-unknown can be'
is "$(complete_words run --landlock-unknown = a)" 'allow' '... also for run'
is "$(complete_words run --to = m)" 'mptcp' '... behind ='
is "$(complete_words run --to tcp mptcp-forc)" 'mptcp-force' '... where the command follows'
is "$(complete_words check --j)" '--json' 'options of check'
is "$(complete_words status '')" 'a\\x2db php8.2-fpm web' 'names of attached scopes'
is "$(complete_words detach w)" 'web' '... to detach'
is "$(complete_words attach p)" 'php8.2-fpm' '... or to replace'
is "$(NAMES=$TMP/none complete_words detach '')" '' '... if there are any'
is "$(complete_words detach --)" '--all --help --quiet --verbose --version' 'options of detach'
is "$(complete_words status --j)" '--json' '... of status'
is "$(complete_words attach web --cgroup '')" "$MOUNT/" '... and the scope of attach'
is "$(complete_words attach web --no)" '--no-opt-out' '... with an option of its own'
is "$(complete_words audit --d)" '--duration=' 'options of audit'
is "$(complete_words audit --cgroup '')" "$MOUNT/" '... and its scope'
is "$(complete_words --cgroup '')" "$MOUNT/" 'a cgroup begins with the mount of cgroup v2'
is "$(complete_words --cgroup = /)" "$MOUNT/" '... also behind ='
is "$(complete_words --unit '')" 'never.service nginx.service system-a\\x2d.slice' \
	'units, without templates and without those that do not exist'
is "$(complete_words audit --unit = ng)" 'nginx.service' '... also behind =, and for audit'
is "$(complete_words --uid roo)" 'root' 'a user by name'
is "$(complete_words --uid 6553)" '65534' '... or number'
like " $(complete_words --comm '') " ' bash ' 'names of tasks'
is "$(complete_words run -- mptcp-forc)" 'mptcp-force' 'a command behind --'
is "$(complete_words run -q mptcp-forc)" 'mptcp-force' '... or without'
is "$(complete_words run -- mptcp-force check --j)" '--json' '... with its own options'
is "$(complete_words run ls READM)" 'README.md' '... and arguments'

TOOL=mptcp-watch
events=$(sed -n 's/^### //p' docs/events.md | LC_ALL=C sort | paste -sd' ')
is "$(complete_words --n)" '--netns= --no-initial' 'options of mptcp-watch'
is "$(complete_words --json --ev)" '--events=' '... also after another'
is "$(complete_words --events '')" "$events" 'names of events'
is "$(complete_words --events = failover,re)" 'failover,recovered failover,removed failover,resumed' \
	'... also after a comma'
is "$(complete_words --cgroup '')" "$MOUNT/" 'a cgroup, as for mptcp-force'
like " $(complete_words --comm '') " ' bash ' '... and names of tasks'
is "$(complete_words --unit ne)" 'never.service' '... and units'
is "$(complete_words --netns /proc/self/ns/ne)" '/proc/self/ns/net' 'a network namespace by path'
is "$(complete_words '')" 'check record replay' 'commands are completed first'
is "$(complete_words replay READM)" 'README.md' 'a recording'
is "$(complete_words record READM)" 'README.md' '... also to be written'
is "$(complete_words replay --w)" '--wide' 'options of replay'
is "$(complete_words replay --ev)" '--events=' '... with an argument'
is "$(complete_words replay --po)" '' '... and no filters'
is "$(complete_words record file --po)" '--port=' 'options of record'
is "$(complete_words check --j)" '--json' 'options of check'
is "$(complete_words --port '')" '' 'nothing for a number'
is "$(complete_words --duration 5)" '5d 5h 5m 5s' '... but the units of a time'
is "$(complete_words --duration 5m)" '' '... once'

MOUNT=
TOOL=mptcp-force
is "$(complete_words --cgroup tests/doc)" 'tests/docs' 'without cgroup v2, directories'

done_testing

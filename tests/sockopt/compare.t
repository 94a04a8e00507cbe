#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs: check
#
# compare.py finds differences between what the probe printed of TCP sockets and of forced ones, and allows those that
# the decision table and differences.tsv do.

set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh

WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
MAKEFLAGS='' make -s build/tests/sockopt/table.tsv >&2

# shellcheck disable=SC2317 # the checks call it by name
# allows [KIND STATE] LEVEL NUMBER NAME TCP FORCED: what the probe printed for the steps below.
allows() {
	local kind=forced state=new
	if [ $# -gt 5 ]; then
		kind=$1 state=$2
		shift 2
	fi
	{
		printf 'steps\tfirst get\tset 1\tset 200\tset NULL in 4 bytes\tthen get 4 bytes\tthen get -1 bytes\n'
		printf 'tcp\tinet\t%s\t%s\t%s\t%s\t%s\n' "$state" "$1" "$2" "$3" "$4"
		printf '%s\tinet\t%s\t%s\t%s\t%s\t%s\n' "$kind" "$state" "$1" "$2" "$3" "$5"
	} >"$WORK/probed"
	tests/sockopt/compare.py build/tests/sockopt/table.tsv tests/sockopt/differences.tsv "$WORK/results" \
		"$WORK/probed" >"$WORK/report"
}

nodelay=(IPPROTO_TCP 1 TCP_NODELAY '4:0 0>4:1 0>4:1 EFAULT>4:1 4:1 EINVAL')
ok 'an option that is as on TCP' allows "${nodelay[@]}" '4:0 0>4:1 0>4:1 EFAULT>4:1 4:1 EINVAL'
is "$(grep -v '^#' "$WORK/results")" $'IPPROTO_TCP\t1\tTCP_NODELAY\tset,get\tsame\tsame' '... is reported as the same'
not_ok 'another value before it is set' allows "${nodelay[@]}" '4:1 0>4:1 0>4:1 EFAULT>4:1 4:1 EINVAL'
not_ok 'another length' allows "${nodelay[@]}" '4:0 0>4:1 0>4:1 EFAULT>4:1 1:01 EINVAL'
not_ok 'a value that is lost' allows "${nodelay[@]}" '4:0 0>4:0 0>4:0 EFAULT>4:0 4:0 EINVAL'
not_ok 'an error instead of success' allows "${nodelay[@]}" \
	'4:0 EOPNOTSUPP>4:0 EOPNOTSUPP>4:0 EFAULT>4:0 4:0 EINVAL'
not_ok 'success instead of an error' allows "${nodelay[@]}" '4:0 0>4:1 0>4:1 0>4:0 4:0 EINVAL'
not_ok 'another error' allows "${nodelay[@]}" '4:0 0>4:1 0>4:1 EINVAL>4:1 4:1 EINVAL'
ok 'memory that cannot be read may fail sooner' allows IPPROTO_TCP 1 TCP_NODELAY \
	'4:0 0>4:1 0>4:1 EINVAL>4:1 4:1 EINVAL' '4:0 0>4:1 0>4:1 EFAULT>4:1 4:1 EINVAL'
ok 'a negative length may fail' allows IPPROTO_TCP 1 TCP_NODELAY \
	'4:0 0>4:1 0>4:1 EFAULT>4:1 4:1 4:1' '4:0 0>4:1 0>4:1 EFAULT>4:1 4:1 EINVAL'

md5sig=(IPPROTO_TCP 14 TCP_MD5SIG 'ENOPROTOOPT 0>ENOPROTOOPT 0>ENOPROTOOPT EFAULT>ENOPROTOOPT ENOPROTOOPT EINVAL')
ok 'an option that is refused' allows "${md5sig[@]}" \
	'EOPNOTSUPP ENOPROTOOPT>EOPNOTSUPP ENOPROTOOPT>EOPNOTSUPP ENOPROTOOPT>EOPNOTSUPP EOPNOTSUPP EOPNOTSUPP'
like "$(cat "$WORK/results")" $'TCP_MD5SIG\tset\tget EOPNOTSUPP, set ENOPROTOOPT\t' '... is reported with its errors'
not_ok '... must not be as on TCP, unless the table says so' allows "${md5sig[@]}" "${md5sig[3]}"
not_ok '... nor fail with an error that is not one of refusal' allows "${md5sig[@]}" \
	'EOPNOTSUPP EPERM>EOPNOTSUPP EPERM>EOPNOTSUPP EPERM>EOPNOTSUPP EOPNOTSUPP EOPNOTSUPP'
not_ok '... nor change what is read' allows SOL_SOCKET 44 SO_LOCK_FILTER \
	'4:0 0>4:1 0>4:1 EFAULT>4:1 4:1 EINVAL' '4:0 EOPNOTSUPP>4:7 EOPNOTSUPP>4:7 EFAULT>4:7 4:7 EINVAL'

mtu=(IPPROTO_IP 14 IP_MTU '4:1500 ENOPROTOOPT>4:1500 ENOPROTOOPT>4:1500 EFAULT>4:1500 4:1500 EINVAL')
mtu_refused='EOPNOTSUPP ENOPROTOOPT>EOPNOTSUPP ENOPROTOOPT>EOPNOTSUPP EFAULT>EOPNOTSUPP EOPNOTSUPP EOPNOTSUPP'
ok 'an option that is refused until a fallback' allows forced connected "${mtu[@]}" "$mtu_refused"
not_ok '... must not be refused after it' allows fallback connected "${mtu[@]}" "$mtu_refused"

ttl=(IPPROTO_IP 2 IP_TTL '4:64 0>4:1 0>4:200 EFAULT>4:200 4:200 EINVAL')
ok 'a hop limit that limits who is reached is refused' allows "${ttl[@]}" \
	'4:64 EOPNOTSUPP>4:64 0>4:200 EFAULT>4:200 4:200 EINVAL'
not_ok '... but no other' allows "${ttl[@]}" '4:64 0>4:1 EOPNOTSUPP>4:1 EFAULT>4:1 4:1 EINVAL'

cookie=(SOL_SOCKET 57 SO_COOKIE '8:10 ENOPROTOOPT>8:10 ENOPROTOOPT>8:10 EFAULT>8:10 8:10 EINVAL')
ok 'a value that varies' allows "${cookie[@]}" '8:11 ENOPROTOOPT>8:11 ENOPROTOOPT>8:11 EFAULT>8:11 8:11 EINVAL'
not_ok '... has the same length' allows "${cookie[@]}" \
	'4:11 ENOPROTOOPT>4:11 ENOPROTOOPT>4:11 EFAULT>4:11 4:11 EINVAL'
ok 'an unknown option may fail with another error' allows SOL_SOCKET 91 '' \
	'ENOPROTOOPT ENOPROTOOPT>ENOPROTOOPT ENOPROTOOPT>ENOPROTOOPT EFAULT>ENOPROTOOPT ENOPROTOOPT EINVAL' \
	'ENOPROTOOPT EOPNOTSUPP>ENOPROTOOPT EOPNOTSUPP>ENOPROTOOPT EFAULT>ENOPROTOOPT ENOPROTOOPT EINVAL'
not_ok '... but must not succeed' allows SOL_SOCKET 91 '' \
	'ENOPROTOOPT ENOPROTOOPT>ENOPROTOOPT ENOPROTOOPT>ENOPROTOOPT EFAULT>ENOPROTOOPT ENOPROTOOPT EINVAL' \
	'ENOPROTOOPT 0>ENOPROTOOPT 0>ENOPROTOOPT EFAULT>ENOPROTOOPT ENOPROTOOPT EINVAL'

done_testing

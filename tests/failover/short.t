#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs: host, long
#
# The ways to die that differ most, over TCP and over MPTCP, in one virtual machine: each trial has to
# end as its scenario expects. 'make failover' runs all.

set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."

# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh

REPORT=build/failover-short/report.json
rm -f "$REPORT"
status=0
make --no-print-directory failover-short FAILOVER_KERNELS=6.12 >&2 || status=$?
is "$status" 0 'the scenarios end as expected'
while IFS=$'\t' read -r passed name; do
	is "$passed" true "$name"
done < <(jq -r '.[] | [.passed, "\(.scenario) over \(.mode), IPv\(.family)"] | @tsv' "$REPORT")
is "$(jq length "$REPORT")" 10 'every trial was run'

done_testing

# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2154 # see run.sh
#
# Verifies each byte itself. Static, and makes system calls without libc.

TITLE='Go generator'
NEEDS=(build/traffic)

version() {
	strings -n 5 build/traffic | awk '/^go1\.[0-9.]+$/ && !n++'
}

server() {
	on server build/traffic -server -address "$URL_ANY:$PORT"
}

client() {
	on client build/traffic -address "$URL_SERVER:$PORT" -nconn 1 -rate 50 -timeout 150s \
		-patience 60s &
	gate
	kill $!
	wait $!
}

job_done() {
	jq -e '.Survived and .Corrupt == 0 and .Received > 0' "$RUN/client.out" >/dev/null
}

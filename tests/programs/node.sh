# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2154 # see run.sh

TITLE=node
NEEDS=(node:nodejs)

version() {
	node --version | sed 's/^v//'
}

server() {
	on server node "$PROGRAMS/talk.js" listen "$ANY" "$PORT"
}

client() {
	send_text | on client node "$PROGRAMS/talk.js" connect "$SERVER" "$PORT"
}

job_done() {
	text_came_back
}

# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2154 # see run.sh

TITLE=python3
NEEDS=(python3:python3)

version() {
	python3 --version | sed 's/Python //'
}

server() {
	on server python3 "$PROGRAMS/talk.py" listen "$ANY" "$PORT"
}

client() {
	send_text | on client python3 "$PROGRAMS/talk.py" connect "$SERVER" "$PORT"
}

job_done() {
	text_came_back
}

# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2154 # see run.sh
#
# talk.c, owned by another user and setuid, started by an unprivileged one: the dynamic linker ignores what
# LD_PRELOAD says. The program ends with an error if it does not find itself that privileged.

TITLE='setuid program'
NEEDS=(build/tests/talk)

CALLER=(setpriv --reuid=nobody --regid=nogroup --clear-groups)

version() {
	echo -
}

prepare() {
	install -o daemon -m 4755 build/tests/talk "$RUN/talk"
}

executables() {
	echo "$RUN/talk"
}

server() {
	on server "${CALLER[@]}" "$RUN/talk" listen "$ANY" "$PORT"
}

client() {
	send_text | on client "${CALLER[@]}" "$RUN/talk" connect "$SERVER" "$PORT"
}

job_done() {
	text_came_back
}

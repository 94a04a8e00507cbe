# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2154 # see run.sh
#
# One static executable, both ends: httpd goes on listening while it serves.

TITLE='busybox wget, httpd'
NEEDS=(busybox:busybox-static)

version() {
	busybox --help | awk 'NR == 1 { print substr($2, 2) }'
}

prepare() {
	make_download
}

server() {
	on server busybox httpd -f -p "$URL_ANY:$PORT" -h "$RUN/www"
}

client() {
	on client busybox wget -q -O - "http://$URL_SERVER:$PORT/file" | take_download
}

job_done() {
	download_is_right
}

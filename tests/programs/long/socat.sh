# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2016,SC2034,SC2154 # see run.sh

TITLE=socat
NEEDS=(socat:socat)
DOES='echoes a text'
OPTIONS='`mss`, `syncnt`, `linger2`, `window-clamp`, `oobinline`, `mtudiscover`, `ttl`, `quickack`, `nodelay`, `keepidle`; `defer-accept`'

SET=mss=1200,syncnt=3,linger2=30,window-clamp=60000,oobinline=1,mtudiscover=2,ttl=60,quickack=1,nodelay,keepalive,keepidle=30

version() {
	socat -V | awk '/^socat version/ { print $3 }'
}

server() {
	on server socat "TCP-LISTEN:$PORT,bind=$ANY,reuseaddr,fork,defer-accept=1,$SET" EXEC:cat
}

client() {
	send_text | on client socat -t 60 - "TCP:$SERVER:$PORT,$SET"
}

job_done() {
	text_came_back && segments_at_most 1200
}

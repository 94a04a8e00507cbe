# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2016,SC2034,SC2154 # see run.sh

TITLE='curl, squid'
NEEDS=(squid:squid curl:curl busybox:busybox-static)
DOES='proxies a download'
OPTIONS='`tcpkeepalive=`, `disable-pmtu-discovery=always` (IP_MTU_DISCOVER), `tcp_outgoing_tos`, `clientside_tos`, `tcp_recv_bufsize`'

version() {
	squid -v | sed -n '1s/.*Version //p'
}

executables() {
	echo squid
}

prepare() {
	BEHIND=127.0.0.1:$((PORT + 10000))
	make_download
	install -d -o proxy "$RUN/logs"
	cat >"$RUN/squid.conf" <<-END
		http_port 0.0.0.0:$PORT tcpkeepalive=60,30,3 disable-pmtu-discovery=always
		http_access allow all
		tcp_outgoing_tos 0x20 all
		clientside_tos 0x20 all
		tcp_recv_bufsize 65536 bytes
		cache deny all
		cache_mem 1 MB
		cache_log $RUN/logs/cache
		access_log none
		pid_filename none
		coredump_dir $RUN/logs
		pinger_enable off
		shutdown_lifetime 1 second
		visible_hostname lab.test
		dns_nameservers 127.0.0.1
		max_filedescriptors 1024
	END
}

server() {
	inside server busybox httpd -f -p "$BEHIND" -h "$RUN/www" &
	on server squid -N -f "$RUN/squid.conf"
}

client() {
	on client curl -sSf --noproxy '' --proxy "http://$URL_SERVER:$PORT" "http://$BEHIND/file" | take_download
}

job_done() {
	download_is_right && ! grep -iE 'setsockopt|commSet|FATAL' "$RUN/logs/cache" >&2
}

# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2016,SC2034,SC2154 # see run.sh
#
# A reverse proxy in front of itself. The default of AcceptFilter sets TCP_DEFER_ACCEPT to 30 s.

TITLE='curl, apache2'
NEEDS=(apache2:apache2 curl:curl)
DOES='serves a download, as a reverse proxy of itself'
OPTIONS='`AcceptFilter http data`, `SendBufferSize`, `EnableSendfile`, `KeepAlive`, proxy `keepalive=On`'

version() {
	apache2 -v | sed -n '1s/.*Apache.\([^ ]*\).*/\1/p'
}

executables() {
	echo apache2
}

prepare() {
	local behind=$((PORT + 10000)) module
	make_download
	for module in mpm_event authz_core proxy proxy_http; do
		echo "LoadModule ${module}_module /usr/lib/apache2/modules/mod_$module.so"
	done >"$RUN/apache2.conf"
	cat >>"$RUN/apache2.conf" <<-END
		ServerName lab.test
		ServerRoot $RUN
		PidFile $RUN/apache2.pid
		ErrorLog $RUN/apache2.log
		Mutex file:$RUN default
		StartServers 1
		User www-data
		Group www-data
		Listen 0.0.0.0:$PORT
		Listen 127.0.0.1:$behind
		AcceptFilter http data
		SendBufferSize 65536
		EnableSendfile On
		KeepAlive On
		DocumentRoot $RUN/www
		<VirtualHost *:$PORT>
			ProxyPass / http://127.0.0.1:$behind/ keepalive=On
		</VirtualHost>
		<VirtualHost *:$behind>
		</VirtualHost>
	END
}

server() {
	on server apache2 -f "$RUN/apache2.conf" -D FOREGROUND
}

client() {
	on client curl -sSf --keepalive-time 30 "http://$URL_SERVER:$PORT/file" | take_download
}

# The log is for errors and warnings; each start is noted, too.
job_done() {
	download_is_right && ! grep -E ':(warn|error|crit|alert|emerg)]' "$RUN/apache2.log" >&2
}

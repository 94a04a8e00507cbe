# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2016,SC2034,SC2154 # see run.sh

TITLE='nginx with options'
NEEDS=(nginx:nginx curl:curl)
DOES='serves a download'
OPTIONS='`so_keepalive=30s:10:5`, `deferred`, `backlog`, `fastopen`, `reuseport`, `rcvbuf`, `sndbuf`, `tcp_nopush`; curl: `--tcp-fastopen`, `--keepalive-time`'

version() {
	nginx -v 2>&1 | sed 's/.*nginx.//'
}

executables() {
	echo nginx
}

prepare() {
	make_download
	cat >"$RUN/nginx.conf" <<-END
		daemon off;
		user root;
		worker_processes 1;
		pid $RUN/nginx.pid;
		error_log stderr;
		events { }
		http {
			access_log off;
			sendfile on;
			tcp_nopush on;
			reset_timedout_connection on;
			client_body_temp_path $RUN/body;
			proxy_temp_path $RUN/proxy;
			fastcgi_temp_path $RUN/fastcgi;
			uwsgi_temp_path $RUN/uwsgi;
			scgi_temp_path $RUN/scgi;
			server {
				listen $URL_ANY:$PORT so_keepalive=30s:10:5 deferred backlog=100 fastopen=10 reuseport rcvbuf=64k sndbuf=64k;
				root $RUN/www;
			}
		}
	END
}

server() {
	on server nginx -c "$RUN/nginx.conf" -e stderr
}

client() {
	on client curl -sSf --tcp-fastopen --keepalive-time 30 "http://$URL_SERVER:$PORT/file" | take_download
}

# nginx reports options that it could not set, and goes on without them.
job_done() {
	download_is_right && ! grep -i 'setsockopt' "$RUN/server.err" >&2
}

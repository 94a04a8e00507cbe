# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2154 # see run.sh

TITLE='curl, nginx'
NEEDS=(curl:curl nginx:nginx)

version() {
	curl --version | awk 'NR == 1 { printf "%s, ", $2 }'
	nginx -v 2>&1 | sed 's/.*nginx.//'
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
			client_body_temp_path $RUN/body;
			proxy_temp_path $RUN/proxy;
			fastcgi_temp_path $RUN/fastcgi;
			uwsgi_temp_path $RUN/uwsgi;
			scgi_temp_path $RUN/scgi;
			server {
				listen $URL_ANY:$PORT;
				root $RUN/www;
			}
		}
	END
}

server() {
	on server nginx -c "$RUN/nginx.conf" -e stderr
}

client() {
	on client curl -sSf "http://$URL_SERVER:$PORT/file" | take_download
}

job_done() {
	download_is_right
}

# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2016,SC2034,SC2154 # see run.sh
#
# With TLS in the kernel, if the kernel has it.

TITLE='curl, lighttpd'
NEEDS=(lighttpd:lighttpd /usr/lib/lighttpd/mod_openssl.so:lighttpd-mod-openssl curl:curl openssl:openssl)
DOES='serves a download over TLS'
OPTIONS='`defer-accept`, kTLS (TCP_ULP)'

version() {
	lighttpd -v | sed -n '1s,^lighttpd/\([^ ]*\).*,\1,p'
}

executables() {
	echo lighttpd
}

prepare() {
	make_download
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=lab.test \
		-addext "subjectAltName=IP:$SERVER" -keyout "$RUN/key.pem" -out "$RUN/certificate.pem" 2>/dev/null
	cat >"$RUN/lighttpd.conf" <<-END
		server.modules = ( "mod_openssl" )
		server.document-root = "$RUN/www"
		server.bind = "$ANY"
		server.port = $PORT
		server.defer-accept = 1
		ssl.engine = "enable"
		ssl.pemfile = "$RUN/certificate.pem"
		ssl.privkey = "$RUN/key.pem"
		ssl.openssl.ssl-conf-cmd = ( "Options" => "KTLS" )
	END
}

server() {
	on server lighttpd -D -f "$RUN/lighttpd.conf"
}

client() {
	on client curl -sSf --cacert "$RUN/certificate.pem" "https://$URL_SERVER:$PORT/file" | take_download
}

job_done() {
	download_is_right
}

# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2016,SC2034,SC2154 # see run.sh
#
# The client aborts a download by out-of-band data (ABOR), then downloads again over the same connection.

TITLE='vsftpd, ftplib of Python'
NEEDS=(vsftpd:vsftpd python3:python3)
DOES='serves downloads, one of which the client aborts with out-of-band data'
OPTIONS='`async_abor_enable` (SO_OOBINLINE)'

version() {
	vsftpd -v 0>&1 | sed 's/.* //'
}

executables() {
	echo vsftpd
}

prepare() {
	make_download
	mkdir -p /run/vsftpd/empty
	cat >"$RUN/vsftpd.conf" <<-END
		listen=YES
		listen_port=$PORT
		background=NO
		anonymous_enable=YES
		anon_root=$RUN/www
		no_anon_password=YES
		async_abor_enable=YES
		secure_chroot_dir=/run/vsftpd/empty
		xferlog_enable=NO
	END
}

server() {
	on server vsftpd "$RUN/vsftpd.conf"
}

client() {
	gate | on client python3 "$PROGRAMS/long/ftp.py" "$SERVER" "$PORT" file
}

job_done() {
	download_is_right
}

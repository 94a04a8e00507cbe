# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2016,SC2034,SC2154 # see run.sh
#
# The client names the files to fetch one after the other: the daemon has to wait for the second half.

TITLE='rsync'
NEEDS=(rsync:rsync)
DOES='fetches files from a daemon'
OPTIONS='`socket options`, `--sockopts`: SO_KEEPALIVE, TCP_NODELAY, IPTOS_THROUGHPUT, SO_SNDBUF; `--contimeout`'

version() {
	rsync --version | awk 'NR == 1 { print $3 }'
}

prepare() {
	mkdir "$RUN/files"
	seq 1 20 | while read -r number; do
		seq "$number" 1000 >"$RUN/files/$number"
	done
	SET=SO_KEEPALIVE,TCP_NODELAY,IPTOS_THROUGHPUT,SO_SNDBUF=65536
	cat >"$RUN/rsyncd.conf" <<-END
		socket options = $SET
		use chroot = no
		[files]
		path = $RUN/files
		uid = root
		gid = root
	END
}

server() {
	on server rsync --daemon --no-detach --config="$RUN/rsyncd.conf" --address="$ANY" --port="$PORT"
}

client() {
	send_names | on client rsync -r --files-from=- --sockopts="$SET" --contimeout=60 --timeout=150 \
		"rsync://$SERVER:$PORT/files/" "$RUN/copy/"
}

send_names() {
	seq 1 10
	gate
	seq 11 20
}

# rsync complains about an option that it could not set, and goes on.
job_done() {
	diff -r "$RUN/files" "$RUN/copy" && ! grep -i 'socket option' "$RUN/client.err" "$RUN/server.err" >&2
}

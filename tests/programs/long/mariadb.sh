# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2016,SC2034,SC2154 # see run.sh

TITLE='mariadb, mariadbd'
NEEDS=(mariadb:mariadb-client mariadbd:mariadb-server)
DOES='creates a table, fills and reads it'
OPTIONS='`tcp-keepalive-time`, `tcp-keepalive-interval`, `tcp-keepalive-probes`, `tcp-nodelay` (and sets IP_TOS)'

version() {
	mariadbd --version | sed 's/.* Ver \([0-9.]*\).*/\1/'
}

prepare() {
	install -d -o mysql "$RUN/data"
}

server() {
	on server mariadbd --no-defaults --user=mysql --datadir="$RUN/data" --socket="$RUN/data/socket" \
		--pid-file="$RUN/data/pid" --skip-grant-tables --skip-name-resolve --innodb-log-file-size=4M \
		--innodb-flush-log-at-trx-commit=0 --bind-address="$ANY" --port="$PORT" --tcp-keepalive-time=30 \
		--tcp-keepalive-interval=10 --tcp-keepalive-probes=5 --tcp-nodelay=1
}

client() {
	send_statements | on client mariadb --no-defaults --protocol=tcp -h "$SERVER" -P "$PORT" --unbuffered \
		--skip-column-names --batch
}

send_statements() {
	echo 'create database lab; use lab;'
	echo 'create table numbers as select seq as number from seq_1_to_1000;'
	gate
	echo 'select number from numbers order by number;'
}

job_done() {
	cmp -s "$RUN/client.out" <(seq 1 1000) && ! grep -i 'setsockopt' "$RUN/server.err" >&2
}

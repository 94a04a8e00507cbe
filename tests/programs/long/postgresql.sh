# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2016,SC2034,SC2154 # see run.sh

TITLE='psql, postgresql'
NEEDS=(psql:postgresql-client)
DOES='creates a table, fills and reads it'
OPTIONS='`tcp_user_timeout`, `tcp_keepalives_*`, `client_connection_check_interval`; the same in psql'

INSTALLED=(/usr/lib/postgresql/*/bin)
POSTGRES=${INSTALLED[-1]}
NEEDS+=("$POSTGRES/postgres:postgresql")
AS_POSTGRES=(setpriv --reuid=postgres --regid=postgres --init-groups)

version() {
	psql --version | awk '{ print $3 }'
}

# psql is a script that runs the one of the version.
executables() {
	printf '%s\n' "$POSTGRES/psql" "$POSTGRES/postgres"
}

prepare() {
	install -d -o postgres "$RUN/data"
	(cd / && "${AS_POSTGRES[@]}" "$POSTGRES/initdb" -D "$RUN/data" -A trust -E UTF8 --no-sync >/dev/null)
	echo 'host all all all trust' >>"$RUN/data/pg_hba.conf"
}

server() {
	cd "$RUN/data" || exit
	on server "${AS_POSTGRES[@]}" "$POSTGRES/postgres" -D "$RUN/data" -h "$ANY" -p "$PORT" -k '' -F \
		-c tcp_user_timeout=60000 -c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 \
		-c tcp_keepalives_count=5 -c client_connection_check_interval=1000
}

client() {
	send_statements | on client psql -qAtX "host=$SERVER port=$PORT user=postgres connect_timeout=60 \
		tcp_user_timeout=60000 keepalives_idle=30 keepalives_interval=10 keepalives_count=5"
}

send_statements() {
	echo 'create table numbers as select generate_series(1, 1000) as number;'
	gate
	echo 'copy numbers to stdout;'
	echo 'show tcp_user_timeout;'
}

# The server complains in its log, and goes on, if it cannot set an option.
job_done() {
	cmp -s "$RUN/client.out" <(seq 1 1000 && echo 60000) && ! grep 'setsockopt' "$RUN/server.err" >&2
}

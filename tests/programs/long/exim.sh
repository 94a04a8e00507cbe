# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2016,SC2034,SC2154 # see run.sh
#
# The receiving server does not accept the message before the test has looked at the connection.

TITLE='exim'
NEEDS=(exim:exim4-daemon-light)
DOES='sends a message to another exim, which delivers it'
OPTIONS='`dscp` (IP_TOS), `hosts_try_fastopen`, `keepalive`, `tcp_nodelay` (and sets TCP_QUICKACK)'

version() {
	exim -bV | awk 'NR == 1 { print $3 }'
}

prepare() {
	local side
	seq 1 1000 >"$RUN/text"
	for side in client server; do
		install -d -o Debian-exim -g Debian-exim "$RUN/$side" "$RUN/$side/log"
		{
			common "$side"
			"of_$side"
		} >"$RUN/$side.conf"
	done
}

common() { # SIDE
	cat <<-END
		primary_hostname = $1.test
		spool_directory = $RUN/$1
		log_file_path = $RUN/$1/log/%s
		keep_environment =
		message_logs = false
		tls_advertise_hosts =
		never_users =
	END
}

of_server() {
	cat <<-END
		daemon_smtp_ports = $PORT
		local_interfaces = 0.0.0.0
		pid_file_path = $RUN/exim.pid
		rfc1413_query_timeout = 0s
		acl_smtp_rcpt = accept
		acl_smtp_data = gate
		smtp_accept_keepalive
		tcp_nodelay
		begin acl
		gate:
		    accept set acl_m_gate = \${run{/bin/sh -c "read line <$RUN/gate"}}
		begin routers
		here:
		    driver = accept
		    transport = mailbox
		begin transports
		mailbox:
		    driver = appendfile
		    file = $RUN/server/mailbox
		    user = Debian-exim
	END
}

of_client() {
	cat <<-END
		begin routers
		away:
		    driver = manualroute
		    route_list = * $SERVER
		    transport = smtp
		begin transports
		smtp:
		    driver = smtp
		    port = $PORT
		    allow_localhost
		    dscp = ef
		    keepalive
		    hosts_try_fastopen = *
	END
}

server() {
	on server exim -C "$RUN/server.conf" -bdf
}

client() {
	on client exim -C "$RUN/client.conf" -odf -oi -f sender@client.test reader@server.test <"$RUN/text"
}

job_done() {
	await 60 delivered
}

delivered() {
	cmp -s <(sed '1,/^$/d; /^$/d' "$RUN/server/mailbox") "$RUN/text"
}

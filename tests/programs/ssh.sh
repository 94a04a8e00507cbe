# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2154 # see run.sh

TITLE='ssh, sshd'
NEEDS=(ssh:openssh-client sshd:openssh-server)

version() {
	ssh -V 2>&1 | sed 's/OpenSSH_\([^ ,]*\).*/\1/'
}

prepare() {
	ssh-keygen -q -t ed25519 -N '' -f "$RUN/host_key"
	ssh-keygen -q -t ed25519 -N '' -f "$RUN/user_key"
	echo "[$SERVER]:$PORT $(cat "$RUN/host_key.pub")" >"$RUN/known_hosts"
	mkdir -p /run/sshd # where it goes to be without privileges: fixed when it was compiled
	cat >"$RUN/sshd_config" <<-END
		ListenAddress $URL_ANY:$PORT
		HostKey $RUN/host_key
		AuthorizedKeysFile $RUN/user_key.pub
		PidFile none
		StrictModes no
		UsePAM no
		PermitRootLogin prohibit-password
	END
}

# By its whole path, which it insists on.
server() {
	on server "$(command -v sshd)" -D -e -f "$RUN/sshd_config"
}

client() {
	send_text | on client ssh -F none -i "$RUN/user_key" -o IdentitiesOnly=yes -o BatchMode=yes \
		-o StrictHostKeyChecking=yes -o UserKnownHostsFile="$RUN/known_hosts" \
		-p "$PORT" "root@$SERVER" cat
}

job_done() {
	text_came_back
}

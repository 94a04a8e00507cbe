# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2154 # see run.sh
#
# All sockets of Java are AF_INET6, with IPv4 addresses mapped.

TITLE=Java
NEEDS=(java:openjdk-17-jre-headless build/tests/Talk.class)

executables() {
	echo java
}

# Short-lived, and maybe in an emulated processor: what the compiler costs is never earned back.
JAVA=(java -Xint -Xshare:auto -XX:+UseSerialGC -XX:-UsePerfData -Xmx64m -cp build/tests Talk)

# Not asked of the machine itself, which takes seconds to start.
version() {
	sed -n 's/^JAVA_VERSION="\(.*\)"/\1/p' "$(dirname "$(readlink -f "$(command -v java)")")/../release"
}

server() {
	on server "${JAVA[@]}" listen "$ANY" "$PORT"
}

client() {
	send_text | on client "${JAVA[@]}" connect "$SERVER" "$PORT"
}

job_done() {
	text_came_back
}

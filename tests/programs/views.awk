# SPDX-License-Identifier: GPL-2.0-or-later
#
# The output of 'ss -tMnHOi state established' on one host -> a line for each connection between the
# client and SERVER:PORT, the same text on both hosts when both see the same connection:
#
#	CLIENT-END mptcp|tcp|mixed CLIENT-END>SERVER-END|-
#
# mptcp: there is an MPTCP socket and its first subflow carries MPTCP; tcp: neither; mixed: one of them.
# The last word is the subflow made by MP_JOIN (flag j or J) over the second path, tied to this very
# connection by the token of the MPTCP socket. A last line counts all else on the second path:
#
#	others N
#
# -v side=client|server client=, server= (addresses, path one) client2=, server2= (path two) port=

# A dual-stack socket's IPv4 address is IPv4.
function plain(end) {
	if (sub(/^\[::ffff:/, "", end))
		sub(/\]:/, ":", end)
	return end
}

function address(end) {
	sub(/:[0-9]+$/, "", end)
	return end
}

# local_token: "token:REMOTE(id:N)/LOCAL(id:N)" of a subflow, "token:LOCAL" of the MPTCP socket.
function local_token(line) {
	if (!match(line, / token:[^ ]*/))
		return ""
	line = substr(line, RSTART + 7, RLENGTH - 7)
	sub(/.*\//, "", line)
	sub(/\(.*/, "", line)
	return line
}

function smallest(set,    end, found) {
	for (end in set)
		if (found == "" || end < found)
			found = end
	return found
}

{
	client_end = plain(side == "client" ? $4 : $5)
	server_end = plain(side == "client" ? $5 : $4)
	carries_mptcp = /tcp-ulp-mptcp/
	is_first = server_end == server ":" port && address(client_end) == client
	is_second = server_end == server2 ":" port && address(client_end) == client2
}

$1 == "mptcp" && is_first { socket[client_end] = local_token($0) }

$1 == "tcp" && is_first {
	seen[client_end] = 1
	token[client_end] = carries_mptcp ? local_token($0) : ""
}

$1 == "tcp" && is_second {
	others++
	if (/ flags:[A-Za-z]*[jJ]/)
		joined[local_token($0)] = client_end ">" server_end
}

END {
	while ((end = smallest(seen)) != "") {
		delete seen[end]
		kind = end in socket || token[end] != "" ? "mixed" : "tcp"
		if (end in socket && socket[end] != "" && socket[end] == token[end])
			kind = "mptcp"
		join = "-"
		if (kind == "mptcp" && token[end] in joined) {
			join = joined[token[end]]
			others--
		}
		print end, kind, join
	}
	print "others", others + 0
}

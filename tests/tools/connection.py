#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A TCP connection of this process with itself, as an ordinary program makes it.

For each line of standard input it goes there and back over the connection, and is printed behind
"mptcp" or "tcp", which is what the connection is at both ends.
"""
import socket
import sys

TCP_IS_MPTCP = 43  # linux/tcp.h; 1 unless the connection fell back to TCP, an error for TCP itself


def kind(end):
    try:
        return bool(end.getsockopt(socket.IPPROTO_TCP, TCP_IS_MPTCP))
    except OSError:
        return False


listener = socket.create_server(("127.0.0.1", 0))
client = socket.create_connection(listener.getsockname())
server, _ = listener.accept()
for line in sys.stdin:
    client.sendall(line.encode())
    server.sendall(server.recv(65536))
    kinds = {kind(client), kind(server)}
    name = "mixed" if len(kinds) > 1 else "mptcp" if kinds.pop() else "tcp"
    print(name, client.recv(65536).decode(), end="", flush=True)

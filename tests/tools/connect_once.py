#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""connect_once.py listen COUNT | connect PORT [mptcp]: connections over loopback, each with a byte there and
back. 'listen' prints its port, then accepts COUNT connections."""

import socket
import sys

PROTOCOL = 262 if sys.argv[-1] == 'mptcp' else 0

with socket.socket(socket.AF_INET, socket.SOCK_STREAM, PROTOCOL) as sock:
    sock.settimeout(120)
    if sys.argv[1] == 'listen':
        sock.bind(('127.0.0.1', 0))
        sock.listen()
        print(sock.getsockname()[1], flush=True)
        for _ in range(int(sys.argv[2])):
            connection, _ = sock.accept()
            with connection:
                connection.settimeout(120)
                connection.sendall(connection.recv(1))
                connection.recv(1)
    else:
        sock.connect(('127.0.0.1', int(sys.argv[2])))
        sock.sendall(b'x')
        sock.recv(1)

# SPDX-License-Identifier: GPL-2.0-or-later
"""Sends back what comes in, or sends its standard input and prints what comes back.

usage: talk.py listen|connect ADDRESS PORT
"""

import socket
import sys
import threading


def listen(address, port):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.create_server((address, port), family=family) as listener:
        while True:
            connection, _ = listener.accept()
            with connection:
                while data := connection.recv(4096):
                    connection.sendall(data)


def send_input(connection):
    while data := sys.stdin.buffer.read1(4096):
        connection.sendall(data)
    connection.shutdown(socket.SHUT_WR)


def connect(address, port):
    with socket.create_connection((address, port)) as connection:
        threading.Thread(target=send_input, args=[connection]).start()
        while data := connection.recv(4096):
            sys.stdout.buffer.write(data)


if __name__ == "__main__":
    _, role, address, port = sys.argv
    {"listen": listen, "connect": connect}[role](address, int(port))

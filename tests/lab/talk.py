#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A connection that stays open, for looking at it.

usage: talk.py listen|connect mptcp|tcp ADDRESS PORT

Both sides: says 'ready' once it listens, or has had one echo; goes on until killed. The client sends
a line each 20 ms and ends with status 1 when none comes back within 15 s.
"""

import socket
import sys
import time


def make_socket(protocol, address):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    # 262 is IPPROTO_MPTCP, which socket has a name for since Python 3.10 only.
    return socket.socket(family, socket.SOCK_STREAM, {"mptcp": 262, "tcp": 0}[protocol])


def listen(protocol, address, port):
    with make_socket(protocol, address) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((address, port))
        listener.listen()
        print("ready", flush=True)
        while True:
            connection, _ = listener.accept()
            with connection:
                echo(connection)


def echo(connection):
    try:
        while data := connection.recv(4096):
            connection.sendall(data)
    except ConnectionError:
        pass  # the next client may do better


def connect(protocol, address, port):
    with make_socket(protocol, address) as connection:
        connection.settimeout(15)
        connection.connect((address, port))
        lines = connection.makefile("r")
        for number in range(sys.maxsize):
            connection.sendall(b"%d\n" % number)
            if lines.readline() != "%d\n" % number:
                sys.exit("talk.py: cannot talk to '%s': wrong or no answer" % address)
            if number == 0:
                print("ready", flush=True)
            time.sleep(0.02)


if __name__ == "__main__":
    _, role, protocol, address, port = sys.argv
    {"listen": listen, "connect": connect}[role](protocol, address, int(port))

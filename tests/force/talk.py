#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""An echo server and its client, an ordinary TCP program, in the lab of tests/lab.

usage: talk.py serve PORT
       talk.py talk PORT [device DEVICE] [address ADDRESS] [protocol NUMBER] [to ADDRESS]

'serve' listens at all addresses and asks for MPTCP itself. It prints 'ready'. 'talk' binds its socket to a
device or an address, connects, and prints 'echoed' after the first answer. Both continue until killed.
"""

import socket
import sys
import threading
import time

IPPROTO_MPTCP = 262


def echo(connection):
    with connection:
        try:
            while data := connection.recv(65536):
                connection.sendall(data)
        except ConnectionError:
            pass


def serve(port):
    server = socket.socket(socket.AF_INET6, socket.SOCK_STREAM, IPPROTO_MPTCP)
    server.bind(("::", port))
    server.listen()
    print("ready", flush=True)
    while True:
        threading.Thread(target=echo, args=(server.accept()[0],), daemon=True).start()


def talk(port, options):
    peer = options.get("to", "192.168.1.2")
    family = socket.AF_INET6 if ":" in peer else socket.AF_INET
    client = socket.socket(family, socket.SOCK_STREAM, int(options.get("protocol", 0)))
    if "device" in options:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, options["device"].encode())
    if "address" in options:
        client.bind((options["address"], 0))
    client.connect((peer, port))
    while True:
        client.sendall(b"x" * 1000)
        client.recv(65536)
        print("echoed", flush=True)
        time.sleep(0.05)


if sys.argv[1] == "serve":
    serve(int(sys.argv[2]))
else:
    talk(int(sys.argv[2]), dict(zip(sys.argv[3::2], sys.argv[4::2])))

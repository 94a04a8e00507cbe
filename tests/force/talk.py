#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""An echo server and its client, an ordinary TCP program, in the lab of tests/lab.

usage: talk.py serve PORT [OPTION...]
       talk.py talk PORT [OPTION...] [to ADDRESS]

OPTION is device DEVICE, address ADDRESS, protocol NUMBER, or set LEVEL:NUMBER:VALUE[,...], which sets socket
options.

'serve' listens at all addresses, or at one, and asks for MPTCP itself. It prints 'ready'. 'talk' binds its socket
to a device or an address, connects, and prints 'echoed' after each answer. Both continue until killed.
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


def new_socket(family, protocol, options):
    """A socket that is bound to the device, and has the socket options, that the options name."""
    sock = socket.socket(family, socket.SOCK_STREAM, int(options.get("protocol", protocol)))
    if "device" in options:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, options["device"].encode())
    for option in filter(None, options.get("set", "").split(",")):
        sock.setsockopt(*map(int, option.split(":")))
    return sock


def serve(port, options):
    server = new_socket(socket.AF_INET6, IPPROTO_MPTCP, options)
    server.bind((options.get("address", "::"), port))
    server.listen()
    print("ready", flush=True)
    while True:
        threading.Thread(target=echo, args=(server.accept()[0],), daemon=True).start()


def talk(port, options):
    peer = options.get("to", "192.168.1.2")
    family = socket.AF_INET6 if ":" in peer else socket.AF_INET
    client = new_socket(family, 0, options)
    if "address" in options:
        client.bind((options["address"], 0))
    client.connect((peer, port))
    while True:
        client.sendall(b"x" * 1000)
        client.recv(65536)
        print("echoed", flush=True)
        time.sleep(0.05)


options_given = dict(zip(sys.argv[3::2], sys.argv[4::2]))
{"serve": serve, "talk": talk}[sys.argv[1]](int(sys.argv[2]), options_given)

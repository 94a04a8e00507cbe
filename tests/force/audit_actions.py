#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A program that uses TCP sockets in a way that an audit is to notice.

    audit_actions.py ACTION [ARGUMENT...]

Each action works on a connection through the loopback, unless it says otherwise, and prints 'done'."""

import ctypes
import os
import platform
import socket
import struct
import sys

MSG_ZEROCOPY = 0x4000000
SO_ZEROCOPY = 60
TCP_ULP = 31
BPF_SYSCALL = {"x86_64": 321, "aarch64": 280}
BPF_MAP_CREATE, BPF_MAP_UPDATE_ELEM = 0, 2
BPF_MAP_TYPE_SOCKMAP = 15


def connection():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        client = socket.create_connection(listener.getsockname())
        return client, listener.accept()[0]


def plain():
    """What every program does."""
    client, server = connection()
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    client.sendall(b"request")
    server.recv(7)


def options(*numbers):
    """Sets options, LEVEL/NAME/VALUE, on a socket before connect()."""
    with socket.socket() as made:
        for triple in numbers:
            made.setsockopt(*map(int, triple.split("/")))


def connected(*numbers):
    """Sets options on a connected socket."""
    client, _ = connection()
    for triple in numbers:
        client.setsockopt(*map(int, triple.split("/")))


def read(*numbers):
    """Reads options, LEVEL/NAME."""
    client, _ = connection()
    for pair in numbers:
        client.getsockopt(*map(int, pair.split("/")))


def refused(*numbers):
    """Sets options that TCP refuses as well."""
    for triple in numbers:
        try:
            options(triple)
        except OSError:
            continue
        sys.exit(f"{triple} was not refused")


def send_oob():
    client, _ = connection()
    client.send(b"!", socket.MSG_OOB)


def receive_oob():
    client, server = connection()
    client.send(b"!", socket.MSG_OOB)
    server.recv(1, socket.MSG_OOB)


def zerocopy():
    client, _ = connection()
    client.setsockopt(socket.SOL_SOCKET, SO_ZEROCOPY, 1)
    client.send(b"x" * 100, MSG_ZEROCOPY)


def zerocopy_flag():
    """Without the option, the flag has no effect."""
    client, _ = connection()
    client.send(b"x" * 100, MSG_ZEROCOPY)


def ktls():
    client, _ = connection()
    client.setsockopt(socket.IPPROTO_TCP, TCP_ULP, b"tls")


def bpf(command, attributes):
    libc = ctypes.CDLL(None, use_errno=True)
    result = libc.syscall(BPF_SYSCALL[platform.machine()], command, attributes, len(attributes))
    if result < 0:
        raise OSError(ctypes.get_errno(), "bpf()")
    return result


def sockmap():
    client, server = connection()
    sockets = bpf(BPF_MAP_CREATE, struct.pack("<5I28x", BPF_MAP_TYPE_SOCKMAP, 4, 4, 1, 0))
    key = ctypes.create_string_buffer(struct.pack("<I", 0), 4)
    value = ctypes.create_string_buffer(struct.pack("<I", client.fileno()), 4)
    bpf(BPF_MAP_UPDATE_ELEM,
        struct.pack("<I4xQQQ", sockets, ctypes.addressof(key), ctypes.addressof(value), 0))
    server.sendall(b"request")
    client.recv(7)


def udp():
    """Not TCP: options of the same level and number do not matter."""
    with socket.socket(type=socket.SOCK_DGRAM) as made:
        made.setsockopt(socket.IPPROTO_IP, socket.IP_RECVTOS, 1)


def many_names(count):
    """Changes its name, and uses a socket with each."""
    for number in range(int(count)):
        with open("/proc/self/comm", "w", encoding="ascii") as comm:
            comm.write(f"name-{number}")
        socket.socket().close()


def accept():
    """Accepts from the listening socket that it inherited as standard input."""
    listener = socket.socket(fileno=os.dup(0))
    client = socket.create_connection(listener.getsockname())
    listener.accept()
    client.close()


def hold():
    """Holds a listener and a connection until its standard input ends."""
    with socket.create_server(("127.0.0.1", 0)):
        pair = connection()
        print("holding", flush=True)
        sys.stdin.read()
        del pair


def activate(*command):
    """Executes a command with a listening socket as its standard input, as systemd does."""
    listener = socket.create_server(("127.0.0.1", 0))
    os.dup2(listener.fileno(), 0)
    os.execvp(command[0], command)


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
    print("done")

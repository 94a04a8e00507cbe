# SPDX-License-Identifier: GPL-2.0-or-later
"""Calls of setsockopt(2) and getsockopt(2), through libc, with the sizes and addresses that Python's socket module would
refuse; and sockets to make them with.
"""
import ctypes
import errno
import os
import socket
import struct

LIBC = ctypes.CDLL(None, use_errno=True)
IP, SOCKET, TCP, IPV6 = 0, 1, 6, 41
SO_PROTOCOL = 38
# What the program asks for; 0 is what most do.
ASKED = int(os.environ.get("OPTIONS_PROTOCOL", "0"))


def new_socket(family=socket.AF_INET):
    return socket.socket(family, socket.SOCK_STREAM, ASKED)


def outcome(result):
    return "ok" if result == 0 else errno.errorcode[ctypes.get_errno()]


def set_raw(sock, level, number, address, size):
    """setsockopt(2) with any address and size."""
    return outcome(LIBC.setsockopt(sock.fileno(), level, number, ctypes.c_void_p(address), size))


def set_bytes(sock, level, number, value, size=None):
    buffer = ctypes.create_string_buffer(value, max(len(value), 1))
    return set_raw(sock, level, number, ctypes.addressof(buffer), len(value) if size is None else size)


def set_int(sock, level, number, value):
    return set_bytes(sock, level, number, struct.pack("i", value))


def get(sock, level, number, size=4):
    """getsockopt(2): what it returns, the size, and the bytes; 0xee where it wrote nothing."""
    buffer = ctypes.create_string_buffer(b"\xee" * 16, 16)
    length = ctypes.c_int(size)
    result = outcome(LIBC.getsockopt(sock.fileno(), level, number, buffer, ctypes.byref(length)))
    return f"{result} {length.value} {buffer.raw.hex()}" if result == "ok" else f"{result} {length.value}"


def get_int(sock, level, number):
    buffer = ctypes.c_int(-12345)
    length = ctypes.c_int(4)
    result = LIBC.getsockopt(sock.fileno(), level, number, ctypes.byref(buffer), ctypes.byref(length))
    return buffer.value if result == 0 else outcome(result)


def pair(family=socket.AF_INET, address=None):
    """A listener, and both ends of a connection to it."""
    address = address or ("::1" if family == socket.AF_INET6 else "127.0.0.1")
    listener = new_socket(family)
    listener.bind((address, 0))
    listener.listen(8)
    client = new_socket(family)
    client.connect(listener.getsockname())
    server, _ = listener.accept()
    return listener, client, server


def in_state(state, family):
    """A socket of that state, and whatever keeps it there."""
    if state == "closed":
        return new_socket(family), None
    listener, client, server = pair(family)
    return {"listening": listener, "connected": client, "accepted": server}[state], (listener, client, server)

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Sends a SYN with MP_JOIN, as a stranger would who knows no token.

usage: join_syn.py SOURCE DESTINATION PORT TOKEN

With '-' for TOKEN one SYN for each token on standard input, a line each.
"""

import socket
import struct
import sys

SOURCE_PORT = 20000  # no connection has it: below net.ipv4.ip_local_port_range
SYN = 2
MP_JOIN = struct.Struct("!BBBBLL")  # RFC 8684, 3.2: kind, length, subtype, address id, token, nonce


def checksum(data):
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def send(raw, source, destination, port, token):
    options = MP_JOIN.pack(30, MP_JOIN.size, 1 << 4, 9, int(token, 16), 1)
    length = 20 + len(options)

    def segment(check):
        return struct.pack("!HHLLBBHHH", SOURCE_PORT, int(port), 1, 0, length // 4 << 4, SYN, 65535,
                           check, 0) + options

    pseudo = socket.inet_aton(source) + socket.inet_aton(destination)
    pseudo += struct.pack("!HH", socket.IPPROTO_TCP, length)
    raw.sendto(segment(checksum(pseudo + segment(0))), (destination, 0))


def main():
    _, source, destination, port, token = sys.argv
    tokens = sys.stdin.read().split() if token == "-" else [token]
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_TCP) as raw:
        raw.bind((source, 0))
        for token in tokens:
            send(raw, source, destination, port, token)


if __name__ == "__main__":
    main()

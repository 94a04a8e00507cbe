#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Finds in packet captures how long the data of an MPTCP connection waited for acknowledgement, in ns.

usage: outage.py PORT TIME SENDER RECEIVER

SENDER and RECEIVER are what 'tshark -T fields' prints of the packets at the host that sends data to that
port, and at the one that acknowledges it; or SENDER twice, for the wait as the sender sees it. The fields:
frame.time_epoch tcp.srcport tcp.options.mptcp.rawdataack tcp.options.mptcp.rawdataseqno
tcp.options.mptcp.datalvllen tcp.seq_raw tcp.ack_raw tcp.options.timestamp.tsval

It is the longest time, ending within 100 ms of that one, up to a packet from that port that acknowledges
more data than any before it: since the one before, or, if nothing was outstanding then, since data was sent.
When it was sent can only be seen where it was sent; and what acknowledges it has to come through to there.
All waits of more than 100 ms are printed on standard error.
"""

import sys
from decimal import Decimal

MODULUS = 1 << 32
NEAR = NOTABLE = Decimal("0.1")


class Packet:
    def __init__(self, line):
        time, source, ack, seq, length, *identity = line.rstrip("\n").split("\t")
        self.time = Decimal(time)
        self.source = source
        self.ack = number(ack)
        self.seq = number(seq)
        self.length = number(length) or 0
        self.identity = (ack, *identity)


def number(field):
    return int(field.split(",")[0], 0) % MODULUS if field else None


def after(a, b):
    """Whether the 32-bit sequence number a comes after b."""
    return 0 < (a - b) % MODULUS < MODULUS // 2


def read(path):
    with open(path, encoding="ascii") as packets:
        return [Packet(line) for line in packets]


def data_and_acknowledgements(port, sender, receiver):
    """The data as it left the sender, and what acknowledges it as it left the receiver; in order."""
    came_through = {packet.identity for packet in sender if packet.source == port}
    data = [packet for packet in sender if packet.source != port]
    acknowledgements = [
        packet for packet in receiver if packet.source == port and packet.identity in came_through
    ]
    return sorted(data + acknowledgements, key=lambda packet: packet.time)


def main():
    port, end_of_wait = sys.argv[1], Decimal(sys.argv[2])
    acknowledged = sent = waiting_since = None
    longest = Decimal(0)
    for packet in data_and_acknowledgements(port, read(sys.argv[3]), read(sys.argv[4])):
        if packet.source != port and packet.seq is not None and packet.length:
            end = (packet.seq + packet.length) % MODULUS
            if sent is None or after(end, sent):
                sent = end
                if waiting_since is None:
                    waiting_since = packet.time
        elif packet.source == port and packet.ack is not None:
            if acknowledged is not None and not after(packet.ack, acknowledged):
                continue
            acknowledged = packet.ack
            if waiting_since is not None:
                waited = packet.time - waiting_since
                if abs(packet.time - end_of_wait) < NEAR:
                    longest = max(longest, waited)
                if waited > NOTABLE:
                    print(f"# waited {waited} s until {packet.time}", file=sys.stderr)
            still = sent is not None and after(sent, packet.ack)
            waiting_since = packet.time if still else None
    print(int(longest * 10**9))


if __name__ == "__main__":
    main()

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares an outage of an MPTCP connection that mptcp-watch reported with packet captures.

usage: outage.py PORT BEGIN END SENDER RECEIVER
       outage.py PORT BEGIN sent SENDER

BEGIN and END are the outage's, by CLOCK_MONOTONIC in ns. SENDER and RECEIVER are what 'tshark -T fields' prints of the
packets at the host that sends data to that port, and at the one that acknowledges it; or SENDER twice, for the waits as
the sender sees them. The fields:
frame.time_epoch tcp.srcport tcp.options.mptcp.rawdataack tcp.options.mptcp.rawdataseqno
tcp.options.mptcp.datalvllen tcp.seq_raw tcp.ack_raw tcp.options.timestamp.tsval

Data waits from when it is sent until a packet from that port acknowledges more data than any before it. When it was
sent can only be seen where it was sent; and what acknowledges it has to come through to there. The kernel gives TCP the
data before the capture sees it, and MPTCP an acknowledgement after that. The outage is right if it contains one such
wait, and no part of another. Otherwise, the waits that it overlaps are printed, and the status is 1.

With 'sent': prints when MPTCP sent the first data after BEGIN, and when it reinjected it, by CLOCK_MONOTONIC. What TCP
retransmits has the same sequence number.
"""

import sys
import time

MODULUS = 1 << 32


class Packet:
    def __init__(self, line):
        when, source, ack, seq, length, *identity = line.rstrip("\n").split("\t")
        seconds, fraction = when.split(".")
        self.time = int(seconds) * 10**9 + int(fraction.ljust(9, "0")[:9])
        self.source = source
        self.ack = number(ack)
        self.seq = number(seq)
        self.tcp_seq = identity[0]
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


def waits(port, packets):
    """The beginning and the end of each wait, by CLOCK_REALTIME."""
    acknowledged = sent = waiting_since = None
    for packet in packets:
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
                yield waiting_since, packet.time
            still = sent is not None and after(sent, packet.ack)
            waiting_since = packet.time if still else None


def real_minus_monotonic():
    """The least and the greatest difference of the clocks that the quickest of many comparisons leaves possible."""
    comparisons = []
    for _ in range(1000):
        before, real, later = time.monotonic_ns(), time.time_ns(), time.monotonic_ns()
        comparisons.append((later - before, real - later, real - before))
    return min(comparisons)[1:]


def print_sendings(port, begin, packets):
    least, greatest = real_minus_monotonic()
    data = [
        packet
        for packet in packets
        if packet.source != port and packet.length and packet.time - least >= begin
    ]
    sendings = {}
    for packet in data:
        if packet.seq == data[0].seq:
            sendings.setdefault(packet.tcp_seq, packet.time - greatest)
    print(*sendings.values())


def main():
    if sys.argv[3] == "sent":
        print_sendings(sys.argv[1], int(sys.argv[2]), read(sys.argv[4]))
        return 0
    port, begin, end = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    least, greatest = real_minus_monotonic()
    overlapping = [
        (since, until)
        for since, until in waits(port, data_and_acknowledgements(port, read(sys.argv[4]), read(sys.argv[5])))
        if until - greatest > begin and since - least < end
    ]
    if len(overlapping) == 1:
        since, until = overlapping[0]
        if begin <= since - least and until - greatest <= end:
            return 0
    print(f"the outage lasted from {begin} to {end}; waits at that time:")
    for since, until in overlapping:
        print(f"from {since - greatest} to {until - greatest}: {(until - since) / 10**6} ms")
    return 1


if __name__ == "__main__":
    sys.exit(main())

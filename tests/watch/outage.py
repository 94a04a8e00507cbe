#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Tells from a packet capture how long the data of an MPTCP connection waited for acknowledgement, in ns.

usage: tshark -r FILE -T fields -e frame.time_epoch -e tcp.srcport -e tcp.options.mptcp.rawdataack
         -e tcp.options.mptcp.rawdataseqno -e tcp.options.mptcp.datalvllen | outage.py PORT SINCE UNTIL

It is the longest time, between these times, up to a packet from that port that acknowledges more data
than any before it: since the one before, or, if nothing was outstanding then, since data was sent. Waits of
more than 100 ms are told on standard error, too.
"""

import sys
from decimal import Decimal

MODULUS = 1 << 32
NOTABLE = Decimal("0.1")


def number(field):
    return int(field.split(",")[0], 0) % MODULUS if field else None


def after(a, b):
    """Whether the 32-bit sequence number a comes after b."""
    return 0 < (a - b) % MODULUS < MODULUS // 2


def main():
    port, since, until = sys.argv[1], Decimal(sys.argv[2]), Decimal(sys.argv[3])
    acknowledged = sent = waiting_since = None
    longest = Decimal(0)
    for line in sys.stdin:
        time, source, ack, seq, length = (line.rstrip("\n").split("\t") + [""] * 4)[:5]
        time, ack, seq = Decimal(time), number(ack), number(seq)
        if source != port and seq is not None and int(length.split(",")[0] or 0):
            end = (seq + int(length.split(",")[0])) % MODULUS
            if sent is None or after(end, sent):
                sent = end
                if waiting_since is None:
                    waiting_since = time
        elif source == port and ack is not None and (acknowledged is None or after(ack, acknowledged)):
            acknowledged = ack
            if waiting_since is not None and since <= time <= until:
                longest = max(longest, time - waiting_since)
                if time - waiting_since > NOTABLE:
                    print(f"# waited {time - waiting_since} s until {time}", file=sys.stderr)
            waiting_since = time if sent is not None and after(sent, ack) else None
    print(int(longest * 10**9))


if __name__ == "__main__":
    main()

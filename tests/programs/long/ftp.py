# SPDX-License-Identifier: GPL-2.0-or-later
"""Aborts a download, then downloads the file over the same control connection and prints its SHA-256 sum.

The second download waits for the end of standard input. How much arrived of the first goes to standard error.

usage: ftp.py ADDRESS PORT FILE
"""

import ftplib
import hashlib
import socket
import sys


def abort(ftp, data):
    """As RFC 959, 4.1.3 has it: Telnet's Interrupt Process and Synch, the latter urgent, then ABOR."""
    ftp.sock.sendall(b"\xff\xf4\xff", socket.MSG_OOB)
    ftp.sock.sendall(b"\xf2ABOR\r\n")
    received = 0
    while block := data.recv(65536):
        received += len(block)
    answers = [ftp.getmultiline()[:3] for _ in ("the download", "ABOR")]
    print(f"received {received} bytes after the first, answers {answers}", file=sys.stderr)


def main(address, port, name):
    with ftplib.FTP() as ftp:
        ftp.connect(address, int(port), timeout=150)
        ftp.login()
        with ftp.transfercmd(f"RETR {name}") as data:
            data.recv(1)
            abort(ftp, data)
        sys.stdin.read()
        digest = hashlib.sha256()
        ftp.retrbinary(f"RETR {name}", digest.update)
        print(f"{digest.hexdigest()}  -")


if __name__ == "__main__":
    main(*sys.argv[1:])

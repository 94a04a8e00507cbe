#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""One end of MPTCP connections, for tests: does what standard input says, a command a line.

Each is answered by 'ok' and what it has to say, or by 'failed' and why. The end of input closes all.

    listen ADDRESS PORT      listens; says the port
    relisten                 calls listen() once more
    unlisten                 does not any more
    option LEVEL NAME        sets a socket option of the listener to 1; says the errno, or 0
    connect ADDRESS PORT     says its port; this is the connection then
    accept                   accepts the connection; says the peer's port
    send BYTES               over the connection
    receive BYTES            waits for that number of bytes
    outstanding              says how many bytes it sent that the peer's MPTCP has not acknowledged
    pour                     sends 1000 bytes each time the last are acknowledged, until 'rest'
    drain                    receives all that comes, meanwhile
    rest                     stops sending; says for how many ns data had to wait at most meanwhile
    many COUNT ADDRESS PORT  makes COUNT connections and keeps them
    take COUNT               accepts COUNT connections and keeps them
    keep                     the connection, and go on with another
    once PORT                makes a connection with itself and closes it
    close | reset            the connection, and all that were kept; with a reset instead of a FIN
    name HEX                 the name of this process

'peer.py once' does that, and no more.
"""

import fcntl
import socket
import struct
import sys
import termios
import threading
import time

IPPROTO_MPTCP = 262  # socket has a name for it since Python 3.10 only


def make_socket(address):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM, IPPROTO_MPTCP)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    return made


def ignoring_the_end(act):
    try:
        act()
    except OSError:
        pass  # closed, here or there


def outstanding(connection):
    """Bytes that the peer's MPTCP has not acknowledged."""
    return struct.unpack("i", fcntl.ioctl(connection, termios.TIOCOUTQ, bytes(4)))[0]


class Peer:
    def __init__(self):
        self.listener = None
        self.connection = None
        self.kept = []
        self.resting = threading.Event()
        self.longest_wait = 0

    def listen(self, address, port):
        self.listener = make_socket(address)
        self.listener.bind((address, int(port)))
        self.listener.listen(1024)
        return self.listener.getsockname()[1]

    def relisten(self):
        self.listener.listen(512)

    def unlisten(self):
        self.listener.close()

    def option(self, level, name):
        try:
            self.listener.setsockopt(int(level), int(name), 1)
        except OSError as error:
            return error.errno
        return 0

    def connect(self, address, port):
        self.connection = make_socket(address)
        self.connection.settimeout(50)
        self.connection.connect((address, int(port)))
        return self.connection.getsockname()[1]

    def accept(self):
        self.connection, name = self.listener.accept()
        self.connection.settimeout(50)
        return name[1]

    def send(self, count):
        self.connection.sendall(bytes(int(count)))

    def receive(self, count):
        left = int(count)
        while left:
            data = self.connection.recv(min(left, 65536))
            if not data:
                raise EOFError("%d bytes are missing" % left)
            left -= len(data)

    def outstanding(self):
        return outstanding(self.connection)

    def pour(self):
        self.resting.clear()
        self.longest_wait = 0
        connection = self.connection

        def pour():
            sent = time.monotonic_ns()
            while not self.resting.wait(0.002):
                if outstanding(connection):
                    continue
                self.longest_wait = max(self.longest_wait, time.monotonic_ns() - sent)
                sent = time.monotonic_ns()
                connection.sendall(bytes(1000))

        threading.Thread(target=ignoring_the_end, args=(pour,), daemon=True).start()

    def drain(self):
        connection = self.connection

        def drain():
            while connection.recv(65536):
                pass

        threading.Thread(target=ignoring_the_end, args=(drain,), daemon=True).start()

    def rest(self):
        self.resting.set()
        return self.longest_wait

    def keep(self):
        self.kept.append(self.connection)

    def once(self, port):
        there = Peer()
        there.listen("127.0.0.1", port)
        self.connect("127.0.0.1", there.listener.getsockname()[1])
        there.accept()
        self.send(1)
        there.receive(1)
        self.close()
        there.close()
        there.unlisten()

    def many(self, count, address, port):
        for _ in range(int(count)):
            self.connect(address, port)
            self.kept.append(self.connection)
            self.connection.sendall(b"x")

    def take(self, count):
        for _ in range(int(count)):
            self.accept()
            self.kept.append(self.connection)
            self.receive(1)

    def close(self):
        self.rest()
        for connection in [*self.kept, self.connection]:
            # Even when a thread is about to receive from it, which holds the file.
            ignoring_the_end(lambda: connection.shutdown(socket.SHUT_RDWR))
            connection.close()
        self.kept = []

    def reset(self):
        self.rest()
        linger = struct.pack("ii", 1, 0)
        for connection in [*self.kept, self.connection]:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            connection.close()
        self.kept = []

    def name(self, name):
        with open("/proc/self/comm", "wb") as comm:
            comm.write(bytes.fromhex(name))


def obey(peer):
    for line in sys.stdin:
        command, *words = line.split()
        try:
            answer = getattr(peer, command)(*words)
            print("ok", "" if answer is None else answer, flush=True)
        except (OSError, EOFError) as error:
            print("failed", error, flush=True)


if __name__ == "__main__":
    if sys.argv[1:] == ["once"]:
        Peer().once("0")
    else:
        obey(Peer())

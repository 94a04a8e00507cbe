# SPDX-License-Identifier: GPL-2.0-or-later
"""Socket options as a program sees them: prints what setsockopt(2) and getsockopt(2) answer.

options.py answers [STATE]
    For each option of the decision table and of the values below, in a socket of that STATE (closed, listening,
    connected, accepted): one line for what each call returns. The test compares the lines of a forced program
    with those of one on TCP.
options.py ACTION [ARG...]
    One of the functions at the end of this file.
"""
import ctypes
import mmap
import os
import signal
import socket
import struct
import sys
import time

sys.dont_write_bytecode = True

import option_calls  # noqa: E402
from option_calls import (IP, IPV6, LIBC, SOCKET, SO_PROTOCOL, TCP, get, get_int, in_state,  # noqa: E402
                          new_socket, pair, set_bytes, set_int, set_raw)

# level, number, name: what is applied or remembered, and values that TCP accepts and refuses.
OPTIONS = [
    (TCP, 7, "TCP_SYNCNT", [1, 3, 127, 128, 0, -1]),
    (TCP, 8, "TCP_LINGER2", [5, 0, -3, 121, 60]),
    (TCP, 9, "TCP_DEFER_ACCEPT", [1, 30, 31, 32, 127, 128, 247, 248, 29767, 29768, 29888, 2147483647, 0, -1]),
    # Not below 0: what TCP keeps then depends on the kernel (tests/sockopt/differences.tsv).
    (TCP, 10, "TCP_WINDOW_CLAMP", [65536, 1, 0, 20000]),
    (TCP, 12, "TCP_QUICKACK", [0, 1, 7]),
    (TCP, 16, "TCP_THIN_LINEAR_TIMEOUTS", [1, 2, -1, 0]),
    (TCP, 17, "TCP_THIN_DUPACK", [1, 2]),
    (TCP, 18, "TCP_USER_TIMEOUT", [5000, 0, -1, 2147483647]),
    (TCP, 27, "TCP_SAVE_SYN", [1, 2, 3, 0]),
    (TCP, 44, "TCP_RTO_MAX_MS", [1000, 999, 120000, 120001]),
    (TCP, 45, "TCP_RTO_MIN_US", [100000, 1, 200001, -1]),
    (TCP, 46, "TCP_DELACK_MAX_US", [100000, 1, 200001, -1]),
    (SOCKET, 6, "SO_BROADCAST", [1, 0, 5]),
    (SOCKET, 10, "SO_OOBINLINE", [1, 0, 5]),
    (SOCKET, 47, "SO_MAX_PACING_RATE", [1000000, -1, 0, 77]),
    (SOCKET, 53, "SO_CNX_ADVICE", [1]),
    (SOCKET, 72, "SO_BUF_LOCK", [1, 3, 4, 0]),
    (SOCKET, 74, "SO_TXREHASH", [1, 0, 2, -2]),
    (SOCKET, 75, "SO_RCVMARK", [1, 0]),
    (IP, 2, "IP_TTL", [64, 100, 256, 0, -1, -2]),
    (IP, 8, "IP_PKTINFO", [1, 0]),
    (IP, 10, "IP_MTU_DISCOVER", [0, 2, 5, 6, -1]),
    (IP, 11, "IP_RECVERR", [1, 0, 9]),
    (IP, 12, "IP_RECVTTL", [1, 0]),
    (IP, 13, "IP_RECVTOS", [1, 0]),
    (IP, 34, "IP_MULTICAST_LOOP", [0, 1]),
    (IP, 49, "IP_MULTICAST_ALL", [0, 2]),
    (IP, 1, "IP_TOS", [16, 0]),
]
OPTIONS6 = [
    (IPV6, 16, "IPV6_UNICAST_HOPS", [64, 256, -2, -1]),
    (IPV6, 23, "IPV6_MTU_DISCOVER", [0, 5, 6, -1]),
    (IPV6, 25, "IPV6_RECVERR", [1, 0]),
    (IPV6, 49, "IPV6_RECVPKTINFO", [1, 0, 3]),
    (IPV6, 62, "IPV6_DONTFRAG", [1, 0]),
    (IPV6, 66, "IPV6_RECVTCLASS", [1, 0]),
    (IPV6, 67, "IPV6_TCLASS", [32, 35, 256, -1, -2]),
    (IPV6, 70, "IPV6_AUTOFLOWLABEL", [0, 1]),
    (IP, 1, "IP_TOS", [16, 0]),
    (IP, 11, "IP_RECVERR", [1, 0]),
    (TCP, 18, "TCP_USER_TIMEOUT", [5000]),
]


def answer_option(state, family, level, number, name, values):
    sock, _kept = in_state(state, family)
    kind = "6" if family == socket.AF_INET6 else "4"

    def line(what, answer):
        print(f"{state} {kind} {name} {what}: {answer}")

    # What autotuning changes cannot be compared.
    if not (name == "TCP_WINDOW_CLAMP" and state != "closed"):
        line("unset", get(sock, level, number))
    for value in values:
        line(f"set {value}", set_int(sock, level, number, value))
        # The kernel checks a negative size for programs of cgroups, before IPV6 ignores it.
        for size in (4, 2, 1, 0, 8, 16) + (() if level == IPV6 else (-1,)):
            line(f"get {size}", get(sock, level, number, size))
    for size in (0, 1, 3):
        line(f"set of {size} bytes", set_bytes(sock, level, number, b"\x40" * size))
        line("get", get(sock, level, number))
    line("set of 8 bytes", set_bytes(sock, level, number, struct.pack("ii", values[0], 0)))
    line("get", get(sock, level, number))
    line("get of 8 bytes", get(sock, level, number, 8))


def kernel_has(option):
    """Before Linux 6.15, MPTCP refuses these with another error than TCP does."""
    return (option[2] not in ("TCP_RTO_MAX_MS", "TCP_RTO_MIN_US", "TCP_DELACK_MAX_US")
            or os.path.exists("/proc/sys/net/ipv4/tcp_rto_max_ms"))


def answers(*states):
    for state in states or ("closed", "listening", "connected", "accepted"):
        for option in filter(kernel_has, OPTIONS):
            answer_option(state, socket.AF_INET, *option)
        for option in OPTIONS6:
            answer_option(state, socket.AF_INET6, *option)


def set_all(sock, values):
    for level, number, value in values:
        result = set_int(sock, level, number, value)
        if result != "ok":
            print(f"option {number} of level {level}: {result}")


# What subflows.bpf.c prints, and the option that sets it to a value that no socket has by itself.
APPLIED = [
    (TCP, 2, 1000), (TCP, 7, 3), (TCP, 10, 30000), (TCP, 16, 1), (TCP, 18, 54321), (TCP, 27, 1),
    (SOCKET, 47, 1234567), (SOCKET, 74, 0),
]
APPLIED6 = APPLIED + [(IPV6, 67, 0x20), (IPV6, 70, 0)]


def wait_until(condition, seconds=30):
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def talk(client, server):
    """A few round trips, so that every subflow's next acknowledgement arrives."""
    for _ in range(20):
        client.sendall(b"x" * 60000)
        left = 60000
        while left:
            left -= len(server.recv(left))
        server.sendall(b"y")
        client.recv(1)


def lines_of(iterator, port):
    """Of established subflows: {role: lines without the ports}."""
    found = {"client": [], "server": []}
    with open(iterator) as lines:
        for line in lines:
            _, local, _, remote, _, state, rest = line.rstrip().split(" ", 6)
            if state == "1" and port in (int(local), int(remote)):
                found["client" if int(remote) == port else "server"].append(rest)
    return found


def subflows(family, moment, iterator):
    """Two subflows over lo, with options set before or after they exist; prints those of each subflow."""
    family = socket.AF_INET6 if family == "6" else socket.AF_INET
    values = APPLIED6 if family == socket.AF_INET6 else APPLIED
    listener, client = new_socket(family), new_socket(family)
    listener.bind(("fd00::1" if family == socket.AF_INET6 else "127.0.0.1", 0))
    port = listener.getsockname()[1]
    if moment == "before":
        set_all(listener, values)
        set_all(client, values)
    listener.listen(8)
    client.connect(listener.getsockname())
    server, _ = listener.accept()
    talk(client, server)
    if not wait_until(lambda: all(len(found) == 2 for found in lines_of(iterator, port).values())):
        print("no second subflow", lines_of(iterator, port))
    if moment == "after":
        set_all(client, values)
        set_all(server, values)
        # By an acknowledgement, or by mptcp-force.
        wait_until(lambda: talk(client, server) or all(
            all("user_timeout 54321" in line for line in found) for found in lines_of(iterator, port).values()))
    for role, found in lines_of(iterator, port).items():
        for line in found:
            print(role, line)


def user_timeout(protocol="0"):
    """One option of a socket of that protocol, of its listener's sockets, and what can be read."""
    option_calls.ASKED = int(protocol)
    listener, client, server = pair()
    for name, sock in (("listener", listener), ("client", client), ("accepted", server)):
        print(name, set_int(sock, TCP, 18, 5000), get_int(sock, TCP, 18))


def refused():
    """Options that stay refused, before and after connect."""
    for state in ("closed", "connected"):
        sock, _kept = in_state(state, socket.AF_INET)
        for level, number, value in ((TCP, 14, b"\0" * 216), (TCP, 31, b"tls"), (TCP, 19, b"\1\0\0\0"),
                                     (SOCKET, 26, b"\0" * 16), (SOCKET, 60, b"\1\0\0\0"),
                                     (IP, 2, b"\1\0\0\0"), (IP, 2, b"\xff\0\0\0"), (IP, 21, b"\1\0\0\0")):
            print(state, level, number, set_bytes(sock, level, number, value))


def dontroute():
    print(set_int(new_socket(), SOCKET, 5, 1))


def inherited():
    listener = new_socket()
    set_int(listener, TCP, 18, 7777)
    set_int(listener, TCP, 12, 0)
    listener.bind(("127.0.0.1", 0))
    listener.listen(8)
    client = new_socket()
    client.connect(listener.getsockname())
    server, _ = listener.accept()
    print("accepted", get_int(server, TCP, 18), "client", get_int(client, TCP, 18))
    set_int(server, TCP, 18, 8888)
    print("accepted", get_int(server, TCP, 18), "listener", get_int(listener, TCP, 18))


def forked():
    """Set between fork() and connect(), by the other process."""
    listener = new_socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(8)
    client = new_socket()
    ready, go = os.pipe()
    child = os.fork()
    if not child:
        os.read(ready, 1)
        client.connect(listener.getsockname())
        print("child", get_int(client, TCP, 18), flush=True)
        set_int(client, TCP, 18, 2222)
        os._exit(0)
    set_int(client, TCP, 18, 1111)
    os.write(go, b"x")
    os.waitpid(child, 0)
    print("parent", get_int(client, TCP, 18))


def fallen_back(address, port):
    """A connection to a TCP server: what was kept before, and what the kernel handles now."""
    client = new_socket()
    set_int(client, TCP, 12, 0)
    set_int(client, TCP, 18, 5000)
    client.connect((address, int(port)))
    client.sendall(b"x")
    client.recv(1)
    print("kept", get_int(client, TCP, 12), get_int(client, TCP, 18))
    print("set", set_int(client, TCP, 18, 6000), get_int(client, TCP, 18))


def serve(port):
    """Echoes a byte of each connection."""
    listener = new_socket()
    listener.setsockopt(SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", int(port)))
    listener.listen(8)
    print("ready", flush=True)
    while True:
        server, _ = listener.accept()
        server.sendall(server.recv(1))


def waiting():
    """Sets an option, and reads it again for each line of standard input."""
    sock = new_socket()
    print(set_int(sock, TCP, 18, 5000), get_int(sock, TCP, 18), flush=True)
    for _ in sys.stdin:
        print(set_int(sock, TCP, 18, 6000), get_int(sock, TCP, 18), flush=True)


def earlier():
    """For each line of standard input: one option of sockets that exist since the start, of one that their listener
    accepts now, and of a new one that did not ask for MPTCP.
    """
    listener, client, server = pair()
    print("ready", flush=True)
    for _ in sys.stdin:
        another = new_socket()
        another.connect(listener.getsockname())
        accepted, _address = listener.accept()
        fresh = socket.socket()
        print(*(set_int(sock, TCP, 18, 5000) for sock in (listener, client, server, accepted, fresh)), flush=True)


def protocols():
    """Which protocol each new socket has, before and after asking for a refused option."""
    def protocol():
        return get_int(new_socket(), SOCKET, SO_PROTOCOL)

    before = protocol()
    set_bytes(new_socket(), TCP, 14, b"\0" * 216)
    print(before, protocol())


def absurd():
    """Sizes and addresses that make no sense: an error each, and nothing is kept."""
    sock = new_socket()
    set_int(sock, TCP, 18, 1234)
    page = mmap.PAGESIZE
    LIBC.mmap.restype = ctypes.c_void_p
    two = LIBC.mmap(None, ctypes.c_size_t(2 * page), 3, 0x22, -1, ctypes.c_long(0))
    LIBC.munmap(ctypes.c_void_p(two + page), ctypes.c_size_t(page))
    whole = ctypes.create_string_buffer(struct.pack("i", 4321) + b"\0" * 100000)
    for name, address, size, wanted in (
            ("negative size", ctypes.addressof(whole), -1, ("EINVAL",)),
            ("smallest size", ctypes.addressof(whole), -2147483648, ("EINVAL",)),
            ("no address", 0, 4, ("EFAULT",)),
            ("unmapped", two + page, 4, ("EFAULT",)),
            ("across the end of a page", two + page - 2, 4, ("EFAULT",)),
            ("kernel address", 0xffffffff80000000, 4, ("EFAULT",)),
            ("empty", ctypes.addressof(whole), 0, ("EINVAL",))):
        result = set_raw(sock, TCP, 18, address, size)
        if result not in wanted:
            print(name, result)
        if result != "ok" and get_int(sock, TCP, 18) != 1234:
            print(name, "kept", get_int(sock, TCP, 18))
    print("large", set_raw(sock, TCP, 18, ctypes.addressof(whole), 100000), get_int(sock, TCP, 18))
    print("end of a page", set_raw(sock, TCP, 18, two + page - 4, 4), get_int(sock, TCP, 18))


def race():
    """Another process rewrites the value, between its check and its use if it can."""
    sock = new_socket()
    shared = mmap.mmap(-1, mmap.PAGESIZE)
    value = ctypes.c_int.from_buffer(shared)
    value.value = 1000
    child = os.fork()
    while not child:
        value.value = -1
        value.value = 1000
    outcomes = {"ok": 0, "EINVAL": 0}
    deadline = time.monotonic() + 30
    tries = 0
    while (tries < 3000 or not all(outcomes.values())) and time.monotonic() < deadline:
        tries += 1
        outcomes[set_raw(sock, TCP, 18, ctypes.addressof(value), 4)] += 1
        if get_int(sock, TCP, 18) not in (0, 1000):
            print("kept", get_int(sock, TCP, 18))
            break
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    print("both" if all(outcomes.values()) else outcomes)


def churn(count):
    """That many sockets with options, closed in all ways."""
    listener = new_socket()
    set_int(listener, TCP, 18, 1)
    listener.bind(("127.0.0.1", 0))
    listener.listen(128)
    for i in range(int(count) // 4):
        plain, client = new_socket(), new_socket()
        set_all(plain, [(TCP, 18, 1), (TCP, 12, 0)])
        set_int(client, TCP, 18, 1)
        client.connect(listener.getsockname())
        if i % 4 == 3:
            client.close()
            listener.accept()[0].close()
            plain.close()
            continue
        server, _ = listener.accept()
        if i % 4 == 0:
            set_bytes(server, SOCKET, 13, struct.pack("ii", 1, 0))
        elif i % 4 == 1:
            server.shutdown(socket.SHUT_RDWR)
        plain.detach() if i % 400 == 1 else plain.close()
        server.close()
        client.close()
    print("done")


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])

# SPDX-License-Identifier: GPL-2.0-or-later
"""One process that changes what rules go by, and prints which protocol its TCP sockets get (SO_PROTOCOL).

usage: changing.py ACTION...
  comm:NAME    change the name of the main thread
  uid:N        change the effective user
  socket       print the protocol of a new socket
  thread:NAME  the same, of one that a thread with that name creates
  made:FILE    create the file
  wait:FILE    wait until the file exists
"""

import ctypes
import os
import socket
import sys
import threading
import time

PR_SET_NAME = 15
SO_PROTOCOL = 38

libc = ctypes.CDLL(None, use_errno=True)


def rename(name):
    libc.prctl(PR_SET_NAME, name.encode())


def show_protocol():
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as sock:
        print(sock.getsockopt(socket.SOL_SOCKET, SO_PROTOCOL), flush=True)


def show_protocol_of_thread(name):
    def run():
        rename(name)
        show_protocol()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()


for action in sys.argv[1:]:
    what, _, value = action.partition(':')
    if what == 'comm':
        rename(value)
    elif what == 'uid':
        os.seteuid(int(value))
    elif what == 'socket':
        show_protocol()
    elif what == 'thread':
        show_protocol_of_thread(value)
    elif what == 'made':
        with open(value, 'w', encoding='ascii'):
            pass
    elif what == 'wait':
        while not os.path.exists(value):
            time.sleep(0.05)
    else:
        sys.exit(f"changing.py: unknown action '{action}'")

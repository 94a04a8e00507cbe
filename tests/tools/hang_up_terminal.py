#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs a command as the leader of a session, as sshd does, and hangs its terminal up once the command
has written something. Prints its exit status, or signal as a negative number, or 'alive' when it has not
ended 30 s later.
"""

import os
import pty
import sys
import time

pid, master = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
os.read(master, 1)
os.close(master)
deadline = time.monotonic() + 30
while time.monotonic() < deadline:
    ended, status = os.waitpid(pid, os.WNOHANG)
    if ended:
        print(os.waitstatus_to_exitcode(status))
        break
    time.sleep(0.05)
else:
    print("alive")

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs a command on a terminal of its own; types Ctrl-C once it has printed "ready", and once that is
echoed, sends SIGTERM to its process. Prints what the terminal showed; exits as the command did."""
import os
import pty
import signal
import sys

child, terminal = pty.fork()
if child == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
shown, steps = b"", [(b"ready", lambda: os.write(terminal, b"\x03")),
                     (b"^C", lambda: os.kill(child, signal.SIGTERM))]
while True:
    try:
        got = os.read(terminal, 4096)
    except OSError:  # EIO: the other side has ended
        break
    if not got:
        break
    shown += got
    while steps and steps[0][0] in shown:
        steps.pop(0)[1]()
print(shown.decode().replace("\r", ""), end="")
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))

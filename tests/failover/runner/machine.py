# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs the scenarios in a virtual machine."""

import os
import subprocess
from pathlib import Path
from typing import Callable, List

from .lab import PROJECT

# A trial in a slow emulator, beside the time that its traffic takes.
BOOT, OVERHEAD = 180, 45


def run_in_guest(kernel: str, out: Path, arguments: List[str], seconds: int, trials: int,
                 print_line: Callable[[str], None]) -> int:
    """All trials in one boot; returns the exit status."""
    # Emulated, a guest's clock would say more about this host than about MPTCP.
    command = [str(PROJECT / "tests/vm/run"), "-t", str(BOOT + seconds + OVERHEAD * trials), "--steady",
               kernel, "--", "tests/failover/run", "--inside", *arguments]
    machine = subprocess.Popen(command, cwd=PROJECT, env=dict(os.environ, VM_OUT=str(out)),
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    try:
        assert machine.stdout
        for line in machine.stdout:
            print_line(line.rstrip("\n"))
        return machine.wait()
    finally:
        if machine.poll() is None:
            machine.terminate()
            machine.wait()

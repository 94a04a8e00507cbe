# SPDX-License-Identifier: GPL-2.0-or-later
"""The throughput of each path over time: what the interfaces of both hosts have received."""

import threading
import time
from pathlib import Path
from typing import Dict, List, Tuple

from . import signals
from .lab import HOSTS, Topology

INTERVAL = 0.1


class Sampler(threading.Thread):
    """Samples until stopped. A host is known by a process on it."""

    def __init__(self, top: Topology, pids: Dict[str, int]):
        super().__init__(daemon=True)
        self.topology = top
        self.pids = pids
        self.samples: List[Tuple[float, Dict[str, int]]] = []  # monotonic time, bytes by path so far
        self.totals = {path: 0 for path in top.paths}
        self.last: Dict[Tuple[str, str], int] = {}
        self.ended = threading.Event()

    def run(self) -> None:
        signals.leave_to_main_thread()
        while True:
            self.sample()
            if self.ended.wait(INTERVAL):
                return

    def stop(self) -> None:
        self.ended.set()
        self.join()

    def sample(self) -> None:
        now = time.monotonic()
        for host in HOSTS:
            received = self.received(self.pids[host])
            for path in self.topology.paths:
                self.count(host, path, received.get(self.topology.interfaces[host, path]))
        self.samples.append((now, dict(self.totals)))

    def count(self, host: str, path: str, received: "int | None") -> None:
        """A re-created interface counts from 0."""
        if received is None:
            self.last[host, path] = 0
            return
        before = self.last.get((host, path), received)
        self.last[host, path] = received
        self.totals[path] += received - before if received >= before else received

    @staticmethod
    def received(pid: int) -> Dict[str, int]:
        try:
            lines = Path(f"/proc/{pid}/net/dev").read_text(encoding="ascii").splitlines()[2:]
        except OSError:
            return {}
        fields = (line.replace(":", " ").split() for line in lines)
        return {field[0]: int(field[1]) for field in fields}

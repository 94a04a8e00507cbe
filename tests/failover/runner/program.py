# SPDX-License-Identifier: GPL-2.0-or-later
"""The programs that make the traffic: the project's generator, or the user's own."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, List, Tuple

from .lab import PROJECT
from .scenario import Traffic

PORT = 5003
GENERATOR = str(PROJECT / "build/traffic")
PATIENCE = "10m"  # nobody but the kernel gives a connection up
LONG = "1h"  # until it is stopped


@dataclass(frozen=True)
class Program:
    """What the client runs; nothing: the generator."""

    words: Tuple[str, ...] = ()

    @property
    def is_generator(self) -> bool:
        return not self.words

    @property
    def name(self) -> str:
        return self.words[0] if self.words else GENERATOR

    def absolute(self) -> List[str]:
        """The words, for who is in another directory."""
        found = shutil.which(self.words[0])
        return [os.path.abspath(found) if found else self.words[0], *self.words[1:]]

    def client(self, traffic: Traffic, address: str, trace: Path) -> List[str]:
        if self.words:
            return [w.replace("{address}", address).replace("{port}", str(PORT)) for w in self.words]
        return [GENERATOR, "-address", f"{bracketed(address)}:{PORT}", "-flow", traffic.flow,
                "-nconn", str(traffic.connections), "-rate", str(traffic.rate),
                "-timeout", LONG, "-patience", PATIENCE, "-retries", "1000",
                "-trace", str(trace)]

    @staticmethod
    def server(traffic: Traffic) -> List[str]:
        # At all addresses: a further subflow comes to another one than the first.
        return [GENERATOR, "-server", "-address", f"[::]:{PORT}", "-flow", traffic.flow,
                "-rate", str(traffic.rate), "-accept", str(traffic.accept)]

    @staticmethod
    def environment(address: str) -> Dict[str, str]:
        return dict(os.environ, SERVER_ADDRESS=address, SERVER_PORT=str(PORT))


def bracketed(address: str) -> str:
    return f"[{address}]" if ":" in address else address

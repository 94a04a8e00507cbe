# SPDX-License-Identifier: GPL-2.0-or-later
"""The lab of tests/lab, from Python."""

import functools
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, List, Tuple

from . import signals
from .failure import Failure

PROJECT = Path(__file__).resolve().parents[3]
LAB = PROJECT / "tests/lab"
HOSTS = ("server", "client")


@dataclass(frozen=True)
class Topology:
    """What a topology of the lab has: the names of paths, and addresses by host and path."""

    name: str
    paths: Tuple[str, ...]
    interfaces: Dict[Tuple[str, str], str]
    addresses: Dict[Tuple[str, str, int], str]  # of host, on path, of family 4 or 6


DESCRIBE = """
cd "$0"; . ./topology.sh; [ "$1" = two_paths ] || . "./topologies/$1.sh"
echo "${ROUTERS[*]}"
for link in "${LINKS[@]}"; do
	set -- $link
	echo "$2 $3 $5 $(address4 "$1" "$4") $(address6 "$1" "$4")"
done
"""


def topologies() -> List[str]:
    return ["two_paths"] + sorted(f.stem for f in (LAB / "topologies").glob("*.sh"))


@functools.lru_cache(maxsize=None)
def topology(name: str) -> Topology:
    done = subprocess.run(["bash", "-c", DESCRIBE, str(LAB), name], check=True, text=True,
                          stdout=subprocess.PIPE)
    paths, *links = done.stdout.splitlines()
    interfaces, addresses = {}, {}
    for host, interface, path, address4, address6 in map(str.split, links):
        interfaces[host, path] = interface
        addresses[host, path, 4] = address4
        addresses[host, path, 6] = address6
    return Topology(name, tuple(paths.split()), interfaces, addresses)


@functools.lru_cache(maxsize=None)
def fault_kinds() -> Tuple[str, ...]:
    done = subprocess.run(["bash", "-c", '. "$0/faults.sh"; fault_kinds', str(LAB)], check=True,
                          text=True, stdout=subprocess.PIPE)
    return tuple(done.stdout.split())


class Lab:
    """One lab; a context manager that takes it down."""

    def __init__(self, name: str, top: Topology):
        self.name = name
        self.topology = top
        # Another locale is a dozen files that each process opens.
        self.env = dict(os.environ, LAB_NAME=name, LAB_TOPOLOGY=top.name, LC_ALL="C")

    def __enter__(self) -> "Lab":
        try:
            self.call("up")
        except BaseException:
            self.down()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.down()

    def call(self, *words: str) -> None:
        """A command of the lab. It has its own session, so that a signal does not interrupt it half way."""
        process = None
        try:
            with signals.held() as release:
                process = subprocess.Popen([LAB / "lab", *words], env=self.env, text=True,
                                           stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                           stderr=subprocess.STDOUT, start_new_session=True,
                                           preexec_fn=release)
            said, _ = process.communicate()
        except BaseException:
            if process:
                process.communicate()
            raise
        if process.returncode:
            raise Failure(f"'lab {' '.join(words)}' failed: {said.strip()}")

    def down(self) -> None:
        self.call("down")

    def command(self, node: str, *words: str) -> List[str]:
        """What runs the words on a node: by nsenter, because 'lab exec' is slow under emulation."""
        return ["nsenter", f"--net=/run/netns/{self.name}-{node}", "--", *words]

    def inode(self, node: str) -> int:
        return os.stat(f"/run/netns/{self.name}-{node}").st_ino

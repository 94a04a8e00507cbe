# SPDX-License-Identifier: GPL-2.0-or-later
"""Brings what the trials run into the memory of the virtual machine.

Each open() of a file of the host's is a round trip through the emulator, which takes as long as this host
pleases: a fault of a few hundred files would take a second or two. A file that was changed is in the
guest's memory instead, and setting its times to what they are is a change.
"""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Iterable, Set

from .lab import PROJECT

TOOLS = ("bash sh ip nsenter iptables ip6tables nft tc sed awk sleep cat test xargs sysctl sort nstat"
         " modprobe kill env ping ss tcpdump mptcpize ncat nc timeout").split()
MODULES = ("sch_netem sch_tbf nf_tables nft_compat nft_chain_nat xt_tcpudp xt_TCPOPTSTRIP ipt_REJECT"
           " ip6t_REJECT xt_MASQUERADE veth").split()


def copy_into_memory() -> None:
    tools = [path for path in map(shutil.which, TOOLS) if path]
    own = [PROJECT / "build/traffic", *(PROJECT / "tests/lab").rglob("*")]
    modules = Path("/usr/lib").glob("*/xtables/*.so")
    plain = ("/etc/ld.so.cache", "/usr/share/iproute2", "/etc/iproute2", "/usr/bin/env")
    for path in {*map(Path, tools), *own, *modules, *libraries(tools), *map(Path, plain)}:
        touch(path)
    load_modules()


def load_modules() -> None:
    """Those that the faults need; some kernels have them built in."""
    subprocess.run(["modprobe", "-a", "-q", *MODULES], stderr=subprocess.DEVNULL, check=False)


def libraries(tools: Iterable[str]) -> Set[Path]:
    listed = subprocess.run(["ldd", *tools], text=True, stdout=subprocess.PIPE,
                            stderr=subprocess.DEVNULL, check=False).stdout
    return {Path(word) for word in listed.split() if word.startswith("/") and word[-1] != ":"}


def touch(path: Path) -> None:
    for each in [path, *path.rglob("*")] if path.is_dir() else [path]:
        if each.is_file():
            real = each.resolve()
            times = real.stat()
            os.utime(real, ns=(times.st_atime_ns, times.st_mtime_ns))

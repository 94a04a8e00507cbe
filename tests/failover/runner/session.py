# SPDX-License-Identifier: GPL-2.0-or-later
"""What all trials share: cgroups, enforcer and watcher. Starting them is slow, so that happens once."""

import json
import os
import subprocess
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Callable, Dict, IO, Iterator, List, Optional

from . import signals
from .failure import FAILED, NOT_PERMITTED, Failure
from .lab import PROJECT

Event = Dict[str, Any]
START_LIMIT = 60  # seconds
TOOLS = "tools"  # the cgroup of what is not traffic


def wait_for(seconds: float, condition: Callable[[], Any]) -> bool:
    """Polls until the condition holds; returns whether it did before the deadline."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


class Session:
    """A context manager: nothing of it is left behind."""

    def __init__(self, directory: Path, modes: List[str]):
        self.directory = directory
        self.modes = modes
        self.name = f"failover-{os.getpid()}"
        self.cgroup = self.find_cgroup() / self.name
        self.processes: List[subprocess.Popen] = []
        self.events: List[Event] = []  # appended to by the reader
        self.reader: Optional[threading.Thread] = None

    @staticmethod
    def find_cgroup() -> Path:
        if os.geteuid():
            raise Failure("cannot build the lab: not root (use sudo, or a virtual machine's kernel)",
                          NOT_PERMITTED)
        for line in Path("/proc/mounts").read_text(encoding="utf-8").splitlines():
            _, where, kind, *_ = line.split()
            if kind == "cgroup2":
                return Path(where)
        raise Failure("cannot make a cgroup: no cgroup v2 is mounted (mount -t cgroup2 none DIR)")

    def __enter__(self) -> "Session":
        try:
            for group in (*self.modes, TOOLS):
                (self.cgroup / group).mkdir(parents=True)
            if "mptcp" in self.modes:
                self.start_force()
                self.start_watch()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for process in reversed(self.processes):
            end(process)
        if self.reader:
            self.reader.join()
        if self.cgroup.exists():
            remove_cgroup(self.cgroup)

    def start_force(self) -> None:
        program = os.environ.get("MPTCP_FORCE", str(PROJECT / "build/mptcp-force"))
        self.start("enforcing", subprocess.DEVNULL, program, "--cgroup", str(self.cgroup / "mptcp"))

    def start_watch(self) -> None:
        program = os.environ.get("MPTCP_WATCH", str(PROJECT / "build/mptcp-watch"))
        process = self.start("watching", subprocess.PIPE, program, "--json", "--no-initial")
        assert process.stdout
        self.reader = threading.Thread(target=self.read_events, args=(process.stdout,))
        self.reader.start()

    def start(self, ready: str, output: int, program: str, *words: str) -> subprocess.Popen:
        """Returns when the program has said on standard error that it is ready."""
        log = self.directory / f"{Path(program).name}.err"
        with log.open("w", encoding="utf-8") as err:
            try:
                process = start_in(self.cgroup / TOOLS, [program, *words], stdout=output, stderr=err)
            except OSError as error:
                raise Failure(f"cannot start '{program}': {error.strerror} (build it with 'make')") \
                    from error
        self.processes.append(process)

        def said() -> str:
            return log.read_text(encoding="utf-8", errors="replace")

        def is_ready() -> bool:
            return any(line.startswith(ready) for line in said().splitlines())

        wait_for(START_LIMIT, lambda: is_ready() or process.poll() is not None)
        if not is_ready():
            status = process.poll()
            raise Failure(f"'{program}' does not say '{ready}' ({said().strip() or 'nothing'})",
                          status if status else FAILED)
        return process

    def check(self) -> None:
        """What was started is still at work."""
        for process in self.processes:
            if process.poll() is not None:
                raise Failure(f"'{process.args[0]}' ended with status {process.returncode}"
                              f" (see what it said in {self.directory})")

    def read_events(self, stream: IO[bytes]) -> None:
        signals.leave_to_main_thread()
        for line in stream:
            self.events.append(json.loads(line))

    @contextmanager
    def group(self, mode: str, name: str) -> Iterator[Path]:
        """A cgroup for one trial; what is in it at the end is killed."""
        directory = self.cgroup / mode / name
        try:
            directory.mkdir()
            yield directory
        finally:
            remove_cgroup(directory)


def end(process: subprocess.Popen) -> None:
    """Asks it to, and makes it."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def start_in(directory: Path, words: List[str], **options: Any) -> subprocess.Popen:
    """Starts a program in the cgroup."""
    with signals.held() as release:

        def enter() -> None:
            release()
            with open(directory / "cgroup.procs", "w", encoding="ascii") as out:
                out.write("0")  # 0 is who writes it

        return subprocess.Popen(words, stdin=subprocess.DEVNULL, start_new_session=True,
                                preexec_fn=enter, **options)


def remove_cgroup(directory: Path) -> None:
    """With all that is in it."""
    (directory / "cgroup.kill").write_text("1", encoding="ascii")
    wait_for(10, lambda: "populated 0" in (directory / "cgroup.events").read_text(encoding="ascii"))
    for each in sorted(directory.rglob("*/"), reverse=True):
        if each.is_dir():
            each.rmdir()
    directory.rmdir()

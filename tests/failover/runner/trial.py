# SPDX-License-Identifier: GPL-2.0-or-later
"""One run of a scenario: in one family, over TCP or over MPTCP."""

import json
import os
import signal
import subprocess
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Dict, List, Optional, Tuple

from . import lab
from .failure import Failure
from .program import PORT, Program
from .sampler import Sampler
from .scenario import Action, Scenario
from .session import Event, Session, end, start_in, wait_for

CONNECT_LIMIT = 10  # seconds: a program that has not connected by then never will
ESTABLISHED, LISTEN = "01", "0A"  # in /proc/net/tcp


@dataclass
class Mark:
    """An action that took place, in seconds after the client's start."""

    action: Action
    began: float
    done: float

    @property
    def late(self) -> float:
        """What comes later in the scenario comes so much later."""
        return self.done - (self.action.at or 0)


@dataclass
class Raw:
    """What was seen. Times of the scenario are nominal: see actual()."""

    started: float = 0  # CLOCK_MONOTONIC
    wall_offset: float = 0
    marks: List[Mark] = field(default_factory=list)
    samples: List[Tuple[float, Dict[str, int]]] = field(default_factory=list)
    events: List[Event] = field(default_factory=list)
    hosts: Dict[int, str] = field(default_factory=dict)  # by inode of the network namespace
    report: Optional[Dict[str, Any]] = None  # the generator's
    trace: List[Tuple[float, int]] = field(default_factory=list)  # seconds, bytes
    status: int = 0  # of the client
    cut: bool = False  # the client was ended by us
    server_said: str = ""
    actions: int = 0  # of the scenario

    def actual(self, nominal: float) -> float:
        """When the scenario's time was, in seconds after the client's start."""
        late = [mark.late for mark in self.marks if (mark.action.at or 0) <= nominal]
        return nominal + (late[-1] if late else 0)


class Trial:
    def __init__(self, session: Session, scenario: Scenario, family: int, mode: str,
                 program: Program, directory: Path):
        assert scenario.traffic
        self.session, self.scenario, self.traffic = session, scenario, scenario.traffic
        self.family, self.mode, self.program = family, mode, program
        self.directory = directory
        self.topology = lab.topology(scenario.topology)
        self.address = self.topology.addresses["server", self.topology.paths[0], family]
        self.raw = Raw()

    def run(self) -> Raw:
        self.directory.mkdir(parents=True, exist_ok=True)
        first_event = len(self.session.events)
        name = f"fo{os.getpid()}"
        with ExitStack() as stack:
            self.lab = stack.enter_context(lab.Lab(name, self.topology))
            self.cgroup = stack.enter_context(self.session.group(self.mode, self.directory.name))
            self.raw.hosts = {self.lab.inode(host): host for host in lab.HOSTS}
            self.server = self.start("server", self.program.server(self.traffic))
            self.await_server()
            self.perform(None)
            self.run_client()
            end(self.server)
            self.settle()
            self.session.check()
        self.collect(first_event)
        return self.raw

    def start(self, host: str, words: List[str]) -> subprocess.Popen:
        """On the host, in the cgroup, with its output in files."""
        with (self.directory / f"{host}.out").open("w", encoding="utf-8") as out, \
                (self.directory / f"{host}.err").open("w", encoding="utf-8") as err:
            return start_in(self.cgroup, self.lab.command(host, *words), stdout=out, stderr=err,
                            env=self.program.environment(self.address))

    def said(self, host: str) -> str:
        return (self.directory / f"{host}.err").read_text(encoding="utf-8", errors="replace").strip()

    def await_server(self) -> None:
        wait_for(30, lambda: self.port_is(LISTEN) or self.server.poll() is not None)
        if not self.port_is(LISTEN):
            raise Failure(f"the server does not listen on port {PORT}: {self.said('server')}")

    def port_is(self, state: str) -> bool:
        """On the server, where subflows are TCP sockets too."""
        wanted = f":{PORT:04X}"
        for table in ("tcp", "tcp6"):
            try:
                text = Path(f"/proc/{self.server.pid}/net/{table}").read_text(encoding="ascii")
            except OSError:
                continue
            for line in text.splitlines()[1:]:
                _, local, _, now, *_ = line.split()
                if local.endswith(wanted) and now == state:
                    return True
        return False

    def run_client(self) -> None:
        words = self.program.client(self.traffic, self.address, self.directory / "trace")
        self.raw.wall_offset = time.time() - time.monotonic()
        self.raw.started = time.monotonic()
        client = self.start("client", words)
        sampler = Sampler(self.topology, {"client": client.pid, "server": self.server.pid})
        sampler.start()
        try:
            self.follow(client)
        finally:
            end(client)  # it reports
            sampler.stop()
        self.raw.status = client.returncode
        self.raw.samples = sampler.samples

    def follow(self, client: subprocess.Popen) -> None:
        """Does what is due while the client runs."""
        # The generator reports whether it connected.
        connected = self.program.is_generator
        while client.poll() is None and self.elapsed() < self.traffic.seconds + self.late():
            if not connected:
                connected = self.port_is(ESTABLISHED)
                if not connected and self.elapsed() > CONNECT_LIMIT:
                    break
            self.perform(self.elapsed())
            time.sleep(0.02)
        if not connected:
            self.never_connected(client)
        self.raw.cut = client.poll() is None

    def late(self) -> float:
        """In a slow machine, or on a busy one, a fault takes its time. The next waits for it."""
        return self.raw.marks[-1].late if self.raw.marks else 0

    def never_connected(self, client: subprocess.Popen) -> None:
        status = client.poll()
        how = f"it ended with status {status}" if status is not None else \
            f"not within {CONNECT_LIMIT} s"
        raise Failure(f"'{self.program.name}' never connected to {self.address} port {PORT}: {how}"
                      f" ({self.said('client') or 'it said nothing'})")

    def elapsed(self) -> float:
        return time.monotonic() - self.raw.started

    def perform(self, now: Optional[float]) -> None:
        """The actions that are due; None: those before the client's start."""
        done = len(self.raw.marks)
        for action in self.scenario.actions[done:]:
            if action.at is not None and (now is None or action.at + self.late() > now):
                return
            began = self.elapsed() if now is not None else 0
            self.act(action)
            self.raw.marks.append(Mark(action, began, self.elapsed() if now is not None else 0))

    def act(self, action: Action) -> None:
        if action.verb in ("fail", "restore"):
            self.lab.call(action.verb, *action.words)
        elif action.verb == "server":
            deaf = action.words[0] == "deaf"
            self.server.send_signal(signal.SIGUSR1 if deaf else signal.SIGUSR2)
            wait_for(10, lambda: self.port_is(LISTEN) != deaf)
        else:
            self.on(*action.words)

    def on(self, host: str, *words: str) -> None:
        command = [self.fill_in(word) for word in words]
        done = subprocess.run(self.lab.command(host, *command), stdin=subprocess.DEVNULL, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        if done.returncode:
            raise Failure(f"'{' '.join(command)}' on the {host} failed: {done.stdout.strip()}")

    def fill_in(self, word: str) -> str:
        for (host, path, family), address in self.topology.addresses.items():
            if family == self.family:
                word = word.replace(f"{{{host}.{path}}}", address)
        return word

    def settle(self) -> None:
        """Waits for the last events: until half a second has brought none."""
        if self.mode == "tcp":
            return
        seen, since = -1, time.monotonic()
        while time.monotonic() - since < 0.5:
            if len(self.session.events) != seen:
                seen, since = len(self.session.events), time.monotonic()
            time.sleep(0.05)

    def collect(self, first_event: int) -> None:
        raw = self.raw
        raw.server_said = self.said("server")
        raw.actions = len(self.scenario.actions)
        # What was lost is of no network namespace.
        raw.events = [e for e in self.session.events[first_event:]
                      if e["event"] == "lost" or e.get("netns") in raw.hosts]
        if self.program.is_generator:
            try:
                raw.report = json.loads((self.directory / "client.out").read_text(encoding="utf-8"))
            except ValueError:
                raise Failure(f"the generator ended with status {raw.status} and no report:"
                              f" {self.said('client')}") from None
            start = raw.started + raw.wall_offset
            for line in (self.directory / "trace").read_text(encoding="ascii").splitlines():
                ns, count = line.split()
                raw.trace.append((int(ns) / 1e9 - start, int(count)))

# SPDX-License-Identifier: GPL-2.0-or-later
"""Scenario files: see scenarios/README.md for the words."""

import re
import shlex
from dataclasses import dataclass, field
from pathlib import Path
from typing import Dict, List, NoReturn, Optional, Tuple

from . import lab
from .failure import USAGE, Failure

MODES = ("tcp", "mptcp")
FLOWS = ("echo", "down", "both")
NODES = ("client", "server")
EVENTS = ("created established closed announced removed sub_established sub_closed sub_priority"
          " listener_created listener_closed upgraded fallback join_failed stale recovered failover"
          " resumed sockopt_denied lost").split()
PATHS = ("path", "from", "to")  # attributes whose values are paths here
ATTRIBUTES = ("host token pid uid comm cgroup saddr daddr sport dport loc_id rem_id if_idx backup initial"
              " server_side fallback failover_pending subflows_max bytes_sent bytes_received"
              " bytes_retrans closed_by error reset_reason reason join cause outstanding reinjected"
              " connections joins_refused level optname count").split()
LONGEST = 600  # seconds


@dataclass(frozen=True)
class Action:
    at: Optional[float]  # seconds after the client's start; None: before it
    verb: str  # fail, restore, on, server
    words: Tuple[str, ...]

    def __str__(self) -> str:
        return " ".join((self.verb,) + self.words)


@dataclass(frozen=True)
class Traffic:
    flow: str = "echo"
    connections: int = 1
    rate: int = 20  # KB/s
    seconds: int = 10
    accept: int = 0  # connections until the server stops listening; 0: it does not


@dataclass(frozen=True)
class Expectation:
    what: Tuple[str, ...]
    because: str
    mode: Optional[str] = None
    family: Optional[int] = None
    kernel: Optional[str] = None

    def applies(self, mode: str, family: int, kernel: str) -> bool:
        return (self.mode in (None, mode) and self.family in (None, family)
                and self.kernel in (None, kernel))

    def __str__(self) -> str:
        return " ".join(self.what)


@dataclass
class Scenario:
    name: str
    title: str = ""
    topology: str = "two_paths"
    traffic: Optional[Traffic] = None
    actions: List[Action] = field(default_factory=list)
    expectations: List[Expectation] = field(default_factory=list)


class Parser:
    """Reads one file. Each statement is a method; words it can use up are in self.words."""

    def __init__(self, path: Path):
        self.path = path
        self.line = 0
        self.words: List[str] = []
        self.scenario = Scenario(path.name)
        self.checks: List[Tuple[int, str]] = []  # paths that were named, by line

    def parse(self) -> Scenario:
        try:
            lines = self.path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
            raise Failure(f"cannot read scenario '{self.path}': {reason} (see 'run --list')",
                          USAGE) from error
        for self.line, text in enumerate(lines, 1):
            self.statement(text.split("#", 1)[0].strip())
        self.line = max(len(lines), 1)
        if not self.scenario.title:
            self.fail("the file ends without 'title TEXT'")
        if not self.scenario.traffic:
            self.fail("the file ends without 'traffic FLOW'")
        if not self.scenario.expectations:
            self.fail("the file ends without 'expect ...': it could not fail")
        self.check_paths()
        self.check_times()
        return self.scenario

    def fail(self, text: str) -> NoReturn:
        raise Failure(f"{self.path}:{self.line}: {text}", USAGE)

    def statement(self, text: str) -> None:
        if not text:
            return
        try:
            self.words = shlex.split(text) if not text.startswith(("title", "expect")) \
                else text.split()
        except ValueError as error:
            self.fail(f"{error}: wanted each quotation mark twice")
        word = self.one_of("a statement", ("title", "topology", "traffic", "before", "at", "expect"))
        getattr(self, "do_" + word)()
        if self.words:
            self.fail(f"unexpected '{self.words[0]}': wanted the end of the line")

    # Words.

    def next(self, wanted: str) -> str:
        if not self.words:
            self.fail(f"the line ends too soon: wanted {wanted}")
        return self.words.pop(0)

    def rest(self, wanted: str) -> Tuple[str, ...]:
        words = (self.next(wanted), *self.words)
        self.words = []
        return words

    def one_of(self, what: str, choice: Tuple[str, ...]) -> str:
        word = self.next(f"{what}, one of {' '.join(choice)}")
        if word not in choice:
            self.fail(f"unknown word '{word}': wanted {what}, one of {' '.join(choice)}")
        return word

    def number(self, what: str, least: int = 0, most: int = 10**6) -> int:
        word = self.next(what)
        if not re.fullmatch(r"[0-9]{1,9}", word) or not least <= int(word) <= most:
            self.fail(f"'{word}' is not {what}: wanted a number from {least} to {most}")
        return int(word)

    def seconds(self, what: str) -> float:
        word = self.next(what)
        if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,3})?", word) or float(word) > LONGEST:
            self.fail(f"'{word}' is not {what}: wanted seconds from 0 to {LONGEST}, such as 2.5")
        return float(word)

    def path_name(self) -> str:
        word = self.next("a router")
        self.checks.append((self.line, word))
        return word

    # Statements.

    def do_title(self) -> None:
        self.scenario.title = " ".join(self.rest("what the scenario is about"))

    def do_topology(self) -> None:
        self.scenario.topology = self.one_of("a topology", tuple(lab.topologies()))

    def do_traffic(self) -> None:
        flow = self.one_of("a flow", FLOWS)
        values: Dict[str, int] = {}
        while self.words:
            name = self.one_of("what about the traffic",
                               ("connections", "rate", "seconds", "accept"))
            values[name] = self.number(f"the {name}", 1, LONGEST if name == "seconds" else 10**6)
        self.scenario.traffic = Traffic(flow, **values)

    def do_before(self) -> None:
        self.action(None)

    def do_at(self) -> None:
        at = self.seconds("a time")
        last = [a.at for a in self.scenario.actions if a.at is not None]
        if last and at < last[-1]:
            self.fail(f"out of order: {at:g} s comes after {last[-1]:g} s; wanted times that rise")
        self.action(at)

    def action(self, at: Optional[float]) -> None:
        verb = self.one_of("an action", ("fail", "restore", "on", "server"))
        if verb == "fail":
            words = (self.path_name(), self.one_of("a kind of fault", lab.fault_kinds()))
        elif verb == "restore":
            words = (self.path_name(),)
        elif verb == "server":
            words = (self.one_of("what the server does", ("deaf", "listens")),)
        else:
            words = (self.one_of("a host", NODES),) + self.rest("a command")
            for place in re.findall(r"{(.*?)}", " ".join(words)):
                host, _, path = place.partition(".")
                if host not in NODES:
                    self.fail(f"unknown address '{{{place}}}': wanted {{client.PATH}} or"
                              f" {{server.PATH}}")
                self.checks.append((self.line, path))
        self.scenario.actions.append(Action(at, verb, words))

    def do_expect(self) -> None:
        because = ""
        if "because" in self.words:
            where = self.words.index("because")
            because = " ".join(self.words[where + 1:])
            self.words = self.words[:where]
            if not because:
                self.fail("the line ends too soon: wanted a reason after 'because'")
        mode = self.words.pop(0) if self.words[:1] and self.words[0] in MODES else None
        family = kernel = None
        if self.words[:1] and self.words[0] in ("ipv4", "ipv6"):
            family = int(self.words.pop(0)[-1])
        if self.words[:1] == ["kernel"]:
            self.words.pop(0)
            kernel = self.next("a kernel, such as 6.12")
            if not re.fullmatch(r"[0-9]+\.[0-9]+\S*", kernel):
                self.fail(f"'{kernel}' is not a kernel: wanted such as 6.12")
        what = self.what()
        self.scenario.expectations.append(Expectation(what, because, mode, family, kernel))

    def what(self) -> Tuple[str, ...]:
        kind = self.one_of("what is expected", ("survives", "dies", "outage", "event", "no", "path",
                                                "subflows", "failovers"))
        if kind in ("survives", "dies"):
            return (kind,)
        if kind == "outage":
            return (kind, self.one_of("a bound", ("below", "above")),
                    str(self.number("milliseconds")))
        if kind in ("subflows", "failovers"):
            return (kind, str(self.number("how many")))
        if kind == "path":
            path = self.path_name()
            state = self.one_of("what it does", ("carries", "idle"))
            times = []
            for word in ("from", "to"):
                self.one_of(f"'{word}'", (word,))
                times.append(f"{self.seconds('a time'):g}")
            if float(times[0]) >= float(times[1]):
                self.fail(f"'from {times[0]} to {times[1]}' is no time: wanted the earlier first")
            return (kind, path, state, "from", times[0], "to", times[1])
        words: Tuple[str, ...] = (kind,)
        if kind == "no":
            words += (self.one_of("'event'", ("event",)),)
        words += (self.one_of("an event", tuple(EVENTS)),)
        while self.words:
            words += (self.attribute(),)
        return words

    def attribute(self) -> str:
        pair = self.next("KEY=VALUE")
        key, equals, value = pair.partition("=")
        if not (key and equals and value):
            self.fail(f"'{pair}' is not of the form KEY=VALUE: wanted such as cause=loss")
        if key in PATHS:
            self.checks.append((self.line, value))
        elif key not in ATTRIBUTES:
            self.fail(f"unknown attribute '{key}': wanted one of {' '.join((*PATHS, *ATTRIBUTES))}")
        elif key == "host" and value not in NODES:
            self.fail(f"unknown host '{value}': wanted one of {' '.join(NODES)}")
        return pair

    # What is known only at the end.

    def check_paths(self) -> None:
        paths = lab.topology(self.scenario.topology).paths
        for self.line, path in self.checks:
            if path not in paths:
                self.fail(f"unknown router '{path}': wanted one of {' '.join(paths)}"
                          f" (topology {self.scenario.topology})")

    def check_times(self) -> None:
        assert self.scenario.traffic
        for action in self.scenario.actions:
            if action.at is not None and action.at >= self.scenario.traffic.seconds:
                self.fail(f"'at {action.at:g} {action}' comes after the traffic's end at"
                          f" {self.scenario.traffic.seconds} s: wanted an earlier time")


def read(path: Path) -> Scenario:
    return Parser(path).parse()

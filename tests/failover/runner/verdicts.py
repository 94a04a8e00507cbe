# SPDX-License-Identifier: GPL-2.0-or-later
"""Whether what was measured is what was expected."""

from dataclasses import dataclass
from typing import Dict, List, Tuple

from .findings import Failover, Measured, carried
from .scenario import Expectation
from .session import Event
from .trial import Raw

# In a second. A path that carries data has several times as much even at the lowest rate used,
# one that does not has announcements, probes and neighbour discovery.
MUCH, LITTLE = 2500, 1500


@dataclass(frozen=True)
class Verdict:
    text: str  # what was expected
    because: str
    passed: bool
    got: str


def judge(expectations: List[Expectation], raw: Raw, measured: Measured, mode: str) -> List[Verdict]:
    verdicts = []
    if measured.intact is not None:
        verdicts.append(Verdict("intact", "no fault may alter data", measured.intact,
                                "intact" if measured.intact else "bytes that were not sent"))
    if raw.report is None:
        verdicts.append(stayed(raw))
    if mode == "tcp":
        # The kernel itself listens for an endpoint that has a port.
        names = sorted({event["event"] for event in measured.events} - {"listener_created", "listener_closed"})
        verdicts.append(Verdict("no events", "this is TCP", not names, " ".join(names) or "none"))
    else:
        seen = {event["event"] for event in measured.events} & {"created", "fallback"}
        verdicts.append(Verdict("created or fallback", "this is MPTCP", bool(seen), " ".join(seen) or "none"))
        verdicts.append(pairs(measured))
        verdicts.append(nothing_lost(measured))
    for expected in expectations:
        if expected.what[0] == "outage" and measured.app_outage_ms is None:
            continue  # unknown for a user's own program
        passed, got = CHECKS[expected.what[0]](expected.what, raw, measured)
        verdicts.append(Verdict(str(expected), expected.because, passed, got))
    return verdicts


def pairs(measured: Measured) -> Verdict:
    count, ends = len(measured.failovers), measured.resumed + measured.pending
    return Verdict("each failover resumed", "or its connection's closed says so", count == ends,
                   f"{count} failover, {measured.resumed} resumed, {measured.pending} left open")


def nothing_lost(measured: Measured) -> Verdict:
    lost = sum(event["count"] for event in measured.events if event["event"] == "lost")
    return Verdict("no event lost", "or a missing event would mean nothing", not lost, f"{lost} of them")


def stayed(raw: Raw) -> Verdict:
    """A program of the user's may end before anything happens to it."""
    left = raw.actions - len(raw.marks)
    return Verdict("the program stays for all actions", "or it has shown nothing", not left,
                   f"{left} actions were left")


def survives(what: Tuple[str, ...], _: Raw, measured: Measured) -> Tuple[bool, str]:
    return (measured.survived == (what[0] == "survives"),
            "it survived" if measured.survived else "it did not")


def outage(what: Tuple[str, ...], _: Raw, measured: Measured) -> Tuple[bool, str]:
    got = measured.app_outage_ms
    assert got is not None
    bound = int(what[2])
    return got < bound if what[1] == "below" else got > bound, f"{got} ms"


def event_seen(what: Tuple[str, ...], _: Raw, measured: Measured) -> Tuple[bool, str]:
    found = matching(what[1], what[2:], measured.events)
    return bool(found), f"{len(found)} of {len(measured.events)} events"


def event_not_seen(what: Tuple[str, ...], _: Raw, measured: Measured) -> Tuple[bool, str]:
    found = matching(what[2], what[3:], measured.events)
    return not found, f"{len(found)} of them"


def matching(name: str, pairs_wanted: Tuple[str, ...], events: List[Event]) -> List[Event]:
    wanted = dict(pair.split("=", 1) for pair in pairs_wanted)
    return [e for e in events if e["event"] == name
            and all(text(value_of(e, key)) == value for key, value in wanted.items())]


def value_of(event: Event, key: str) -> object:
    """from and to are paths here."""
    return event.get(key + "_path" if key in ("from", "to") else key)


def text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def path(what: Tuple[str, ...], raw: Raw, _: Measured) -> Tuple[bool, str]:
    name, state, begin, end = what[1], what[2], float(what[4]), float(what[6])
    per_second = carried(raw, name, raw.actual(begin), raw.actual(end)) / (
        raw.actual(end) - raw.actual(begin))
    return (per_second > MUCH if state == "carries" else per_second < LITTLE,
            f"{per_second / 1000:.1f} kB/s")


def subflows(what: Tuple[str, ...], _: Raw, measured: Measured) -> Tuple[bool, str]:
    return measured.most_subflows == int(what[1]), str(measured.most_subflows)


def failovers(what: Tuple[str, ...], _: Raw, measured: Measured) -> Tuple[bool, str]:
    found: Dict[str, int] = {}
    for failover in measured.failovers:
        key = name_of(failover)
        found[key] = found.get(key, 0) + 1
    return (len(measured.failovers) == int(what[1]),
            ", ".join(f"{n} {key}" for key, n in found.items()) or "none")


def name_of(failover: Failover) -> str:
    return f"{failover.host} {failover.source} to {failover.target} ({failover.cause})"


CHECKS = {"survives": survives, "dies": survives, "outage": outage, "event": event_seen,
          "no": event_not_seen, "path": path, "subflows": subflows, "failovers": failovers}

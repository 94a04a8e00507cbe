# SPDX-License-Identifier: GPL-2.0-or-later
"""From raw observations to the figures of the report."""

import re
from dataclasses import dataclass, field
from typing import Any, Dict, List, Optional, Tuple

from .lab import Topology
from .session import Event
from .trial import Raw

KBIT = 8 / 1000


@dataclass
class Failover:
    """In ms: from the last progress until the loss was noticed, data was sent elsewhere, and arrived."""

    host: str
    source: str
    target: str
    cause: str
    at: float  # seconds after the client's start
    noticed: float
    sent: float
    acknowledged: Optional[float] = None
    outage: Optional[float] = None
    reinjected: int = 0


@dataclass
class Measured:
    survived: bool
    intact: Optional[bool]  # None: not known of this program
    app_outage_ms: Optional[int]
    app_outage_span: Optional[Tuple[float, float]] = None  # seconds after the client's start
    watch_outage_ms: Optional[int] = None
    reinjected_bytes: int = 0
    failovers: List[Failover] = field(default_factory=list)
    resumed: int = 0
    pending: int = 0  # failovers that the connection's end left open
    subflows: List[Tuple[float, int]] = field(default_factory=list)  # the client's, over time
    most_subflows: int = 0  # of one connection
    goodput: Dict[str, Optional[float]] = field(default_factory=dict)  # kbit/s
    events: List[Event] = field(default_factory=list)  # with at, host, path


def measure(raw: Raw, top: Topology) -> Measured:
    report = raw.report
    intact: Optional[bool]
    if report:
        survived, intact = report["Survived"], report["Corrupt"] == 0
        outage: Optional[int] = round(report["LongestOutage"] / 1e6)
    else:  # a user's own program: nothing else is known
        survived, intact, outage = raw.cut or raw.status == 0, None, None
    if "wrong bytes" in raw.server_said:
        intact = False
    for longest in re.findall(r"longest outage (\d+) ms", raw.server_said):
        outage = max(outage or 0, int(longest))
    measured = Measured(survived, intact, outage)
    measured.events = [annotate(event, raw, top) for event in raw.events]
    count_failovers(measured)
    count_subflows(measured)
    measured.goodput = goodput(raw)
    measured.app_outage_span = outage_span(raw, outage)
    return measured


def outage_span(raw: Raw, outage_ms: Optional[int]) -> Optional[Tuple[float, float]]:
    """When the longest outage was, by the trace; None if it is not in it, or too short to be seen."""
    if outage_ms is None or not raw.trace:
        return None
    longest, (last, count) = (0.0, 0.0), raw.trace[0]
    for at, so_far in raw.trace[1:] + [(raw.trace[-1][0], -1)]:
        if so_far == count:
            continue
        if at - last > longest[1] - longest[0]:
            longest = (last, at)
        last, count = at, so_far
    # The trace has ten points a second.
    seconds = longest[1] - longest[0]
    return longest if seconds > 0.25 and abs(seconds - outage_ms / 1e3) < 0.25 + seconds / 4 else None


def annotate(event: Event, raw: Raw, top: Topology) -> Event:
    """Adds at, in seconds after the client's start, the host, and the path."""
    notes: Event = {"at": event["mono_ns"] / 1e9 - raw.started,
                    "host": raw.hosts.get(event.get("netns")),  # what was lost is of no host
                    "path": path_of(event, top)}
    for side in ("from", "to"):
        if side in event:
            notes[side + "_path"] = path_of(event[side], top)
    return {**event, **notes}


def path_of(attributes: Dict[str, Any], top: Topology) -> Optional[str]:
    """By whichever address is of the lab; that of the other side may be translated on its way."""
    addresses = {a: path for (_, path, _), a in top.addresses.items()}
    paths = [addresses.get(attributes.get(key, "")) for key in ("saddr", "daddr")]
    # The initial address of one side goes with any of the other: the last path decides.
    found = [path for path in paths if path]
    return max(found) if found else None


def count_failovers(measured: Measured) -> None:
    open_ones: Dict[Any, Failover] = {}
    for event in measured.events:
        key = (event.get("netns"), event.get("token"))
        if event["event"] == "failover":
            last, noticed = event["last_progress_ns"] / 1e6, event["noticed_ns"] / 1e6
            failover = Failover(event["host"], event["from_path"] or "?", event["to_path"] or "?",
                                event["cause"], event["at"], last - noticed, noticed)
            measured.failovers.append(failover)
            open_ones[key] = failover
        elif event["event"] == "resumed":
            measured.resumed += 1
            measured.reinjected_bytes += event["reinjected"]
            outage = event["outage_ns"] / 1e6
            measured.watch_outage_ms = max(measured.watch_outage_ms or 0, round(outage))
            if key in open_ones:
                failover = open_ones.pop(key)
                failover.acknowledged = (event["at"] - failover.at) * 1e3
                failover.outage, failover.reinjected = outage, event["reinjected"]
        elif event["event"] == "closed" and event["failover_pending"]:
            measured.pending += 1


def count_subflows(measured: Measured) -> None:
    now: Dict[str, int] = {}
    for event in measured.events:
        token = event.get("token")
        if event["host"] != "client" or not token:
            continue
        change = {"established": 1, "sub_established": 1, "sub_closed": -1}.get(event["event"], 0)
        if event["event"] == "closed":
            now.pop(token, None)
        elif change and (token in now or change > 0):
            now[token] = max(now.get(token, 0) + change, 0)
            measured.most_subflows = max(measured.most_subflows, now[token])
        else:
            continue
        measured.subflows.append((event["at"], sum(now.values())))


def goodput(raw: Raw) -> Dict[str, Optional[float]]:
    """Before the first fault, while there is one, and after the last was mended."""
    faults = [m for m in raw.marks if m.action.verb != "restore"]
    mended = [m for m in raw.marks if m.action.verb == "restore"]
    if not raw.trace:
        return {}
    end = raw.trace[-1][0]
    first = faults[0].began if faults else end
    last = mended[-1].done if mended else end
    return {"before": rate(raw.trace, 0, first), "during": rate(raw.trace, first, last),
            "after": rate(raw.trace, last, end)}


def rate(trace: List[Tuple[float, int]], begin: float, end: float) -> Optional[float]:
    if end - begin < 0.3:
        return None
    return (count_at(trace, end) - count_at(trace, begin)) * KBIT / (end - begin)


def count_at(series: List[Tuple[float, int]], time: float) -> int:
    count = 0
    for at, so_far in series:
        if at > time:
            break
        count = so_far
    return count


def carried(raw: Raw, path: str, begin: float, end: float) -> int:
    """Bytes that arrived on the path in that time."""
    series = [(at - raw.started, totals[path]) for at, totals in raw.samples]
    return count_at(series, end) - count_at(series, begin)

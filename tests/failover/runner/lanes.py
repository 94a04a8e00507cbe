# SPDX-License-Identifier: GPL-2.0-or-later
"""What a picture shows above the throughput, in lanes: faults, the program's outage, and events by host."""

import dataclasses
from dataclasses import dataclass, field
from typing import Any, Dict, List, Optional, Tuple

Event = Dict[str, Any]
Result = Dict[str, Any]

BAD, GOOD, NEUTRAL, FAULT = "#d62728", "#2ca02c", "#555555", "#6b6b6b"
COLOURS = {"fallback": BAD, "join_failed": BAD, "sub_closed": BAD, "stale": BAD,
           "recovered": GOOD, "sub_priority": NEUTRAL, "sub_established": NEUTRAL}
TOGETHER = 0.4  # seconds: events of one kind that are no farther apart have one label
MOST_ROWS = 6  # of labels in a lane


@dataclass
class Item:
    """Something that happened; end is None for what takes no time."""

    begin: float
    end: Optional[float]
    text: str
    colour: str
    count: int = 1
    longest_ms: Optional[float] = None  # of outages


@dataclass
class Label:
    at: float
    row: int
    text: str
    colour: str
    left: bool  # of the point: there is no room to its right


@dataclass
class Lane:
    name: str
    items: List[Item] = field(default_factory=list)
    labels: List[Label] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return 1 + max((label.row for label in self.labels), default=0)


def make_lanes(result: Result, events: List[Event], seconds_per_char: float) -> List[Lane]:
    lanes = [Lane("faults", faults(result)), Lane("program", outage_of_program(result)),
             *(Lane(host, join(outages(result, host) + others(events, host)))
               for host in ("client", "server"))]
    for lane in lanes:
        place_labels(lane, result["seconds"], seconds_per_char)
    return lanes


def faults(result: Result) -> List[Item]:
    """From when a fault takes effect to its repair, or to the end."""
    items: List[Item] = []
    pending: Dict[str, Item] = {}
    for verb, text, _, done in result["marks"]:
        words = text.split()
        if verb == "restore":
            if words[1] in pending:
                pending.pop(words[1]).end = done
        elif verb == "fail":
            items.append(Item(done, result["seconds"], " ".join(words[1:]), FAULT))
            pending[words[1]] = items[-1]
        else:
            items.append(Item(done, None, shortened(text), FAULT))
    return items


def shortened(text: str) -> str:
    return text if len(text) <= 40 else text[:37] + "..."


def outage_of_program(result: Result) -> List[Item]:
    span = result.get("app_outage_span")
    if not span:
        return []
    return [Item(span[0], span[1], f"outage {result['row']['app_outage_ms']} ms", BAD)]


def outages(result: Result, host: str) -> List[Item]:
    """From the last progress to the first after it."""
    items = []
    for f in result["failovers"]:
        if f["host"] != host:
            continue
        begin = f["at"] - (f["noticed"] + f["sent"]) / 1e3
        end = result["seconds"] if f["acknowledged"] is None else f["at"] + f["acknowledged"] / 1e3
        items.append(Item(begin, end, f"{f['source']} to {f['target']}, {f['cause']}", BAD,
                          longest_ms=(end - begin) * 1e3 if f["outage"] is None else f["outage"]))
    return items


def others(events: List[Event], host: str) -> List[Item]:
    return [Item(e["at"], None, f"{e['event']} {e.get('path') or ''}".strip(), COLOURS[e["event"]])
            for e in events if e["event"] in COLOURS and e["host"] == host]


def join(items: List[Item]) -> List[Item]:
    """Joins simultaneous events of many connections into one."""
    joined: List[Item] = []
    last: Dict[str, Item] = {}
    for item in sorted(items, key=lambda i: i.begin):
        known = last.get(item.text)
        if known and item.begin - known.begin <= TOGETHER:
            known.count += 1
            if item.end is not None:
                known.end = max(known.end or 0, item.end)
            if item.longest_ms is not None:
                known.longest_ms = max(known.longest_ms or 0, item.longest_ms)
            continue
        last[item.text] = dataclasses.replace(item)
        joined.append(last[item.text])
    return joined


def text_of(item: Item) -> str:
    text = item.text + (f" x {item.count}" if item.count > 1 else "")
    return text if item.longest_ms is None else f"{text}, {item.longest_ms:.0f} ms"


def place_labels(lane: Lane, seconds: float, seconds_per_char: float) -> None:
    """Each label in the first row where it touches no other; no label if there is no such row."""
    taken: List[List[Tuple[float, float]]] = [[] for _ in range(MOST_ROWS)]
    for item in lane.items:
        text = text_of(item)
        # With the mark, and a little more, beside it.
        width = (len(text) + 2) * seconds_per_char
        left = item.begin + width > seconds
        begin = item.begin - width if left else item.begin
        for row, spans in enumerate(taken):
            if all(begin + width <= b or begin >= e for b, e in spans):
                spans.append((begin, begin + width))
                lane.labels.append(Label(item.begin, row, text, item.colour, left))
                break

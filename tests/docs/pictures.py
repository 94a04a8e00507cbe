#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Draws pictures of made-up trials, and says what is in them: pictures.py DIRECTORY."""

import json
import re
import sys
from pathlib import Path
from typing import Any, Dict, List, Tuple
from xml.etree import ElementTree

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "failover"))

from runner import main, report, scenario  # noqa: E402
from runner.inside import Plan  # noqa: E402
from runner.program import Program  # noqa: E402

SECONDS = 25
FAULTS = range(2, 20, 4)
RED = re.compile(r"rgb\(\s*214,\s*39,\s*40\)")
NUMBER = re.compile(r"[0-9. ]+")
Box = Tuple[float, float, float, float, str]


def failover(host: str, at: float, source: str, target: str) -> Dict[str, Any]:
    return {"host": host, "source": source, "target": target, "cause": "loss", "at": at, "noticed": 200.0,
            "sent": 1.0, "acknowledged": 2.0, "outage": 203.0, "reinjected": 1024}


def flapping(mode: str) -> Dict[str, Any]:
    marks = []
    failovers = []
    for at in FAULTS:
        marks += [("fail", "fail r1 drop", at, at), ("restore", "restore r1", at + 2, at + 2)]
        if mode == "mptcp":
            failovers += [failover("client", at + 0.3, "r1", "r2"), failover("server", at + 0.6, "r1", "r2"),
                          failover("client", at + 2.1, "r2", "r1"), failover("server", at + 2.4, "r2", "r1")]
    return {"row": {"scenario": "flapping", "family": 4, "mode": mode, "kernel": "6.12", "survived": True,
                    "intact": True, "app_outage_ms": 3390, "watch_outage_ms": 203, "reinjected_bytes": 0,
                    "passed": True},
            "title": "the path flaps", "seconds": SECONDS, "marks": marks, "failovers": failovers,
            "goodput": {}, "verdicts": [], "app_outage_span": (6.0, 9.39)}


def write_trial(directory: Path, result: Dict[str, Any], rate: float) -> None:
    directory.mkdir(parents=True)
    (directory / "result.json").write_text(json.dumps(result), encoding="utf-8")
    with (directory / "paths.tsv").open("w", encoding="ascii") as out:
        for tenth in range(SECONDS * 10):
            print(tenth / 10, rate, 0, sep="\t", file=out)
    with (directory / "events.jsonl").open("w", encoding="utf-8") as out:
        for f in result["failovers"]:
            common = {"host": f["host"], "from_path": f["source"], "to_path": f["target"], "cause": f["cause"]}
            for name, at in (("failover", f["at"]), ("resumed", f["at"] + 0.002)):
                print(json.dumps({"event": name, "at": at, "outage_ns": 203000000, **common}), file=out)
            print(json.dumps({"event": "sub_closed", "at": f["at"] + 0.05, "path": f["source"], **common}),
                  file=out)


def numbers(text: str) -> List[float]:
    return [float(n) for n in re.findall(r"-?[0-9.]+", text)]


def texts(picture: Path) -> List[Box]:
    """Each text: left, right, top, bottom, as wide as letters of this size are at least."""
    boxes = []

    def walk(element: ElementTree.Element, x: float, y: float, size: float, anchor: str) -> None:
        transform = element.get("transform", "")
        if "rotate" in transform:
            return  # the title of the y axis
        if transform.startswith("translate"):
            right, down = numbers(transform)[:2]
            x, y = x + right, y + down
        size = float(element.get("font-size", size))
        anchor = element.get("text-anchor", anchor)
        text = "".join(element.itertext()).strip()
        if element.tag.endswith("}text") and text:
            width = len(text) * size * 0.5
            left = x - width * {"start": 0, "middle": 0.5, "end": 1}[anchor]
            boxes.append((left, left + width, y - size / 2, y + size / 2, text))
            return
        for child in element:
            walk(child, x, y, size, anchor)

    walk(ElementTree.parse(picture).getroot(), 0, 0, 12, "start")
    return boxes


def is_event(box: Box) -> bool:
    return any(word in box[4] for word in ("to r", "after", "sub_closed", "drop", "restore", "outage"))


def overlaps(boxes: List[Box]) -> List[str]:
    return [f"'{a[4]}' and '{b[4]}'" for n, a in enumerate(boxes) for b in boxes[:n]
            if a[0] < b[1] and b[0] < a[1] and a[2] < b[3] and b[2] < a[3]]


def outside(picture: Path, boxes: List[Box]) -> List[str]:
    _, _, width, height = numbers(ElementTree.parse(picture).getroot().get("viewBox", ""))
    return [box[4] for box in boxes if box[0] < 0 or box[1] > width or box[2] < 0 or box[3] > height]


def scale(boxes: List[Box]) -> List[str]:
    """Of the y axis: numbers at the left."""
    return [box[4] for box in boxes if NUMBER.fullmatch(box[4]) and box[0] < 70 and float(box[4]) >= 0]


def spans(picture: Path) -> int:
    """Filled with the colour of bad news, and wider than a mark."""
    count = 0
    for element in ElementTree.parse(picture).iter():
        if element.tag.endswith(("}polygon", "}path")) and RED.search(
                element.get("fill", "") + element.get("style", "")):
            xs = numbers(element.get("points", element.get("d", "")))[0::2]
            count += max(xs, default=0) - min(xs, default=0) > 4
    return count


def hundred() -> str:
    """The label of what is the same at almost the same time."""
    from runner.lanes import make_lanes  # pylint: disable=import-outside-toplevel
    result = flapping("mptcp")
    result["failovers"] = [dict(failover("client", 3 + n / 1000, "r1", "r2"), outage=200.0 + n)
                           for n in range(100)]
    lane, = (lane for lane in make_lanes(result, [], 0.03) if lane.name == "client")
    return " | ".join(label.text for label in lane.labels)


def main_(out: Path) -> None:
    for mode, rate in (("tcp", 200), ("mptcp", 400)):
        write_trial(out / f"flapping-ipv4-{mode}", flapping(mode), rate)
    plan = Plan([scenario.read(main.SCENARIOS / "flapping")], [4], ["tcp", "mptcp"], Program())
    results = main.read_results(plan, out)
    pictures = {mode: out / f"flapping-ipv4-{mode}/picture.svg" for mode in plan.modes}
    boxes = {mode: texts(picture) for mode, picture in pictures.items()}
    labels = [box for box in boxes["mptcp"] if is_event(box)]
    top = min(box[2] for box in boxes["mptcp"] if box[4] in scale(boxes["mptcp"]))
    print("labels:", len(labels))
    print("overlaps:", "; ".join(overlaps(boxes["mptcp"])[:5] + overlaps(boxes["tcp"])) or "none")
    print("outside:", "; ".join(outside(pictures["mptcp"], boxes["mptcp"])) or "none")
    print("labels in the plot:", "; ".join(box[4] for box in labels if box[2] > top)[:200] or "none")
    for mode in plan.modes:
        print(f"scale of {mode}:", *sorted(scale(boxes[mode]), key=float), "")
    print("outage spans:", ", ".join(f"{mode} {spans(pictures[mode])}" for mode in plan.modes))
    shown = re.findall(r"!\[[^]]*\]\(" + out.name + r"/([^/)]*)/picture\.svg\)", report.markdown(results))
    print("in the report:", *shown)
    print("hundred:", hundred())


main_(Path(sys.argv[1]) / "6.12")

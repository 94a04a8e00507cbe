# SPDX-License-Identifier: GPL-2.0-or-later
"""A picture of each trial: throughput on each path, faults, and mptcp-watch's events."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any, Dict, List

TERMINALS = {"svg": "svg size 900,420 font 'sans,12' background 'white'",
             "png": "pngcairo size 900,420 font 'sans,10'"}
COLOURS = ("#1f77b4", "#ff7f0e", "#2ca02c")
# Told on the axis, the most telling ones; the rest is in events.jsonl.
SHOWN = ("failover", "resumed", "fallback", "join_failed", "sub_closed", "stale", "recovered",
         "sub_priority", "sub_established")


def draw(directory: Path, paths: List[str], result: Dict[str, Any]) -> None:
    """Leaves picture.svg and picture.png beside the data."""
    if not shutil.which("gnuplot"):
        return
    script = gnuplot_script(directory, paths, result)
    done = subprocess.run(["gnuplot"], input=script, text=True, cwd=directory, check=False,
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    if done.returncode:
        (directory / "gnuplot.err").write_text(script + done.stderr, encoding="utf-8")


def gnuplot_script(directory: Path, paths: List[str], result: Dict[str, Any]) -> str:
    row = result["row"]
    heading = (f"{row['scenario']}: {result['title']} - {row['mode'].upper()}, IPv{row['family']},"
               f" Linux {row['kernel']}")
    lines = [f"set title {quoted(heading)} noenhanced", "set xlabel 'seconds'",
             "set ylabel 'kbit/s received'", f"set xrange [0:{result['seconds']}]",
             "set yrange [0:*]", "set offsets 0, 0, graph 0.45, 0", "set key outside right top",
             "set grid x lc rgb '#dddddd'", *marks(result), *events(directory)]
    curves = ", ".join(f"'paths.tsv' using 1:{n + 2} with steps lw 2 lc rgb '{COLOURS[n]}'"
                       f" title '{path}'" for n, path in enumerate(paths))
    for kind, terminal in TERMINALS.items():
        lines += [f"set terminal {terminal}", f"set output 'picture.{kind}'", f"plot {curves}"]
    return "\n".join(lines) + "\n"


def marks(result: Dict[str, Any]) -> List[str]:
    lines = []
    for n, (verb, text, _, done) in enumerate(result["marks"]):
        colour = "#2ca02c" if verb == "restore" else "#d62728"
        lines += [f"set arrow from {done:.3f}, graph 0 to {done:.3f}, graph 1 nohead lw 2"
                  f" dt 2 lc rgb '{colour}'",
                  f"set label {quoted(shortened(text))} at {done:.3f}, graph {0.97 - n % 3 * 0.05}"
                  f" offset 0.4,0 noenhanced textcolor rgb '{colour}' font ',9'"]
    return lines


def events(directory: Path) -> List[str]:
    """A dot each, at the foot of the client's or of the server's row; names where there is room."""
    lines: List[str] = []
    last: Dict[str, float] = {}
    height: Dict[str, int] = {}
    for line in (directory / "events.jsonl").read_text(encoding="utf-8").splitlines():
        event = json.loads(line)
        if event["event"] not in SHOWN:
            continue
        host, at = event["host"], event["at"]
        row = 0.80 if host == "client" else 0.66
        near = at - last.get(host, -9) < 1.2
        height[host] = (height.get(host, 0) + 1) % 3 if near else 0
        last[host] = at
        text = f"{event['event']}{path_text(event)}"
        lines += [f"set label {quoted(text)} at {at:.3f}, graph {row - height[host] * 0.045:.3f}"
                  f" point pt 7 ps 0.5 lc rgb '#555555' offset 0.5,0 noenhanced font ',8'"]
    if lines:
        lines += ["set label 'client' at graph 1.01, graph 0.80 font ',8'",
                  "set label 'server' at graph 1.01, graph 0.66 font ',8'"]
    return lines


def path_text(event: Dict[str, Any]) -> str:
    if event["event"] == "failover":
        return f" {event['from_path']} to {event['to_path']} ({event['cause']})"
    if event["event"] == "resumed":
        return f" after {event['outage_ns'] / 1e6:.0f} ms"
    return f" {event['path']}" if event.get("path") else ""


def shortened(text: str) -> str:
    return text if len(text) <= 40 else text[:37] + "..."


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"

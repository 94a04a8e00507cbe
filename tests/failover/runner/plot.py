# SPDX-License-Identifier: GPL-2.0-or-later
"""A picture of each trial: what happened in lanes, and below them the throughput on each path."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any, Dict, List

from .lanes import FAULT, Lane, make_lanes

WIDTH = 900  # pixels, as all here
LEFT, RIGHT, TOP, BOTTOM = 75, 20, 34, 58  # margins
ROW = 15  # of labels
GAP = 40  # between the lanes and the throughput, for the key
THROUGHPUT = 210
CHAR = 5.0  # of labels, on average
TERMINALS = {"svg": "svg size {0},{1} font 'sans,12' background 'white'",
             # Points are larger there.
             "png": "pngcairo size {0},{1} font 'sans,12' fontscale 0.75"}
COLOURS = ("#1f77b4", "#ff7f0e", "#2ca02c")


def draw(directory: Path, paths: List[str], result: Dict[str, Any], highest: float) -> None:
    """Leaves picture.svg and picture.png beside the data; the throughput's scale ends at highest."""
    if not shutil.which("gnuplot"):
        return
    script = gnuplot_script(directory, paths, result, highest)
    done = subprocess.run(["gnuplot"], input=script, text=True, cwd=directory, check=False,
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    if done.returncode:
        (directory / "gnuplot.err").write_text(script + done.stderr, encoding="utf-8")


def highest_rate(directory: Path) -> float:
    """In kbit/s, on any path."""
    lines = (directory / "paths.tsv").read_text(encoding="ascii").splitlines()
    return max((float(rate) for line in lines for rate in line.split("\t")[1:]), default=0)


def gnuplot_script(directory: Path, paths: List[str], result: Dict[str, Any], highest: float) -> str:
    seconds = result["seconds"]
    lanes = make_lanes(result, read_events(directory), CHAR * seconds / (WIDTH - LEFT - RIGHT))
    lane_pixels = sum(lane.rows * ROW + ROW for lane in lanes)
    height = TOP + lane_pixels + GAP + THROUGHPUT + BOTTOM
    lines = []
    for kind, terminal in TERMINALS.items():
        lines += ["reset", f"set terminal {terminal.format(WIDTH, height)}",
                  f"set output 'picture.{kind}'", "set multiplot",
                  f"set lmargin at screen {LEFT / WIDTH:.4f}",
                  f"set rmargin at screen {1 - RIGHT / WIDTH:.4f}",
                  f"set xrange [0:{seconds}]", "set grid x lc rgb '#dddddd'",
                  *events_panel(result, lanes, height, lane_pixels),
                  *throughput_panel(paths, lanes, height, highest), "unset multiplot", "unset output"]
    return "\n".join(lines) + "\n"


def read_events(directory: Path) -> List[Dict[str, Any]]:
    lines = (directory / "events.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def events_panel(result: Dict[str, Any], lanes: List[Lane], height: int, pixels: int) -> List[str]:
    """Lanes from the top; a unit of its y axis is a pixel, and it has no scale."""
    row = result["row"]
    heading = (f"{row['scenario']}: {result['title']} - {row['mode'].upper()}, IPv{row['family']},"
               f" Linux {row['kernel']}")
    lines = [f"set tmargin at screen {1 - TOP / height:.4f}",
             f"set bmargin at screen {1 - (TOP + pixels) / height:.4f}",
             f"set title {quoted(heading)} noenhanced offset 0,-0.5", f"set yrange [0:{pixels}]",
             "unset key", "unset ytics", "set format x ''"]
    top = pixels
    for lane in lanes:
        lines += lane_objects(lane, top)
        top -= lane.rows * ROW + ROW
        lines += [f"set arrow from graph 0, first {top} to graph 1, first {top} nohead"
                  " lc rgb '#dddddd'"]
    # Something has to be plotted for the panel to be drawn.
    return lines + ["plot -1 notitle", "unset label", "unset object", "unset arrow", "unset title"]


def lane_objects(lane: Lane, top: int) -> List[str]:
    """Marks in the lane's first row, labels below."""
    middle = top - ROW / 2
    lines = [f"set label {quoted(lane.name)} at graph 0, first {middle} right offset -0.8,0"
             " font ',11'"]
    for item in lane.items:
        if item.end is None:
            lines += [f"set label '' at {item.begin:.3f}, {middle} point pt 7 ps 0.6"
                      f" lc rgb '{item.colour}'"]
        else:
            lines += [f"set object rectangle from {item.begin:.3f}, {middle - 4}"
                      f" to {item.end:.3f}, {middle + 4} fc rgb '{item.colour}' fs solid noborder"]
    for label in lane.labels:
        align = "right offset -0.3,0" if label.left else "left offset 0.3,0"
        lines += [f"set label {quoted(label.text)} at {label.at:.3f},"
                  f" {top - ROW * (label.row + 1.5)} {align} noenhanced font ',9'"
                  f" textcolor rgb '{label.colour}'"]
    return lines


def throughput_panel(paths: List[str], lanes: List[Lane], height: int, highest: float) -> List[str]:
    curves = ", ".join(f"'paths.tsv' using 1:{n + 2} with steps lw 2 lc rgb '{COLOURS[n]}'"
                       f" title '{path}'" for n, path in enumerate(paths))
    return [f"set tmargin at screen {(BOTTOM + THROUGHPUT) / height:.4f}",
            f"set bmargin at screen {BOTTOM / height:.4f}", *shades(lanes),
            f"set yrange [0:{highest * 1.05 or 1:.2f}]", "set ytics auto", "set format x '% h'",
            "set xlabel 'seconds' offset 0,0.3", "set ylabel 'kbit/s received'",
            "set key at graph 1, graph 1.14 right horizontal samplen 2", f"plot {curves}"]


def shades(lanes: List[Lane]) -> List[str]:
    """While a fault is in force, and while the program has its outage."""
    lines = []
    for lane in lanes:
        if lane.name not in ("faults", "program"):
            continue
        for item in lane.items:
            if item.end is not None:
                colour = "#eeeeee" if item.colour == FAULT else "#f7c6c6"
                lines += [f"set object rectangle from {item.begin:.3f}, graph 0 to {item.end:.3f},"
                          f" graph 1 behind fc rgb '{colour}' fs solid noborder"]
    return lines


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"

# SPDX-License-Identifier: GPL-2.0-or-later
"""The tables and the picture of all runs."""

import json
import shutil
import statistics
import subprocess

CADENCES = ("request every 10 ms", "request every 100 ms", "message every 10 ms", "bulk")
TERMINALS = {"svg": "svg size 1100,560 font 'sans,11' background 'white'",
             "png": "pngcairo size 1100,560 font 'sans,9' background 'white'"}
COLOURS = ("#1f77b4", "#ff7f0e", "#2ca02c")
COSTS = {"TcpOutSegs": "segments", "TcpRetransSegs": "retransmitted by TCP",
         "TcpExtTCPTimeouts": "TCP timeouts", "TcpExtTCPSpuriousRTOs": "detected as spurious (F-RTO)",
         "TcpExtTCPLossProbes": "loss probes",
         "TcpExtTCPDSACKRecv": "reported as duplicates (DSACK)",
         "TcpExtTCPSpuriousRtxHostQueues": "spurious, still in the local queue",
         "MPTcpExtMPTCPRetrans": "reinjected by MPTCP"}


def write(out, rows):
    """Leaves results.json, results.md, time.svg and time.png."""
    summary = summarize(rows)
    results = {"outages": summary, "costs": [r for r in rows if r["kind"] == "cost"],
               "runs": rows}
    (out / "results.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    text = outage_table(summary) + "\n" + cost_table(results["costs"])
    (out / "results.md").write_text(text, encoding="utf-8")
    print(text)
    draw(out, summary)


def summarize(rows):
    """A row for each kind of run, in the order in which they came first."""
    groups = {}
    for row in rows:
        if row["kind"] != "cost":
            key = (row["kernel"], row["kind"], row["rtt_ms"], row["cadence"], row["rto_min_us"])
            groups.setdefault(key, []).append(row)
    summary = []
    for (kernel, kind, rtt, cadence, rto), runs in groups.items():
        # What the machine itself disturbed counts only where there is nothing else.
        runs = [r for r in runs if not r.get("disturbed")] or runs
        whole = [r for r in runs if r["survived"]]
        item = {"kernel": kernel, "kind": kind, "rtt_ms": rtt, "cadence": cadence,
                "rto_min_us": rto, "runs": len(runs), "survived": len(whole),
                "disturbed": all(r.get("disturbed") for r in runs)}
        for figure in ("outage_ms", "slowest_ms") if whole else ():
            values = [r[figure] for r in whole]
            item[figure] = round(statistics.median(values), 1)
            item[f"{figure}_range"] = [min(values), max(values)]
        summary.append(item)
    return summary


def columns(summary):
    """What was done: each value of the sysctl, and withdrawing."""
    return sorted({(i["kind"], i["rto_min_us"]) for i in summary}, key=lambda c: (c[0], -c[1]))


def find(summary, **wanted):
    return next((i for i in summary if all(i[k] == v for k, v in wanted.items())), None)


def cell(item, figure="outage_ms"):
    if not item or figure not in item:
        return "-"
    low, high = item[f"{figure}_range"]
    lost = f", {item['runs'] - item['survived']} lost" if item["survived"] < item["runs"] else ""
    mark = " *" if item["disturbed"] else ""
    return f"**{item[figure]:.0f}** ({low:.0f} to {high:.0f}{lost}){mark}"


def kinds(items):
    """Each kernel, round-trip time and cadence that there is."""
    found = dict.fromkeys((i["kernel"], i["rtt_ms"], i["cadence"]) for i in items)
    return [(k, rtt, c) for k in dict.fromkeys(f[0] for f in found)
            for c in CADENCES for rtt in sorted({f[1] for f in found}) if (k, rtt, c) in found]


def rtt_text(rtt):
    return f"{rtt} ms" if rtt else "< 1 ms"


def outage_table(summary):
    heads = [f"{rto:,} us" if kind == "drop" else "withdrawn" for kind, rto in columns(summary)]
    runs = " or ".join(map(str, sorted({i["runs"] for i in summary})))
    lines = [f"The longest outage in ms, median (and range) of {runs} runs; for messages, also how"
             " long the slowest one took. Runs marked with * were disturbed by a busy machine.", "",
             "| Linux | traffic | round trip | figure | " + " | ".join(heads) + " |",
             "|---|---|---|---|" + "---:|" * len(heads)]
    for kernel, rtt, cadence in kinds(summary):
        for figure, name in (("outage_ms", "outage"), ("slowest_ms", "slowest message")):
            if cadence == "bulk" and figure == "slowest_ms":
                continue
            cells = [cell(find(summary, kernel=kernel, rtt_ms=rtt, cadence=cadence, kind=kind,
                               rto_min_us=rto), figure) for kind, rto in columns(summary)]
            lines.append(f"| {kernel} | {cadence} | {rtt_text(rtt)} | {name} | " + " | ".join(cells)
                         + " |")
    return "\n".join(lines) + "\n"


def cost_table(costs):
    if not costs:
        return ""
    lines = ["Without a fault, on a path whose round-trip time jumps up and down by"
             f" {costs[0]['jump_ms']} ms: the longest outage in ms, and what both hosts counted.", "",
             "| Linux | traffic | tcp_rto_min_us | outage | " + " | ".join(COSTS.values())
             + " |", "|---|---|---:|---:|" + "---:|" * len(COSTS)]
    for row in sorted(costs, key=lambda r: (r["kernel"], CADENCES.index(r["cadence"]),
                                            -r["rto_min_us"])):
        still = f"{row['outage_ms']:.0f}" if row["survived"] else "lost"
        lines.append(f"| {row['kernel']} | {row['cadence']} | {row['rto_min_us']:,} | {still} | "
                     + " | ".join(str(row.get(name, "-")) for name in COSTS) + " |")
    return "\n".join(lines) + "\n"


WITHDRAWN_AT = 700000  # on the axis of the sysctl, right of all its values


def draw(out, summary):
    """A plot for each kernel and cadence: outage over the sysctl, a curve per round trip."""
    if not shutil.which("gnuplot") or not summary:
        return
    script = []
    for suffix, terminal in TERMINALS.items():
        script += [f"set terminal {terminal}", f"set output 'time.{suffix}'"] + plots(summary)
        script += ["unset multiplot", "unset output"]
    subprocess.run(["gnuplot"], input="\n".join(script) + "\n", text=True, cwd=out, check=True)


def plots(summary):
    kernels = list(dict.fromkeys(i["kernel"] for i in summary))
    rtts = sorted({i["rtt_ms"] for i in summary})
    top = max((i["outage_ms"] for i in summary if "outage_ms" in i), default=1)
    lines = [f"set multiplot layout {len(kernels)},{len(CADENCES)}", "set logscale xy",
             "set mxtics 1", "set mytics 1",
             "set xrange [3500:1000000]", f"set yrange [8:{top * 8:.0f}]",
             "set xtics ('5' 5000, '20' 20000, '50' 50000, '200' 200000, 'none' 700000)",
             "set key top left samplen 1 font ',8'"]
    for kernel in kernels:
        for cadence in CADENCES:
            lines += [f"set title 'Linux {kernel}, {cadence}'",
                      "set xlabel 'rto\\_min, ms (none: withdrawn)'",
                      "set ylabel 'outage, ms'"]
            curves = []
            for number, rtt in enumerate(rtts):
                lines += data(summary, f"$d{number}", "drop", kernel, cadence, rtt)
                lines += data(summary, f"$w{number}", "withdraw", kernel, cadence, rtt)
                colour = f"lc rgb '{COLOURS[number % len(COLOURS)]}'"
                curves += [f"$d{number} using 1:2 with linespoints pt 7 ps 0.6 {colour}"
                           f" title '{rtt_text(rtt)}'",
                           f"$w{number} using 1:2 with points pt 8 ps 1.2 {colour} notitle"]
            lines.append("plot " + ", ".join(curves))
    return lines


def data(summary, name, kind, kernel, cadence, rtt):
    lines = [f"{name} << EOD"]
    wanted = {"kind": kind, "kernel": kernel, "cadence": cadence, "rtt_ms": rtt}
    for item in summary:
        if "outage_ms" in item and wanted.items() <= item.items():
            where = item["rto_min_us"] if kind == "drop" else WITHDRAWN_AT
            lines.append(f"{where} {item['outage_ms']}")
    if len(lines) == 1:
        lines.append("NaN NaN")
    return lines + ["EOD"]

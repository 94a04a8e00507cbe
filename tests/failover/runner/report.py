# SPDX-License-Identifier: GPL-2.0-or-later
"""report.json and report.md, from the result.json of each trial."""

import json
from pathlib import Path
from typing import Any, Dict, List, Optional, Tuple

Result = Dict[str, Any]


def write_reports(out: Path, results: List[Result]) -> None:
    rows = [result["row"] for result in results]
    (out / "report.json").write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    (out / "report.md").write_text(markdown(results), encoding="utf-8")


def markdown(results: List[Result]) -> str:
    parts = ["# Failover report\n"]
    parts += [not_known_of(name) + "\n" for name in unique(r.get("program") for r in results) if name]
    for kernel in unique(result["row"]["kernel"] for result in results):
        chosen = [r for r in results if r["row"]["kernel"] == kernel]
        parts += [f"## Linux {kernel}\n", outcome_table(chosen), "### Failovers by phase\n",
                  phase_table(chosen), "### Goodput (kbit/s)\n", goodput_table(chosen), *pictures(chosen)]
    parts += ["## Not as expected\n", failures(results)]
    return "\n".join(parts)


def not_known_of(program: str) -> str:
    return (f"Outage and goodput of '{program}' are unknown: only the project's own generator reports"
            " them. Expectations of outages were not checked. mptcp-watch reports outages of any program.")


def pictures(results: List[Result]) -> List[str]:
    """TCP above MPTCP, on one scale."""
    shown = [r for r in results if r.get("picture")]
    parts = ["### Pictures\n"] if shown else []
    for scenario, family in unique((r["row"]["scenario"], r["row"]["family"]) for r in shown):
        parts.append(f"#### {scenario}, IPv{family}\n")
        for r in shown:
            if (r["row"]["scenario"], r["row"]["family"]) == (scenario, family):
                mode = r["row"]["mode"].upper()
                parts.append(f"![{scenario} over {mode}, IPv{family}]({r['picture']})\n")
    return parts


def unique(values: Any) -> List[Any]:
    return list(dict.fromkeys(values))


def table(header: List[str], rows: List[List[str]]) -> str:
    if not rows:
        return "None.\n"
    lines = [header, ["---"] * len(header)] + rows
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def outcome_table(results: List[Result]) -> str:
    """TCP beside MPTCP."""
    found = {(r["row"]["scenario"], r["row"]["family"], r["row"]["mode"]): r for r in results}
    titles = {r["row"]["scenario"]: r["title"] for r in results}
    rows = []
    for scenario, family in unique((s, f) for s, f, _ in found):
        tcp, mptcp = (found.get((scenario, family, mode)) for mode in ("tcp", "mptcp"))
        row = (mptcp or {}).get("row", {})
        both = [r["row"]["passed"] for r in (tcp, mptcp) if r]
        rows.append([f"{scenario}: {titles[scenario]}", f"IPv{family}", outcome(tcp), outcome(mptcp),
                     milliseconds(row.get("watch_outage_ms")), count(row.get("reinjected_bytes")),
                     "yes" if all(both) else "**no**"])
    return table(["scenario", "", "TCP: outage", "MPTCP: outage", "as reported by mptcp-watch",
                  "bytes reinjected", "as expected"], rows)


def outcome(result: Optional[Result]) -> str:
    if not result:
        return ""
    row = result["row"]
    return ("" if row["survived"] else "lost, ") + milliseconds(row["app_outage_ms"]) \
        + ("" if row["intact"] is not False else ", **altered**")


def milliseconds(value: Optional[int]) -> str:
    return "" if value is None else f"{value} ms"


def count(value: Optional[int]) -> str:
    return "" if not value else str(value)


def phase_table(results: List[Result]) -> str:
    rows = []
    for result in results:
        for f in result["failovers"]:
            row = result["row"]
            rows.append([row["scenario"], f"IPv{row['family']}", f["host"],
                         f"{f['source']} to {f['target']}", f["cause"], f"{f['at']:.1f} s",
                         f"{f['noticed']:.0f} ms", f"{f['sent']:.0f} ms",
                         "never" if f["acknowledged"] is None else f"{f['acknowledged']:.0f} ms",
                         "" if f["outage"] is None else f"{f['outage']:.0f} ms",
                         str(f["reinjected"])])
    return table(["scenario", "", "sender", "path", "cause", "at", "until noticed",
                  "until reinjected", "until acknowledged", "outage", "bytes reinjected"],
                 rows)


def goodput_table(results: List[Result]) -> str:
    rows = []
    for result in results:
        row, goodput = result["row"], result["goodput"]
        phases = [goodput.get(phase) for phase in ("before", "during", "after")]
        rows.append([row["scenario"], f"IPv{row['family']}", row["mode"].upper()]
                    + ["" if rate is None else f"{rate:.0f}" for rate in phases])
    return table(["scenario", "", "", "before", "during", "after the fault"], rows)


def failures(results: List[Result]) -> str:
    lines: List[Tuple[str, ...]] = []
    for result in results:
        row = result["row"]
        for verdict in result["verdicts"]:
            if not verdict["passed"]:
                lines.append((row["kernel"], row["scenario"], f"IPv{row['family']}",
                              row["mode"].upper(), verdict["text"], verdict["got"]))
    return table(["kernel", "scenario", "", "", "expected", "got"], [list(line) for line in lines])

# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs trials on the kernel that this process runs on, one after the other."""

import dataclasses
import json
import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, List, Tuple

from . import lab
from .failure import DONE, FAILED, Failure
from .verdicts import Verdict, judge
from .findings import Measured, measure
from .program import Program
from .scenario import Scenario
from .session import Session
from .trial import Raw, Trial


@dataclass(frozen=True)
class Plan:
    """What is to be run: every scenario in every family and mode."""

    scenarios: List[Scenario]
    families: List[int]
    modes: List[str]
    program: Program

    def trials(self) -> List[Tuple[Scenario, int, str]]:
        return [(s, f, m) for s in self.scenarios for f in self.families for m in self.modes]


def label(scenario: str, family: int, mode: str) -> str:
    return f"{scenario}-ipv{family}-{mode}"


def run_here(plan: Plan, kernel: str, out: Path, print_line: Any) -> int:
    """Leaves a directory with a result.json for each trial; prints a line for each."""
    status = DONE
    out.mkdir(parents=True, exist_ok=True)
    with Session(out, plan.modes) as session:
        warm_up()
        for scenario, family, mode in plan.trials():
            name = label(scenario.name, family, mode)
            # In memory while the trial lasts: see memory.py.
            with tempfile.TemporaryDirectory() as work:
                trial = Trial(session, scenario, family, mode, plan.program, Path(work) / name)
                row, verdicts = run_one(trial, kernel)
                shutil.copytree(trial.directory, out / name)
            print_line(summary(row))
            for verdict in verdicts:
                if not verdict.passed:
                    print_line(f"    expected: {verdict.text}; got: {verdict.got}")
                    status = FAILED
    return status


def warm_up() -> None:
    """Runs what the first trial would otherwise have to fetch from the disk, at a moment that counts."""
    with lab.Lab(f"fo{os.getpid()}", lab.topology("two_paths")) as warm:
        warm.call("fail", "r1", "drop")
        warm.call("restore", "r1")


def run_one(trial: Trial, kernel: str) -> Tuple[Dict[str, Any], List[Verdict]]:
    expectations = [e for e in trial.scenario.expectations
                    if e.applies(trial.mode, trial.family, kernel)]
    try:
        raw = trial.run()
        measured = measure(raw, trial.topology)
        verdicts = judge(expectations, raw, measured, trial.mode)
    except Failure as error:
        raw, measured = trial.raw, Measured(False, False, None)
        verdicts = [Verdict("the trial takes place", "", False, str(error))]
    row = make_row(trial, kernel, measured, verdicts)
    details = {"row": row, "title": trial.scenario.title, "traffic": str(trial.traffic),
               "verdicts": [dataclasses.asdict(v) for v in verdicts],
               "failovers": [dataclasses.asdict(f) for f in measured.failovers],
               "goodput": measured.goodput, "subflows": measured.subflows,
               "app_outage_span": measured.app_outage_span,
               "program": None if trial.program.is_generator else trial.program.name,
               "marks": [(m.action.verb, str(m.action), m.began, m.done) for m in raw.marks],
               "seconds": raw.actual(trial.traffic.seconds)}
    (trial.directory / "result.json").write_text(json.dumps(details, indent=1), encoding="utf-8")
    write_series(trial, raw, measured)
    return row, verdicts


def make_row(trial: Trial, kernel: str, measured: Measured,
             verdicts: List[Verdict]) -> Dict[str, Any]:
    return {"scenario": trial.scenario.name, "kernel": kernel, "family": trial.family,
            "mode": trial.mode, "survived": measured.survived, "intact": measured.intact,
            "app_outage_ms": measured.app_outage_ms, "watch_outage_ms": measured.watch_outage_ms,
            "reinjected_bytes": measured.reinjected_bytes, "failovers": len(measured.failovers),
            "resumed": measured.resumed,
            "expected": [v.text + (f" ({v.because})" if v.because else "") for v in verdicts],
            "passed": all(v.passed for v in verdicts)}


def write_series(trial: Trial, raw: Raw, measured: Measured) -> None:
    """What the picture is made of."""
    with (trial.directory / "paths.tsv").open("w", encoding="ascii") as out:
        for (before, old), (now, new) in zip(raw.samples, raw.samples[1:]):
            rates = ((new[p] - old[p]) * 8 / 1000 / (now - before) for p in trial.topology.paths)
            print(f"{now - raw.started:.3f}", *(f"{rate:.2f}" for rate in rates), sep="\t", file=out)
    with (trial.directory / "events.jsonl").open("w", encoding="utf-8") as out:
        for event in measured.events:
            print(json.dumps(event), file=out)


def summary(row: Dict[str, Any]) -> str:
    outage = "unknown" if row["app_outage_ms"] is None else f"{row['app_outage_ms']} ms"
    return (f"{label(row['scenario'], row['family'], row['mode']):32}"
            f" {'survived' if row['survived'] else 'died':8}  outage {outage:9}"
            f" {'as expected' if row['passed'] else 'NOT AS EXPECTED'}")


def complain(text: str) -> None:
    print(f"failover: {text}", file=sys.stderr, flush=True)

# SPDX-License-Identifier: GPL-2.0-or-later
"""Options, and what happens in which order."""

import argparse
import fcntl
import json
import os
import shutil
import signal
import sys
import time
from pathlib import Path
from typing import Any, Callable, Dict, List, NoReturn, Tuple

from . import lab, plot, report, scenario, signals
from .failure import DONE, FAILED, USAGE, Ended, Failure
from .inside import Plan, complain, label, run_here
from .lab import PROJECT
from .machine import run_in_guest
from .memory import copy_into_memory
from .program import GENERATOR, Program

SCENARIOS = Path(__file__).resolve().parents[1] / "scenarios"
NATIVE = "native"

DESCRIPTION = """
Runs scenarios of tests/failover/scenarios, each over TCP and over MPTCP that mptcp-force makes, and
reports the results: report.json, report.md and a picture of each below --out.
"""
EPILOG = """
SCENARIO is a name of --list, or a path. PROGRAM is run on the client instead of the project's
generator, with {address} and {port} in its arguments replaced by those of an echo server, which are
also in SERVER_ADDRESS and SERVER_PORT.

Exit status: 0 all as expected, 1 not so, or something could not be run, 2 usage, 3 kernel not supported
force MPTCP, 4 not permitted.
"""


class Options(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise Failure(f"{message} (see 'run --help')", USAGE)


def parse_options(arguments: List[str]) -> Tuple[argparse.Namespace, Program]:
    words: List[str] = []
    if "--" in arguments:
        where = arguments.index("--")
        arguments, words = arguments[:where], arguments[where + 1:]
        if not words:
            raise Failure("no PROGRAM after '--' (see 'run --help')", USAGE)
    options = Options(prog="run", description=DESCRIPTION, epilog=EPILOG,
                      usage="run [OPTIONS] SCENARIO... [-- PROGRAM [ARG...]]",
                      formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("scenarios", nargs="*", metavar="SCENARIO")
    options.add_argument("--all", action="store_true", help="all scenarios")
    options.add_argument("--list", action="store_true", help="list the scenarios")
    options.add_argument("--kernel", action="append", metavar="K",
                         help="6.12 (the default), another that scripts/fetch-kernel knows, or"
                         f" '{NATIVE}': this host's own; repeatable")
    options.add_argument("--mode", choices=("tcp", "mptcp", "both"), default="both")
    options.add_argument("--family", choices=("4", "6", "both"), default="both")
    options.add_argument("--out", type=Path, metavar="DIR", default=PROJECT / "build/failover",
                         help="default: build/failover; each run at a time needs its own")
    options.add_argument("--inside", help=argparse.SUPPRESS, metavar="KERNEL")
    return options.parse_args(arguments), Program(tuple(words))


def find(name: str) -> Path:
    path = Path(name) if "/" in name else SCENARIOS / name
    if not path.is_file() or path.suffix == ".md":
        hint = f"give a file's path: './{name}'" if Path(name).is_file() else "see 'run --list'"
        raise Failure(f"unknown scenario '{name}' ({hint})", USAGE)
    return path


def all_scenarios() -> List[Path]:
    return sorted(p for p in SCENARIOS.iterdir() if p.suffix != ".md")


def make_plan(options: argparse.Namespace, program: Program) -> Plan:
    paths = all_scenarios() if options.all else [find(name) for name in options.scenarios]
    if not paths:
        raise Failure("no SCENARIO given (see 'run --list', or use --all)", USAGE)
    plan = Plan([scenario.read(path) for path in paths],
                [4, 6] if options.family == "both" else [int(options.family)],
                ["tcp", "mptcp"] if options.mode == "both" else [options.mode], program)
    check_program(program)
    return plan


def check_program(program: Program) -> None:
    if program.is_generator and not os.access(GENERATOR, os.X_OK):
        raise Failure("cannot make traffic: 'build/traffic' is missing (make build/traffic)")
    if not shutil.which(program.name):
        raise Failure(f"cannot start '{program.name}': no such program, or it is not executable"
                      " (give its path)")


class Progress:
    """A line for each trial, with the time left: by what the earlier ones took on this host."""

    def __init__(self, trials: int):
        self.trials, self.done, self.started = trials, 0, time.monotonic()

    def print_line(self, line: str) -> None:
        if line.startswith(" "):
            print(line, flush=True)
            return
        self.done += 1
        left = (time.monotonic() - self.started) / self.done * (self.trials - self.done)
        minutes = f"{left / 60:.0f} min" if left >= 90 else f"{left:.0f} s"
        print(f"[{self.done:3}/{self.trials}] {line}"
              + (f"  ({minutes} left)" if self.done < self.trials else ""), flush=True)


def run_all(options: argparse.Namespace, program: Program) -> int:
    plan = make_plan(options, program)
    # NATIVE=1 is for all of the project's commands.
    kernels = options.kernel or ["6.12"]
    if os.environ.get("NATIVE") == "1":
        kernels = [NATIVE]
    options.out.mkdir(parents=True, exist_ok=True)
    out = options.out.resolve()
    lock = lock_directory(out)
    progress = Progress(len(kernels) * len(plan.trials()))
    worst = DONE
    for kernel in kernels:
        forget_results(plan, out / kernel)
    try:
        for kernel in kernels:
            status = run_on(kernel, plan, options, program, out / kernel, progress.print_line)
            worst = max(worst, status)
    finally:
        # Also of what was done when a signal came.
        report.write_reports(out, [r for k in kernels for r in read_results(plan, out / k)])
        lock.close()
    if not program.is_generator:
        print(report.not_known_of(program.name))
    print(f"see {shortest(out / 'report.md')}")
    return worst


def shortest(path: Path) -> str:
    return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)


def lock_directory(out: Path) -> Any:
    lock = (out / ".lock").open("w", encoding="ascii")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Failure(f"cannot write to '{out}': another run does (choose another --out)") from None
    return lock


def forget_results(plan: Plan, out: Path) -> None:
    for s, family, mode in plan.trials():
        shutil.rmtree(out / label(s.name, family, mode), ignore_errors=True)


def run_on(kernel: str, plan: Plan, options: argparse.Namespace, program: Program, out: Path,
           print_line: Callable[[str], None]) -> int:
    if kernel == NATIVE:
        return run_here(plan, os.uname().release, out, print_line)
    names = [str(path.resolve()) for path in
             (all_scenarios() if options.all else map(find, options.scenarios))]
    arguments = [kernel, *names, "--mode", options.mode, "--family", options.family,
                 "--out", str(out), *(["--", *program.absolute()] if program.words else [])]
    seconds = sum(s.traffic.seconds for s, _, _ in plan.trials() if s.traffic)
    return run_in_guest(kernel, out, arguments, seconds, len(plan.trials()), print_line)


def read_results(plan: Plan, out: Path) -> List[Dict[str, Any]]:
    """Those that there are, and their pictures."""
    results = []
    for s, family, mode in plan.trials():
        directory = out / label(s.name, family, mode)
        if not (directory / "result.json").exists():
            continue
        result = json.loads((directory / "result.json").read_text(encoding="utf-8"))
        # TCP and MPTCP of one scenario have one scale. The other may be of an earlier run.
        both = [out / label(s.name, family, each) for each in ("tcp", "mptcp")]
        highest = max((plot.highest_rate(d) for d in both if (d / "paths.tsv").exists()), default=0)
        plot.draw(directory, list(lab.topology(s.topology).paths), result, highest)
        result["picture"] = f"{out.name}/{directory.name}/picture.svg" \
            if (directory / "picture.svg").exists() else None
        results.append(result)
    return results


def end_on_signals() -> None:

    def ended(number: int, _: Any) -> None:
        # What follows is cleaning up: nobody is to interrupt that.
        for each in signals.SIGNALS:
            signal.signal(each, signal.SIG_IGN)
        raise Ended(number)

    for number in signals.SIGNALS:
        signal.signal(number, ended)


def main(arguments: List[str]) -> int:
    end_on_signals()
    try:
        options, program = parse_options(arguments)
        if options.list:
            for path in all_scenarios():
                print(f"{path.name:24} {scenario.read(path).title}")
            return DONE
        if options.inside:
            plan = make_plan(options, program)
            copy_into_memory()
            return run_here(plan, options.inside, options.out, lambda line: print(line, flush=True))
        return run_all(options, program)
    except Failure as failure:
        complain(str(failure))
        return failure.status
    except Ended as ended:
        complain("stopped by a signal")
        return ended.status
    except BrokenPipeError:
        sys.stderr.close()
        return FAILED

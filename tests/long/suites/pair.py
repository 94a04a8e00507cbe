# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs a test suite of another project on TCP, forced, and forced with --disguise, and compares it test by test.

The three run at the same time, each in a network namespace of its own: the tests wait a lot. A test that fails when
forced and does not on TCP is repeated before it counts: emulated machines are slow, and some of these tests wait for a
fixed time. It then counts unless the page names it, which has to say why. Fails if a test counts, or if forcing had no
effect.

usage: pair.py SUITE PAGE OUT
  SUITE  JSON: name; directory, where the suite runs; command, which prints '=== RUN NAME' and
         '--- PASS|FAIL|SKIP: NAME (' as Go's tests do; all, its arguments for all tests; select, a function of this
         file that makes arguments of the names of some
  PAGE   the document that explains differences, with the names of tests in backquotes
  OUT    a directory for the output of the tests
"""

import json
import os
import re
import subprocess
import sys

REPEATS = 3
LIMIT = 3000  # seconds, for a run
STARTED = re.compile(r"=== RUN +(\S+)")
ENDED = re.compile(r"--- (PASS|FAIL|SKIP): (\S+) \(")
MPTCP_FORCE = os.path.abspath(os.environ.get("MPTCP_FORCE", "build/mptcp-force"))
WAYS = {
    "TCP": [],
    "forced": [MPTCP_FORCE, "run", "--quiet", "--"],
    "disguised": [MPTCP_FORCE, "run", "--quiet", "--disguise", "--"],
}


def by_pattern(tests):
    """Go's: a pattern for tests without a parent, which run all of their subtests."""
    return ["-test.run", f"^({'|'.join(sorted({re.escape(test.split('/')[0]) for test in tests}))})$"]


def by_name(tests):
    return sorted(tests)


class Namespace:
    """A network namespace with lo, where nothing has been counted yet."""

    def __init__(self, name):
        self.name = f"suite-{name}"

    def __enter__(self):
        subprocess.run(["ip", "netns", "add", self.name], check=True)
        subprocess.run(self.inside(["ip", "link", "set", "lo", "up"]), check=True)
        return self

    def __exit__(self, *_):
        subprocess.run(["ip", "netns", "delete", self.name], check=True)

    def inside(self, command):
        """Not 'ip netns exec', which would hide the control groups."""
        return ["nsenter", f"--net=/run/netns/{self.name}", "--"] + command

    def accepted(self):
        """Connections that were accepted as MPTCP."""
        text = subprocess.run(self.inside(["cat", "/proc/net/netstat"]), check=True, stdout=subprocess.PIPE, text=True).stdout
        rows = [line.split() for line in text.splitlines() if line.startswith("MPTcpExt:")]
        return int(dict(zip(*rows))["MPCapableACKRX"])


class Run:
    """All tests of a suite, or some, in one way. It has started when this returns."""

    def __init__(self, suite, way, tests, out):
        self.name = f"{suite['name']}, {way}"
        self.namespace = Namespace(way)
        self.log = os.path.join(out, re.sub("[ ,/]+", "-", self.name) + ("" if not tests else "-repeated"))
        command = WAYS[way] + suite["command"] + (globals()[suite["select"]](tests) if tests else suite["all"])
        self.namespace.__enter__()
        with open(self.log, "wb") as file:
            self.process = subprocess.Popen(self.namespace.inside(command), cwd=suite["directory"],
                                            stdin=subprocess.DEVNULL, stdout=file, stderr=file)

    def finish(self):
        """Sets connections, and results: test -> PASS, FAIL or SKIP. A test that did not end has failed."""
        try:
            self.process.wait(LIMIT)
        except subprocess.TimeoutExpired:
            print(f"{self.name}: ended after {LIMIT} s")
            self.process.terminate()
            self.process.wait()
        self.connections = self.namespace.accepted()
        self.namespace.__exit__()
        self.results = {}
        with open(self.log, encoding="utf-8", errors="replace") as file:
            for line in file:
                for test in STARTED.findall(line):
                    self.results.setdefault(test, "FAIL")
                for result, test in ENDED.findall(line):
                    self.results[test] = result
        return self

    def counts(self):
        values = list(self.results.values())
        return (f"{len(values)} tests, {values.count('PASS')} passed, {values.count('FAIL')} failed, "
                f"{values.count('SKIP')} skipped; {self.connections} MPTCP connections")


def run_in(ways, suite, out, tests=()):
    runs = {way: Run(suite, way, tests, out) for way in ways}
    return {way: run.finish() for way, run in runs.items()}


def failing(runs, way):
    """Tests that fail in that way and not on TCP."""
    own = runs["TCP"].results
    return {test for test in own.keys() | runs[way].results.keys()
            if runs[way].results.get(test, "FAIL") == "FAIL" and own.get(test) != "FAIL"}


def fails_steadily(way, suite, tests, out):
    """Those of the tests that fail each time in that way, and not each time on TCP."""
    passed = set()
    for _ in range(REPEATS):
        if tests:
            runs = run_in(["TCP", way], suite, out, tests)
            tests = {test for test in tests if runs[way].results.get(test, "FAIL") == "FAIL"}
            passed |= {test for test in tests if runs["TCP"].results.get(test) == "PASS"}
    return tests & passed


def compare(suite, explained, out):
    """Prints what differs. Returns whether all of it is explained."""
    runs = run_in(WAYS, suite, out)
    own = runs["TCP"]
    good = len(own.results) > 0
    for run in runs.values():
        print(f"{run.name}: {run.counts()}")
    for way in [way for way in WAYS if way != "TCP"]:
        good = good and runs[way].connections > own.connections
        steady = fails_steadily(way, suite, failing(runs, way), out)
        for test in sorted(own.results.keys() | runs[way].results.keys()):
            here, there = own.results.get(test, "absent"), runs[way].results.get(test, "absent")
            if here == there:
                continue
            verdict = "no failure"
            if test in failing(runs, way):
                verdict = "the same when repeated"
            if test in steady:
                verdict = "explained" if test in explained else "NOT EXPLAINED"
                good = good and test in explained
            print(f"{runs[way].name}: {test}: {here} on TCP, {there} {way}: {verdict}")
            sys.stdout.flush()
    return good


def main(suite, page, out):
    os.makedirs(out, exist_ok=True)
    with open(page, encoding="utf-8") as file:
        explained = set(re.findall(r"`([^`\n]+)`", file.read()))
    with open(suite, encoding="utf-8") as file:
        return compare(json.load(file), explained, out)


if __name__ == "__main__":
    sys.exit(0 if main(*sys.argv[1:]) else 1)

# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs test suites of other projects on TCP, then forced, in this machine, and compares them test by test.

A test that fails when forced and does not on TCP is repeated, on both, before it counts: emulated machines
are slow, and some of these tests wait for a fixed time. It then counts unless the page names it, which has to say why.
Fails if a test counts, or if forcing had no effect.

usage: pair.py SUITES PAGE OUT
  SUITES  JSON, a list of objects: name; directory, where the suite runs; command, which prints
          '=== RUN NAME' and '--- PASS|FAIL|SKIP: NAME (' as Go's tests do; select, a function of this file
          that makes arguments of the names of tests
  PAGE    the document that explains differences, with the names of tests in backquotes
  OUT     a directory for the output of the tests
"""

import json
import os
import re
import subprocess
import sys

REPEATS = 3
LIMIT = 4000  # seconds, for a suite
STARTED = re.compile(r"=== RUN +(\S+)")
ENDED = re.compile(r"--- (PASS|FAIL|SKIP): (\S+) \(")


def by_pattern(tests):
    """Go's: a pattern for each level of the name. The test with its subtests."""
    return ["-test.run", "/".join(f"^{re.escape(word)}$" for word in tests[0].split("/"))]


def by_name(tests):
    return tests


def accepted():
    """Connections that were accepted as MPTCP since the machine booted."""
    with open("/proc/net/netstat", encoding="ascii") as file:
        rows = [line.split() for line in file if line.startswith("MPTcpExt:")]
    return int(dict(zip(*rows))["MPCapableACKRX"])


class Suite:
    def __init__(self, row, out):
        self.name = row["name"]
        self.directory = row["directory"]
        self.command = row["command"]
        self.select = globals()[row["select"]]
        self.out = out
        self.runs = 0

    def run(self, forced, tests=()):
        """A dictionary: test -> PASS, FAIL or SKIP. A test that did not end has failed."""
        command = [os.path.abspath(os.environ.get("MPTCP_FORCE", "build/mptcp-force")), "run", "--quiet", "--"]
        command = (command if forced else []) + self.command + (self.select(list(tests)) if tests else [])
        self.runs += 1
        log = os.path.join(self.out, f"{re.sub('[ /]', '-', self.name)}.{self.runs}.{'forced' if forced else 'tcp'}")
        with open(log, "wb") as file:
            try:
                subprocess.run(command, cwd=self.directory, stdin=subprocess.DEVNULL, stdout=file, stderr=file, check=False,
                               timeout=LIMIT)
            except subprocess.TimeoutExpired:
                print(f"{self.name}: ended after {LIMIT} s")
        results = {}
        with open(log, encoding="utf-8", errors="replace") as file:
            for line in file:
                for test in STARTED.findall(line):
                    results.setdefault(test, "FAIL")
                for result, test in ENDED.findall(line):
                    results[test] = result
        return results

    def fails_steadily(self, test):
        """Whether it fails each time when forced, and not each time on TCP."""
        steady = all(self.run(True, [test]).get(test) == "FAIL" for _ in range(REPEATS))
        return steady and any(self.run(False, [test]).get(test) == "PASS" for _ in range(REPEATS))


def counts(results):
    values = list(results.values())
    return f"{len(values)} tests, {values.count('PASS')} passed, {values.count('FAIL')} failed, {values.count('SKIP')} skipped"


def compare(suite, explained):
    """Prints what differs. Returns whether all of it is explained."""
    before = accepted()
    on_tcp = suite.run(False)
    own = accepted() - before
    forced = suite.run(True)
    more = accepted() - before - own
    print(f"{suite.name}, TCP:    {counts(on_tcp)}; {own} MPTCP connections")
    print(f"{suite.name}, forced: {counts(forced)}; {more} MPTCP connections")
    good = more > own and len(on_tcp) > 0
    for test in sorted(on_tcp.keys() | forced.keys()):
        if on_tcp.get(test) == forced.get(test):
            continue
        verdict = f"{on_tcp.get(test, 'absent')} on TCP, {forced.get(test, 'absent')} forced"
        if forced.get(test, "FAIL") != "FAIL":
            verdict += ": no failure"
        elif not suite.fails_steadily(test):
            verdict += ": the same when repeated"
        elif test in explained:
            verdict += ": explained"
        else:
            verdict += ": NOT EXPLAINED"
            good = False
        print(f"{suite.name}: {test}: {verdict}")
        sys.stdout.flush()
    return good


def main(suites, page, out):
    os.makedirs(out, exist_ok=True)
    with open(page, encoding="utf-8") as file:
        explained = set(re.findall(r"`([^`\n]+)`", file.read()))
    with open(suites, encoding="utf-8") as file:
        rows = json.load(file)
    return all([compare(Suite(row, out), explained) for row in rows])


if __name__ == "__main__":
    sys.exit(0 if main(*sys.argv[1:]) else 1)

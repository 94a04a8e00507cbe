#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Prints docs/compatibility.md.

    page.py TEXT TABLE DIFFERENCES RESULTS...

TEXT is the page, with a line '@applied', '@remembered', '@refused', '@same' or '@differences' where a table belongs,
'@expected' for a note about results that were not measured, and '@kernels' in a sentence. TABLE is the decision table
(table.c). DIFFERENCES and the RESULTS of each kernel are those of compare.py. Fails if they contradict one another.
"""

import os
import sys

from data import LEVELS, read_allowed, read_results, read_table

WHEN = {"always": "", "mptcp": "until it falls back", "connected": "when connected"}

# Where a difference is seen.
KINDS = {"*": "", "forced": "until it falls back", "fallback": "after a fallback"}
STATES = {"*": "", "connected": "when connected", "accepted": "when accepted", "kept": "when set before connect(2)",
          "inherited": "when set on the listener"}


class Page:
    def __init__(self, table, allowed, results, expected):
        self.table, self.allowed, self.expected = table, allowed, expected
        # By kernel.
        self.results = results
        self.wrong = []

    def measured(self, kernel, row):
        """What a forced program sees of an option in the table."""
        result = self.results[kernel].get((row.level, row.number))
        if not result:
            return "not measured"
        if "differs" in (result.forced, result.fallback):
            self.wrong.append(f"{row.name} on Linux {kernel}: an undocumented difference")
        if result.forced == "same":
            if row.sort == "refused" and row.kernels == "every kernel":
                self.wrong.append(f"{row.name} on Linux {kernel}: refused by the table, measured as on TCP")
            return "as on TCP"
        if row.sort != "refused" and row.extent == "wholly":
            self.wrong.append(f"{row.name} on Linux {kernel}: {row.sort} by the table, measured: {result.forced}")
        return result.forced

    def rows(self, sort):
        rows = [row for row in self.table.values() if row.sort == sort]
        rows.sort(key=lambda row: (LEVELS.index(row.level), row.number))
        return rows

    def differing(self):
        """What is different from TCP, and does not only vary from socket to socket."""
        return [rule for rule in self.allowed if rule.how != "varies"]

    def print_class(self, sort):
        kernels = list(self.results)
        print("| option | " + " | ".join(f"Linux {kernel}" for kernel in kernels) + " | applies | why |")
        print("|---" * (len(kernels) + 3) + "|")
        for row in self.rows(sort):
            seen = " | ".join(self.measured(kernel, row) for kernel in kernels)
            print(f"| {row.name} | {seen} | {WHEN[row.when]} | {row.reason} |")

    def print_same(self):
        """The options that TCP has and that need no row, by level."""
        other = {(rule.level, rule.number) for rule in self.differing()}
        for level in LEVELS:
            names = {}
            for kernel, results in self.results.items():
                for key, result in results.items():
                    if key[0] != level or key in self.table or key in other:
                        continue
                    if (result.forced, result.fallback) != ("same", "same"):
                        self.wrong.append(f"{level} {result.number} {result.name} on Linux {kernel}: "
                                          f"not in the table, measured: {result.forced}, {result.fallback}")
                    names[key[1]] = result.name if result.name != "-" else str(key[1])
            if names:
                print(f"- {level}: " + ", ".join(names[number] for number in sorted(names)))

    def print_differences(self):
        print("| option | seen | what differs |")
        print("|---|---|---|")
        for rule in self.differing():
            seen = ", ".join(word for word in (KINDS[rule.kind], STATES[rule.state]) if word)
            print(f"| {rule.name} | {seen} | {rule.reason} |")

    def print_expected(self):
        if self.expected:
            print(f"The results for Linux {' and '.join(self.expected)} are not measured with the bridge yet. They follow "
                  "from what TCP sockets\nand MPTCP sockets answered there without it, and from its answers on another "
                  "kernel.\n")

    def print_line(self, line):
        if line in ("@applied", "@remembered", "@refused"):
            self.print_class(line[1:])
        elif line == "@same":
            self.print_same()
        elif line == "@differences":
            self.print_differences()
        elif line == "@expected":
            self.print_expected()
        else:
            print(line.replace("@kernels", " and ".join(self.results)))


def is_expected(path):
    """Whether the results are derived, not measured."""
    with open(path, encoding="ascii") as lines:
        return any(line.startswith("# Expected") for line in lines)


def main():
    table, allowed = read_table(sys.argv[2]), read_allowed(sys.argv[3])
    results = {os.path.basename(path).removesuffix(".tsv"): read_results(path) for path in sys.argv[4:]}
    expected = [os.path.basename(path).removesuffix(".tsv") for path in sys.argv[4:] if is_expected(path)]
    page = Page(table, allowed, results, expected)
    with open(sys.argv[1], encoding="ascii") as text:
        for line in text:
            page.print_line(line.rstrip("\n"))
    for complaint in page.wrong:
        print(f"page.py: {complaint}", file=sys.stderr)
    return 1 if page.wrong else 0


if __name__ == "__main__":
    sys.exit(main())

# SPDX-License-Identifier: GPL-2.0-or-later
"""The files that the comparison and the page read: separated by tabs, '#' begins a comment."""

from collections import namedtuple

# A row of the decision table (table.c).
Row = namedtuple("Row", "level number name sort when kernels extent reason")
# A difference that is allowed (differences.tsv).
Allowed = namedtuple("Allowed", "level number name kind state how reason")
# What was measured of an option on one kernel (results/KERNEL.tsv).
Result = namedtuple("Result", "level number name tcp forced fallback")

LEVELS = ("SOL_SOCKET", "IPPROTO_TCP", "IPPROTO_IP", "IPPROTO_IPV6")


def read_lines(path):
    with open(path, encoding="ascii") as lines:
        for line in lines:
            if line.strip() and not line.startswith("#"):
                yield line.rstrip("\n").split("\t")


def read_table(path):
    rows = (Row(level, int(number), *rest) for level, number, *rest in read_lines(path))
    return {(row.level, row.number): row for row in rows}


def read_allowed(path):
    return [Allowed(level, int(number), *rest) for level, number, *rest in read_lines(path)]


def read_results(path):
    results = (Result(level, int(number), *rest) for level, number, *rest in read_lines(path))
    return {(result.level, result.number): result for result in results}

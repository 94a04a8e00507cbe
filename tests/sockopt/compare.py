#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares what the probe got of forced sockets with what it got of TCP sockets.

    compare.py TABLE DIFFERENCES RESULTS PROBED...

TABLE is the decision table (table.c), DIFFERENCES the list of other differences that are allowed. Writes what a
forced program sees of each option to RESULTS, prints every difference that nothing allows, and counts. Fails if
there is one.
"""

import re
import sys
from collections import Counter, defaultdict
from functools import cached_property

from data import LEVELS, Result, read_allowed, read_table

# What the kernel, and the bridge in its place, answer to an option that they refuse.
REFUSALS = ("EOPNOTSUPP", "ENOPROTOOPT", "EINVAL")
# The kernel copies values, whole, to and from the BPF programs for socket options, so that what cannot be read or
# written fails sooner or later than over TCP, and negative lengths always fail.
UNREADABLE = ("NULL", "unmapped", "kernel memory")
NEGATIVE = ("-1 bytes", "INT_MIN bytes")
ACCEPTED = {"set": re.compile(r"(^| )0>"), "get": re.compile(r"(^|[ >])[0-9]+:")}
# How many differences of one option are printed.
SHOWN = 4


def is_error(word):
    return word[0] == "E"


def value_of(word):
    """The bytes that getsockopt() returned, without zeros at the end."""
    length, _, value = word.partition(":")
    value = int(value).to_bytes(4, "little", signed=True) if length == "4" else bytes.fromhex(value)
    return value.rstrip(b"\0")


def wanted_value(value, word):
    """The bytes of a number or a text, as many as were asked for."""
    whole = int(value).to_bytes(4, "little") if value.isdigit() else value.encode()
    return whole[: int(word.partition(":")[0])].rstrip(b"\0")


class Option:
    """All sockets on which one option was tried: by kind, family and state, what the probe printed."""

    def __init__(self, level, number, name):
        self.level, self.number, self.name = level, number, name
        self.sockets = {}

    @cached_property
    def tcp_accepts(self):
        """Of 'set' and 'get', those that TCP accepts in any state."""
        of_tcp = [words for (kind, _, _), words in self.sockets.items() if kind == "tcp"]
        return [call for call, pattern in ACCEPTED.items() if any(map(pattern.search, of_tcp))]


class Comparison:
    """Compares the words of one forced socket with those of the TCP socket, call by call."""

    def __init__(self, option, row, allowed, kind, state, steps):
        self.option, self.row, self.kind, self.state, self.steps = option, row, kind, state, steps
        self.how = [rule.how for rule in allowed
                    if (rule.level, rule.number) == (option.level, option.number)
                    and rule.kind in ("*", kind) and rule.state in ("*", state)]
        self.unknown_set = "set" not in option.tcp_accepts
        self.unknown_get = "get" not in option.tcp_accepts
        self.refusable = self.may_refuse()
        self.partly = self.refusable and row.extent == "partly"
        # Whether an earlier difference that is allowed left the two sockets with different values.
        self.diverged = False
        self.last = None
        self.refused = Counter()
        self.differences = []

    def may_refuse(self):
        if not self.row or (self.row.sort != "refused" and self.row.extent != "partly"):
            return False
        if self.row.when == "mptcp":
            # Before it connects, a socket cannot have fallen back.
            return self.kind == "forced" or self.state in ("kept", "inherited")
        if self.row.when == "connected":
            return self.state in ("connected", "accepted")
        return True

    def may_refuse_value(self, step):
        """A hop limit is refused where it decides who is reached: SOCKOPT_LIMITS_REACH() in sockopt_table.h."""
        number = re.match(r"set (-?[0-9]+)", step)
        if self.partly:
            # The low four bytes of a longer value count, and one with the highest bit set is negative.
            return bool(number) and (int(number[1]) & 0xffffffff) in (*range(32), 255)
        return self.refusable

    def run(self, tcp, forced):
        for step, of_tcp, of_forced in zip(self.steps, tcp, forced):
            if of_tcp == of_forced and of_tcp[0] != "0":
                self.note_value(step, of_forced)
            elif ">" in of_tcp:
                tcp_set, tcp_get = of_tcp.split(">")
                forced_set, forced_get = of_forced.split(">")
                self.compare_set(step, tcp_set, forced_set)
                self.compare_get(step, tcp_get, forced_get)
            elif " get" in " " + step:
                self.compare_get(step, of_tcp, of_forced)
            else:
                self.compare_set(step, of_tcp, of_forced)

    def compare_set(self, step, tcp, forced):
        if tcp == forced:
            if tcp == "0":
                self.diverged = "negative" in self.how and step.startswith("set -")
                self.last = None if self.diverged else self.last
            return
        if self.may_refuse_value(step) and forced in REFUSALS:
            self.refused["set " + forced] += 1
            self.diverged = self.diverged or tcp == "0"
        elif forced == "EFAULT" and any(word in step for word in UNREADABLE):
            self.diverged = self.diverged or tcp == "0"
        elif self.unknown_set and is_error(tcp) and is_error(forced):
            pass
        elif "any" in self.how or ("error" in self.how and is_error(tcp) and is_error(forced)):
            self.diverged = True
        else:
            self.differ(step, tcp, forced)

    def compare_get(self, step, tcp, forced):
        if tcp != forced and not self.get_allowed(step, tcp, forced):
            self.differ(step, tcp, forced)
        self.note_value(step, forced)

    def note_value(self, step, forced):
        """What a later call that fails must leave as it is."""
        if forced != "-" and ("set" in step or step == "first get"):
            self.last = forced.rpartition(">")[2]

    def get_allowed(self, step, tcp, forced):
        # What a failing call leaves in the buffer and the length is not compared.
        tcp, forced = tcp.split("!")[0], forced.split("!")[0]
        if tcp == forced and is_error(tcp):
            return True
        if any(word in step for word in UNREADABLE) and "EFAULT" in (tcp, forced):
            return True
        if any(word in step for word in NEGATIVE) and forced == "EINVAL":
            return True
        # See print_inherited() in probe.c: what was kept for the listener is not kept for a TCP socket.
        if self.kind == "fallback" and self.state == "inherited" and self.row and self.row.sort == "remembered":
            return self.matches("class", tcp, forced)
        if self.refusable and not self.partly and forced in REFUSALS:
            self.refused["get " + forced] += 1
            return True
        if self.diverged and not is_error(forced):
            return self.last is None or forced == self.last or "then get" in step or "after" in step
        if self.unknown_get and is_error(tcp) and is_error(forced):
            return True
        return any(self.matches(how, tcp, forced) for how in self.how)

    @staticmethod
    def matches(how, tcp, forced):
        if how in ("any", forced):
            return True
        if how == "error":
            return is_error(tcp) and is_error(forced)
        if is_error(tcp) or is_error(forced):
            return False
        if how in ("class", "varies"):
            return tcp.split(":")[0] == forced.split(":")[0]
        return value_of(forced) == wanted_value(how.split()[1], forced)

    def differ(self, step, tcp, forced):
        self.differences.append((step, tcp, forced))


def read_probed(paths):
    """The options by level and number, and the names of the steps by the number of words."""
    options, steps = {}, {2: ("set", "get after connect"),
                          3: ("set", "get after accept", "get of the listener after")}
    for path in paths:
        with open(path, encoding="ascii") as lines:
            for line in lines:
                fields = line.rstrip("\n").split("\t")
                if fields[0] == "steps":
                    steps[len(fields) - 1] = fields[1:]
                    continue
                kind, family, state, level, number, name, words = fields
                option = options.setdefault((level, int(number)), Option(level, int(number), name))
                option.sockets[kind, family, state] = words
    return options, steps


def compare_sockets(option, row, allowed, steps, counts):
    """Yields kind, family, state and the comparison of each forced socket that is not identical."""
    # The families hardly differ.
    known = {}
    for (kind, family, state), forced in option.sockets.items():
        if kind == "tcp":
            continue
        tcp = option.sockets["tcp", family, state]
        counts["calls"] += tcp.count(" ") + 1 + tcp.count(">")
        counts["sockets"] += 1
        if tcp == forced:
            counts["identical sockets"] += 1
            continue
        comparison = known.get((kind, state, tcp, forced))
        if not comparison:
            words = tcp.split(" ")
            comparison = Comparison(option, row, allowed, kind, state, steps[len(words)])
            comparison.run(words, forced.split(" "))
            known[kind, state, tcp, forced] = comparison
        yield kind, family, state, comparison


def name_of(option, rows):
    names = [row.name for row in rows if row and (row.level, row.number) == (option.level, option.number)]
    return option.name or (names + ["-"])[0]


def compare_option(option, row, allowed, steps, counts):
    """Returns the result of the option, and its differences."""
    refused, differences = defaultdict(Counter), []
    for kind, family, state, comparison in compare_sockets(option, row, allowed, steps, counts):
        refused[kind] += comparison.refused
        differences += [(kind, family, state) + difference for difference in comparison.differences]
    result = Result(option.level, option.number, name_of(option, [row, *allowed]),
                    ",".join(option.tcp_accepts) or "none",
                    describe(refused["forced"], differences, "forced"),
                    describe(refused["fallback"], differences, "fallback"))
    return result, differences


def describe(refused, differences, kind):
    if any(difference[0] == kind for difference in differences):
        return "differs"
    return ", ".join(sorted(refused)) or "same"


def print_differences(option, differences):
    print(f"{option.level} {option.number} {option.name}: {len(differences)} differences")
    shown = set()
    for kind, family, state, step, tcp, forced in differences:
        if len(shown) < SHOWN and (kind, tcp, forced) not in shown:
            shown.add((kind, tcp, forced))
            print(f"    {kind} {family} {state}: {step}: TCP {tcp}, forced {forced}")


def write_results(path, results):
    """Those of options that TCP has, and those that differ."""
    with open(path, "w", encoding="ascii") as out:
        out.write("# SPDX-License-Identifier: GPL-2.0-or-later\n"
                  "# Made by 'make compatibility': see tests/sockopt/compare.py.\n"
                  "# LEVEL\tNUMBER\tNAME\tWHAT TCP ACCEPTS\tFORCED\tFORCED, AFTER A FALLBACK\n")
        for result in results:
            if result.tcp != "none" or result.forced == "differs":
                out.write("\t".join(map(str, result)) + "\n")


def check_row(row, result):
    """What is wrong with the row of an option that does not differ, or that does."""
    if row.kernels != "every kernel":
        return None
    if row.sort == "refused" and result.forced == "same":
        return f"{row.name} is {row.sort} by the table, and measured to be as on TCP"
    return None


def main():
    table, allowed = read_table(sys.argv[1]), read_allowed(sys.argv[2])
    options, steps = read_probed(sys.argv[4:])
    counts, results, wrong = Counter(), [], 0
    for key in sorted(options, key=lambda key: (LEVELS.index(key[0]), key[1])):
        option, row = options[key], table.get(key)
        result, differences = compare_option(option, row, allowed, steps, counts)
        results.append(result)
        if differences:
            print_differences(option, differences)
            counts["undocumented"] += 1
            counts["undocumented calls"] += len(differences)
        complaint = row and check_row(row, result)
        if complaint:
            print(complaint)
            wrong += 1
        if row and result.tcp != "none":
            counts[row.sort] += 1
        elif result.tcp != "none" and not differences:
            counts["as on TCP"] += 1
        elif result.tcp == "none":
            counts["unknown to TCP"] += 1
    write_results(sys.argv[3], results)
    print(f"options: {len(options)} (of these, TCP has "
          f"{len(options) - counts['unknown to TCP']}: as on TCP {counts['as on TCP']}, "
          f"applied {counts['applied']}, remembered {counts['remembered']}, refused {counts['refused']}), "
          f"sockets: {counts['sockets']} (identical: {counts['identical sockets']}), calls: {counts['calls']}, "
          f"undocumented differences: {counts['undocumented']} options, {counts['undocumented calls']} calls")
    return 1 if counts["undocumented"] or wrong else 0


if __name__ == "__main__":
    sys.exit(main())

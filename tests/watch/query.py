#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Answers questions about events of mptcp-watch, for tests. One process for all: starting one is expensive.

usage: query.py [NAME=VALUE]...

A question is a line on standard input: a file of events, a condition, and an expression to print for each event
that meets it, separated by tabs. The answer is one line. Condition and expression are Python, in which the
event's attributes are names; an attribute that it does not have is None.
"""

import builtins
import json
import sys


class Names(dict):
    def __missing__(self, name):
        if hasattr(builtins, name):
            raise KeyError(name)
        return None


def query(path, condition, expression, constants):
    with open(path, encoding="utf-8") as lines:
        # The last line may be under way.
        events = [json.loads(line) for line in lines if line.endswith("\n")]
    for event in events:
        event["from_"] = event.pop("from", None)  # a word of Python
        names = Names(constants, **event)
        if eval(condition, {}, names):
            yield str(eval(expression, {}, names))


def main():
    constants = {}
    for setting in sys.argv[1:]:
        name, value = setting.split("=")
        constants[name] = int(value)
    for question in sys.stdin:
        try:
            print(*query(*question.rstrip("\n").split("\t"), constants), flush=True)
        except (SyntaxError, TypeError, ValueError) as error:
            print("cannot answer:", error, flush=True)


if __name__ == "__main__":
    main()

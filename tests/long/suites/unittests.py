# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs modules of unittest tests, or single tests, and prints results as Go's tests do: see pair.py.

usage: unittests.py MODULE|TEST...
"""

import signal
import sys
import threading
import unittest

LIMIT = 300  # seconds, for a test


class TookTooLong(Exception):
    pass


def give_up(_signal, _frame):
    raise TookTooLong(f"took more than {LIMIT} s")


class Results(unittest.TestResult):
    def startTest(self, test):
        super().startTest(test)
        self.result = "PASS"
        print(f"=== RUN {test.id()}", flush=True)
        # Not alarm(2), which some of the tests use.
        self.watchdog = threading.Timer(LIMIT, signal.pthread_kill, (threading.main_thread().ident, signal.SIGUSR2))
        self.watchdog.daemon = True
        self.watchdog.start()

    def addError(self, test, err):
        super().addError(test, err)
        self.failed(test, self.errors)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.failed(test, self.failures)

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self.failed(test, self.failures + self.errors)

    def failed(self, test, where):
        self.result = "FAIL"
        print(where[-1][1], flush=True)
        if not isinstance(test, unittest.TestCase):  # of a class or module: there is no test to end
            print(f"--- FAIL: {test.id().replace(' ', '_')} (", flush=True)

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.result = "SKIP"

    def stopTest(self, test):
        super().stopTest(test)
        self.watchdog.cancel()
        self.watchdog.join()
        print(f"--- {self.result}: {test.id()} (", flush=True)


if __name__ == "__main__":
    signal.signal(signal.SIGUSR2, give_up)
    unittest.defaultTestLoader.loadTestsFromNames(sys.argv[1:]).run(Results())

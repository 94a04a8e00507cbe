# SPDX-License-Identifier: GPL-2.0-or-later
"""What ends a run, and with which exit status."""

DONE, FAILED, USAGE, UNSUPPORTED, NOT_PERMITTED = range(5)


class Failure(Exception):
    """Printed as it is, in one line."""

    def __init__(self, text: str, status: int = FAILED):
        super().__init__(text)
        self.status = status


class Ended(BaseException):
    """A signal asks us to end."""

    def __init__(self, number: int):
        super().__init__(number)
        self.status = 128 + number

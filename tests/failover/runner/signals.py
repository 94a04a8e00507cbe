# SPDX-License-Identifier: GPL-2.0-or-later
"""The signals that end a run, and when they have to wait."""

import signal
from contextlib import contextmanager
from typing import Callable, Iterator

SIGNALS = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)


@contextmanager
def held() -> Iterator[Callable[[], None]]:
    """
    Signals wait until the end of the block. For Popen(): if a signal interrupts it, there is no process to wait for,
    and the child may still enter a cgroup or a lab that is being removed. Yields what the child has to call first.
    """
    allowed = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)

    def release() -> None:
        signal.pthread_sigmask(signal.SIG_SETMASK, allowed)

    try:
        yield release
    finally:
        release()


def leave_to_main_thread() -> None:
    """For any other thread: signals that it took would not wait."""
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)

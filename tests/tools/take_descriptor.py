# SPDX-License-Identifier: GPL-2.0-or-later
"""Take a descriptor of a process, as pidfd_getfd(2) lets those who may trace it: prints 'taken' or why not."""

import ctypes
import os
import sys

PIDFD_GETFD = 438

libc = ctypes.CDLL(None, use_errno=True)
process = os.pidfd_open(int(sys.argv[1]))
if libc.syscall(PIDFD_GETFD, process, 0, 0) >= 0:
    print('taken')
else:
    print(os.strerror(ctypes.get_errno()))

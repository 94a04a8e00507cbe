# SPDX-License-Identifier: GPL-2.0-or-later
"""Print, for each BPF program that is loaded, its name and how many instructions the verifier has processed for it."""

import ctypes
import os
import struct

SYS_BPF = 321 if os.uname().machine == 'x86_64' else 280
BPF_PROG_GET_NEXT_ID = 11
BPF_PROG_GET_FD_BY_ID = 13
BPF_OBJ_GET_INFO_BY_FD = 15
ATTRIBUTES = 128
INFO = 256
NAME = slice(64, 80)  # struct bpf_prog_info

libc = ctypes.CDLL(None, use_errno=True)


def bpf(command, attributes):
    """The result, and the attributes as the kernel leaves them."""
    buffer = ctypes.create_string_buffer(attributes.ljust(ATTRIBUTES, b'\0'), ATTRIBUTES)
    return libc.syscall(SYS_BPF, command, buffer, ATTRIBUTES), buffer.raw


def program_ids():
    program = 0
    while True:
        result, attributes = bpf(BPF_PROG_GET_NEXT_ID, struct.pack('=II', program, 0))
        if result < 0:
            return
        program = struct.unpack_from('=I', attributes, 4)[0]
        yield program


def name_of(descriptor):
    info = ctypes.create_string_buffer(INFO)
    bpf(BPF_OBJ_GET_INFO_BY_FD, struct.pack('=IIQ', descriptor, INFO, ctypes.addressof(info)))
    return info.raw[NAME].split(b'\0')[0].decode()


def verified_by(descriptor):
    with open(f'/proc/self/fdinfo/{descriptor}', encoding='ascii') as lines:
        for line in lines:
            if line.startswith('verified_insns:'):
                return line.split()[1]
    return 'unknown'


for program_id in program_ids():
    fd, _ = bpf(BPF_PROG_GET_FD_BY_ID, struct.pack('=I', program_id))
    if fd >= 0:
        print(name_of(fd), verified_by(fd))
        os.close(fd)

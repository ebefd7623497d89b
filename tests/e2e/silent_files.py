"""silent_files.py FOLDER - mounts a file system there that holds one file, `file`, of a server that has died without a word:
it answers until SIGUSR1. See linux/fuse.h for what is read and written."""

import ctypes
import os
import signal
import struct
import sys

LOOKUP, GETATTR, OPEN, INIT = 1, 3, 14, 26
FILE = 2


def attributes(node):
    mode = 0o100666 if node == FILE else 0o040777
    return struct.pack("<6Q10I", node, 4096, 8, 0, 0, 0, 0, 0, 0, mode, 1, 0, 0, 0, 4096, 0)


def answer(opcode, node):
    if opcode == INIT:
        return struct.pack("<4I2H2I2H8I", 7, 31, 0, 0, 1, 1, 4096, 1, 1, 0, *[0] * 8)
    if opcode == LOOKUP:
        return struct.pack("<4Q2I", FILE, 1, 0, 0, 0, 0) + attributes(FILE)
    if opcode == GETATTR:
        return struct.pack("<Q2I", 0, 0, 0) + attributes(node)
    if opcode == OPEN:
        return struct.pack("<Q2I", 0, 0, 0)
    return b""


def fall_silent(*_):
    print("silent", flush=True)
    while True:
        signal.pause()


signal.signal(signal.SIGUSR1, fall_silent)
device = os.open("/dev/fuse", os.O_RDWR)
options = f"fd={device},rootmode=40000,user_id=0,group_id=0,allow_other".encode()
if ctypes.CDLL(None, use_errno=True).mount(b"silent", sys.argv[1].encode(), b"fuse", 0, options) != 0:
    sys.exit(os.strerror(ctypes.get_errno()))
while True:
    length, opcode, unique, node = struct.unpack_from("<2I2Q", os.read(device, 1 << 17))
    body = answer(opcode, node)
    os.write(device, struct.pack("<IiQ", 16 + len(body), 0, unique) + body)

# SPDX-License-Identifier: MIT
# delay_line: a second link between this place and a client's, which delays each packet.
#
#   delay_line.py MS PID ADDRESS/BITS ADDRESS/BITS      each way; of whom the network is; this end's address, and the client's
import ctypes
import fcntl
import heapq
import os
import select
import struct
import subprocess
import sys
import time

TUNSETIFF, IFF_TUN, IFF_NO_PI, CLONE_NEWNET = 0x400454CA, 1, 0x1000, 0x40000000


def end(address):
    fd = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(fd, TUNSETIFF, struct.pack("16sH22x", b"slow", IFF_TUN | IFF_NO_PI))
    subprocess.run(["ip", "addr", "add", address, "dev", "slow"], check=True)
    subprocess.run(["ip", "link", "set", "slow", "up"], check=True)
    return fd


def main():
    delay = float(sys.argv[1]) / 1000
    here = end(sys.argv[3])
    if ctypes.CDLL(None, use_errno=True).setns(os.open(f"/proc/{sys.argv[2]}/ns/net", os.O_RDONLY), CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "setns")
    there = end(sys.argv[4])
    other, queue, n = {here: there, there: here}, [], 0
    print("ready", flush=True)
    while True:
        wait = max(0, queue[0][0] - time.monotonic()) if queue else None
        for fd in select.select([here, there], [], [], wait)[0]:
            n += 1
            heapq.heappush(queue, (time.monotonic() + delay, n, other[fd], os.read(fd, 65536)))
        while queue and queue[0][0] <= time.monotonic():
            _, _, fd, packet = heapq.heappop(queue)
            try:
                os.write(fd, packet)
            except OSError:  # as a link does: what does not get through is lost
                pass


main()

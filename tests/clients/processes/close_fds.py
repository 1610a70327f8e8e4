# SPDX-License-Identifier: MIT
"""close_fds: children started, with close_fds and with pass_fds, while 20 nonblocking connects are under way: close_fds.py ADDRESS PORT

Prints how many descriptors two of the children have, and how many of the connections had a byte echoed.
"""
import errno
import os
import select
import socket
import subprocess
import sys


def dial():
    s = socket.socket()
    s.setblocking(False)
    assert s.connect_ex((sys.argv[1], int(sys.argv[2]))) == errno.EINPROGRESS
    return s


def descriptors_of_a_child():
    return int(subprocess.run(['sh', '-c', 'ls /proc/self/fd | wc -l'], capture_output=True, close_fds=True).stdout)


dials = [dial() for _ in range(20)]
last = dial()
print(descriptors_of_a_child(), descriptors_of_a_child())
subprocess.run(['true'], pass_fds=[dials[0].fileno()], check=True)
os.closerange(last.fileno(), last.fileno() + 100)
for s in dials:
    select.select([], [s], [], 20)
    assert s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0
    s.send(b'x')
    select.select([s], [], [], 20)
    assert s.recv(1) == b'x'
print(len(dials))

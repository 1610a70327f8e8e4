# SPDX-License-Identifier: MIT
"""connect_load: connect to HOST PORT until FILE is there, every second time with a nonblocking socket, and have a word echoed.
Prints a dot for each connect that succeeded, and in the end how many were echoed; one that stood may end as it likes, when its proxy is
killed. A connect that fails is told, and the last: connect_load.py FILE HOST PORT"""
import errno
import os
import select
import socket
import sys

done, host, port = sys.argv[1], sys.argv[2], int(sys.argv[3])
address = socket.getaddrinfo(host, port, socket.AF_INET, socket.SOCK_STREAM)[0][4]


def connect(s, blocking):
    s.setblocking(blocking)
    error = s.connect_ex(address)
    if error == errno.EINPROGRESS:
        select.select([], [s], [])
        error = s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    return error


def echo(s):
    s.settimeout(1)
    try:
        s.sendall(b'word')
        return s.recv(4) == b'word'
    except OSError:
        return False


connected, echoed = 0, 0
while not os.path.exists(done):
    with socket.socket() as s:
        error = connect(s, connected % 2 == 0)
        if error:
            print('failed:', errno.errorcode[error])
            break
        connected += 1
        print('.', end='', flush=True)
        echoed += echo(s)
print('echoed:', echoed)

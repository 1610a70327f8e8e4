# SPDX-License-Identifier: MIT
"""every_kind: every_kind.py TIMES HOST PORT NAME DIRECT: connect, speak and ask in every way in which the library carries a program, so many times;
HOST and DIRECT echo there, and nobody listens at the next port. Fails where an answer is wrong."""
import array
import os
import select
import socket
import struct
import sys
import threading

times, host, port, name, direct = int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), *sys.argv[4:]


def error_of(s):
    return s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)


def echoes(s):
    s.sendall(b'one')
    s.sendmsg([b'two'])
    heard = b''
    while len(heard) < 6:
        heard += s.recv(6)
    assert heard == b'onetwo', heard
    assert error_of(s) == 0


def blocking(to):
    with socket.socket() as s:
        s.connect(to)
        assert s.getpeername() == to
        echoes(s)


def nonblocking(to):
    with socket.socket() as s, select.epoll() as loop:
        s.setblocking(False)
        loop.register(s, select.EPOLLOUT)
        s.connect_ex(to)
        loop.poll()
        assert error_of(s) == 0
        assert s.getpeername() == to
        s.setblocking(True)
        echoes(s)


def in_threads(to):
    threads = [threading.Thread(target=blocking, args=(to,)) for _ in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()


def by_name():
    with socket.create_connection((name, port)) as s:
        echoes(s)


def refused(to):
    with socket.socket() as s:
        try:
            s.connect(to)
        except ConnectionRefusedError:
            pass
        assert error_of(s) == 0
        try:
            s.getpeername()
            raise AssertionError('a peer that refused')
        except OSError:
            pass


def datagrams():
    with socket.socket(type=socket.SOCK_DGRAM) as s:
        s.sendto(b'hi', (host, port))
        assert s.recvfrom(9) == (b'hi', (host, port))
        s.sendmsg([b'ho'], [], 0, (host, port))
        assert s.recv(9) == b'ho'
        s.connect((host, port))
        assert s.getpeername() == (host, port)
        s.send(b'he')
        assert s.recv(9) == b'he'
        assert error_of(s) == 0


def questions():
    with open('/etc/resolv.conf') as f:
        server = next(line.split()[1] for line in f if line.startswith('nameserver')), 53
    question = b'\0\1\1\0\0\1\0\0\0\0\0\0' + b''.join(bytes([len(x)]) + x.encode() for x in name.split('.')) + b'\0\0\1\0\1'
    with socket.socket(type=socket.SOCK_DGRAM) as s:
        s.sendto(question, server)
        assert s.recv(512)[:2] == question[:2]
    with socket.socket() as s:
        s.connect(server)
        s.sendall(struct.pack('>H', len(question)) + question)
        assert s.recv(512)


def on_this_machine():
    a, b = socket.socketpair()
    with a, b, open(os.devnull) as f:
        a.sendmsg([b'a file'], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array('i', [f.fileno()]))])
        assert b.recv(9) == b'a file'
        assert error_of(a) == 0 and a.getpeername() == ''


for _ in range(times):
    for there in (host, port), (direct, port):
        blocking(there)
        nonblocking(there)
        in_threads(there)
        refused((there[0], port + 1))
    by_name()
    datagrams()
    questions()
    on_this_machine()
print('ok')

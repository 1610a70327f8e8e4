# SPDX-License-Identifier: MIT
"""what_happens: what_happens.py EXPERIMENT HOST PORT: what a program finds that a socksifier carries, in the words of the README's table."""
import errno
import os
import select
import socket
import sys
import time


def connected(host, port):
    """A blocking connect; the numbers are not looked up."""
    s = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    s.connect((host, port))
    return s


def answered(s):
    s.sendall(b"GET / HTTP/1.0\r\nHost: there\r\n\r\n")
    return "proxied" if b"reached" in s.recv(500) else "garbled"


def tcp(host, port):
    return answered(connected(host, port))


def name(host, port):
    return answered(socket.create_connection((host, port)))


def peer(host, port):
    return "the destination" if connected(host, port).getpeername()[:2] == (host, port) else "the proxy"


def udp(host, port):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.settimeout(3)
    s.sendto(b"hello", (host, port))
    return "proxied" if s.recv(100) == b"hello" else "garbled"


def nonblocking(host, port):
    """The proxy takes its time for each answer."""
    s = socket.socket()
    s.setblocking(False)
    began = time.monotonic()
    s.connect_ex((host, port))
    return "returns at once" if time.monotonic() - began < 1.5 else "blocks"


def until(poller, s, event):
    end = time.monotonic() + 5
    while time.monotonic() < end:
        if (s.fileno(), event) in poller.poll(1):
            return True
    return False


def epoll(host, port):
    """The socket is registered before it is connected, as libevent and others do."""
    s = socket.socket()
    s.setblocking(False)
    was = os.fstat(s.fileno()).st_ino
    poller = select.epoll()
    poller.register(s, select.EPOLLOUT)
    s.connect_ex((host, port))
    if until(poller, s, select.EPOLLOUT) and os.fstat(s.fileno()).st_ino == was:
        poller.modify(s, select.EPOLLIN)
        s.send(b"GET / HTTP/1.0\r\nHost: there\r\n\r\n")
        if until(poller, s, select.EPOLLIN) and b"reached" in s.recv(500):
            return "kept"
    return "hangs" if os.fstat(s.fileno()).st_ino == was else "lost: another socket"


try:
    print(globals()[sys.argv[1]](sys.argv[2], int(sys.argv[3])))
except OSError as e:
    print(errno.errorcode.get(e.errno, str(e)))

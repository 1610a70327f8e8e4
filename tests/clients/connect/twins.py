# SPDX-License-Identifier: MIT
# twins: a program that asks for a name's families apart, and connects to both.
#
#   twins.py HOW NAME PORT      HOW: slow, same, fails, left, given_up, blocking, later
import errno
import select
import socket
import sys
import time


def at(family):
    return socket.getaddrinfo(name, port, family, socket.SOCK_STREAM)[0][4]


def begin(family):
    s = socket.socket(family)
    s.setblocking(False)
    rc = s.connect_ex(at(family))
    return s, rc


def end(s, seconds):
    """How the connect ends within so many seconds."""
    _, ready, _ = select.select([], [s], [], seconds)
    if not ready:
        return "in progress"
    error = s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    return errno.errorcode[error] if error else "stands"


def blocking(family):
    s = socket.socket(family)
    return errno.errorcode.get(s.connect_ex(at(family)), "stands")


how, name, port = sys.argv[1], sys.argv[2], int(sys.argv[3])
if how == "blocking":
    print("first:", blocking(socket.AF_INET6))
    print("second:", blocking(socket.AF_INET))
    sys.exit()
first, _ = begin(socket.AF_INET6)
if how == "later":
    print("first:", end(first, 9))
    time.sleep(1.1)
if how == "given_up":
    first.close()
second, rc = begin(socket.AF_INET6 if how == "same" else socket.AF_INET)
print("second begun:", errno.errorcode.get(rc, rc))
if how not in ("later", "given_up"):
    print("first:", end(first, 9))
if how == "slow":
    print("second meanwhile:", end(second, 0.5))
    second.close()
else:
    print("second:", end(second, 9))

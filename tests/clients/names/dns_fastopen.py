# SPDX-License-Identifier: MIT
"""dns_fastopen: a DNS query by TCP that opens its connection (MSG_FASTOPEN), blocking and not: dns_fastopen.py SERVER

Prints for each whether the answer has the query's id, and the address of secret.test in it.
"""
import select
import socket
import sys

query = b'\0\x1d\0\x07\1\0\0\1\0\0\0\0\0\0\6secret\4test\0\0\1\0\1'
for blocking in True, False:
    s = socket.socket()
    s.setblocking(blocking)
    try:
        s.sendto(query, socket.MSG_FASTOPEN, (sys.argv[1], 53))
    except BlockingIOError:
        select.select([], [s], [], 10)
        s.send(query)
    select.select([s], [], [], 10)
    answer = s.recv(1000)
    print(answer[2:4] == query[2:4], '.'.join(map(str, answer[-4:])))

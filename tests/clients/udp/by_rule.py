# SPDX-License-Identifier: MIT
"""by_rule: one socket sends to each ADDRESS:PORT in turn, twice: by_rule.py ADDRESS:PORT...

Prints the port, the first part of the answer, and whether it came from whom was asked; or that the system forbids it.
"""
import socket
import sys

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(10)
for turn in 1, 2:
    for peer in sys.argv[1:]:
        address, port = peer.split(':')
        try:
            s.sendto(b'source', (address, int(port)))
            text, who = s.recvfrom(100)
            print(port, text.decode().split(':')[0], who == (address, int(port)))
        except PermissionError:
            print(port, 'blocked')

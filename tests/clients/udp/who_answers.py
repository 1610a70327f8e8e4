# SPDX-License-Identifier: MIT
"""who_answers: one socket sends to PORT at each HOST, three times, and prints whether each answer came from whom it was sent to:
who_answers.py PORT HOST..."""
import socket
import sys

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(10)
peers = [socket.getaddrinfo(host, int(sys.argv[1]), socket.AF_INET, socket.SOCK_DGRAM)[0][4] for host in sys.argv[2:]]
for turn in range(3):
    for peer in peers:
        s.sendto(repr(peer).encode(), peer)
    for peer in peers:
        text, who = s.recvfrom(100)
        print(text.decode() == repr(who))

# SPDX-License-Identifier: MIT
"""An NTP server of stratum 3 (RFC 5905, 7.3) at ADDRESS PORT; prints the port when it is ready."""
import socket
import struct
import sys
import time

SINCE_1900 = 2208988800


def stamp():
    now = time.time() + SINCE_1900
    return struct.pack("!II", int(now), int(now % 1 * 2**32))


server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind((sys.argv[1], int(sys.argv[2])))
print(sys.argv[2], flush=True)
while True:
    query, client = server.recvfrom(1024)
    head = struct.pack("!BBbbII4s", 0x24, 3, 6, -20, 0, 0, b"\x7f\x00\x00\x01")
    server.sendto(head + stamp() + query[40:48] + stamp() + stamp(), client)

# SPDX-License-Identifier: MIT
"""stun_server: tells whoever asks his address (RFC 8489), and notes in a log from whom anything came: stun_server.py ADDR PORT LOG"""
import socket
import struct
import sys

REQUEST, SUCCESS, XOR_MAPPED_ADDRESS, IPV4 = 0x0001, 0x0101, 0x0020, 1

address, port, log = sys.argv[1:]
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind((address, int(port)))
print('ready', flush=True)
while True:
    query, client = s.recvfrom(2048)
    with open(log, 'a') as f:
        print(client[0], file=f)
    if len(query) < 20 or struct.unpack('!H', query[:2]) != (REQUEST,):
        continue
    mapped = struct.pack('!H', client[1]) + socket.inet_aton(client[0])
    hidden = bytes(a ^ b for a, b in zip(mapped, query[4:6] + query[4:8]))
    body = struct.pack('!HHBB', XOR_MAPPED_ADDRESS, 8, 0, IPV4) + hidden
    s.sendto(struct.pack('!HH', SUCCESS, len(body)) + query[4:20] + body, client)

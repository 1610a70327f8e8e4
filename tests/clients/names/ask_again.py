# SPDX-License-Identifier: MIT
"""ask_again: what a UDP query for the address of secret.test brings, by turns with commands: ask_again.py SERVER... COMMAND...

An argument with a blank in it is a command for the shell, any other one a server, perhaps with a scope (fe80::1%eth0). Prints the address in
the answer, or "silence" after a second.
"""
import os
import socket
import sys

query = b'\0\7\1\0\0\1\0\0\0\0\0\0\6secret\4test\0\0\1\0\1'
for argument in sys.argv[1:]:
    if ' ' in argument:
        os.system(argument)
        continue
    family, _, _, _, server = socket.getaddrinfo(argument, 53, type=socket.SOCK_DGRAM, flags=socket.AI_NUMERICHOST)[0]
    s = socket.socket(family, socket.SOCK_DGRAM)
    s.settimeout(1)
    try:
        s.sendto(query, server)
        answer = s.recv(1000)
        print(socket.inet_ntoa(answer[-4:]) if answer[7] else f'rcode {answer[3] & 15}')
    except socket.timeout:
        print('silence')

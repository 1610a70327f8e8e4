# SPDX-License-Identifier: MIT
# execute_connected: a connected datagram socket, with which a program sends, and then executes another that sends, too: HOST PORT
import os
import socket
import sys

if len(sys.argv) > 3:
    s = socket.socket(fileno=int(sys.argv[3]))
    s.settimeout(10)
    s.send(b'two')
    print(s.recv(99))
    peer = s.getpeername()
    s.sendto(b'three', peer)
    print(s.recv(99), peer[0] == sys.argv[1])
    print(os.environ.get('_SOCKSIFY_SOCKETS'))
else:
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.connect((sys.argv[1], int(sys.argv[2])))
    s.settimeout(10)
    s.send(b'one')
    print(s.recv(99), flush=True)
    s.set_inheritable(True)
    os.execv(sys.executable, ['python3', sys.argv[0], *sys.argv[1:3], str(s.fileno())])

# SPDX-License-Identifier: MIT
"""not_dbus: what is no D-Bus is sent to the system's bus, and then, over the same descriptor's number, to another socket: not_dbus.py"""
import errno
import os
import socket

bus = socket.socket(socket.AF_UNIX)
bus.connect('/run/dbus/system_bus_socket')
number = bus.fileno()
try:
    bus.send(b'GET / HTTP/1.0\r\n\r\n')
except OSError as e:
    print(errno.errorcode[e.errno])
bus.close()
here, there = socket.socketpair()
print(here.fileno() == number, here.send(b'anything'), os.write(here.fileno(), b''), there.recv(9))

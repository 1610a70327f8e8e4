# SPDX-License-Identifier: MIT
"""bus_call: speak D-Bus by hand over the system's bus, and tell who answered.

    bus_call.py [OPTION]... DESTINATION[,PATH[,INTERFACE]]...        each is called once, all over one connection

    --at PATH        where the bus is (@NAME: an abstract socket)
    --cut N          no more than N bytes in one call
    --by FUNCTION    send, write, writev or sendmsg
    --over WAY       the socket itself, a dup of it, or in a fork
    --big            big-endian
"""
import argparse, os, socket, struct

options = argparse.ArgumentParser()
options.add_argument('--at', default='/run/dbus/system_bus_socket')
options.add_argument('--cut', type=int, default=1 << 20)
options.add_argument('--by', default='send')
options.add_argument('--over', default='itself')
options.add_argument('--big', action='store_true')
options.add_argument('destination', nargs='+')
o = options.parse_args()
order, endian = ('>', b'B') if o.big else ('<', b'l')
BUS = 'org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus'

def padded(b):
    return b + bytes(-len(b) % 8)

def message(destination, path, interface, member, argument=None):
    fields = body = b''
    for code, kind, text in (1, b'o', path), (2, b's', interface), (3, b's', member), (6, b's', destination):
        if text:
            fields = padded(fields) + struct.pack(order + 'BBcBI', code, 1, kind, 0, len(text)) + text.encode() + b'\0'
    if argument:
        fields = padded(fields) + b'\x08\x01g\0\x01s\0'
        body = struct.pack(order + 'I', len(argument)) + argument.encode() + b'\0'
    return padded(struct.pack(order + 'cBBBIII', endian, 1, 0, 1, len(body), 7, len(fields)) + fields) + body

def say(s, what):
    by = {'send': s.send, 'write': lambda b: os.write(s.fileno(), b), 'sendmsg': lambda b: s.sendmsg([b[:9], b[9:]]),
          'writev': lambda b: os.writev(s.fileno(), [b[:9], b[9:]])}[o.by]
    while what:
        what = what[by(what[:o.cut]):]

def exactly(s, n):
    b = b''
    while len(b) < n:
        b += s.recv(n - len(b)) or exit('the bus has closed the connection')
    return b

def answer(s):
    """The name of the error, or what a call of the bus has answered, or 'answered'."""
    while True:
        head = exactly(s, 16)
        kind, body, fields = struct.unpack(('<' if head[:1] == b'l' else '>') + 'xBxxI4xI', head)
        fields = exactly(s, fields + -fields % 8)
        body = exactly(s, body)
        if kind == 2:
            return str(bool(any(body))) if body else 'answered'
        if kind == 3:
            at = fields.index(b'org.freedesktop.DBus.Error.')
            return fields[at:].split(b'\0')[0].decode()

def ask(s, *what):
    say(s, message(*what))
    return answer(s)

s = socket.socket(socket.AF_UNIX)
s.connect('\0' + o.at[1:] if o.at[0] == '@' else o.at)
say(s, b'\0AUTH EXTERNAL ' + str(os.getuid()).encode().hex().encode() + b'\r\n')
assert s.recv(100)[:3] == b'OK '
say(s, b'BEGIN\r\n')
ask(s, *BUS, 'Hello')
if o.over == 'dup':
    first, s = s, s.dup()
if o.over == 'fork' and os.fork():
    exit(os.waitstatus_to_exitcode(os.wait()[1]))
for destination in o.destination:
    name, path, interface = (destination + ',,').split(',')[:3]
    print(name, 'watched:', ask(s, *BUS, 'AddMatch', f"type='signal',sender='{name}'"), flush=True)
    print(name, 'owned:', ask(s, *BUS, 'NameHasOwner', name), flush=True)
    print(name, 'called:', ask(s, name, path or '/any/path', interface, 'ResolveHostname', 'secret.test'), flush=True)

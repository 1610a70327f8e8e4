# SPDX-License-Identifier: MIT
"""bus_descriptor: send a descriptor over the system's bus, to itself, and tell what comes by it."""
import array, os, socket, struct

def padded(b):
    return b + bytes(-len(b) % 8)

def message(*fields, signature='', descriptors=0, body=b''):
    head = b''
    for code, kind, text in fields:
        head = padded(head) + struct.pack('<BBcBI', code, 1, kind, 0, len(text)) + text.encode() + b'\0'
    if signature:
        head = padded(head) + struct.pack('<B2sBB', 8, b'\1g', 0, 1) + signature.encode() + b'\0'
        head = padded(head) + struct.pack('<B2sBI', 9, b'\1u', 0, descriptors)
    return padded(struct.pack('<cBBBIII', b'l', 1, 0, 1, len(body), 7, len(head)) + head) + body

s = socket.socket(socket.AF_UNIX)
s.connect('/run/dbus/system_bus_socket')
s.settimeout(20)
s.sendall(b'\0AUTH EXTERNAL ' + str(os.getuid()).encode().hex().encode() + b'\r\n')
assert s.recv(100)[:3] == b'OK '
s.sendall(b'NEGOTIATE_UNIX_FD\r\n')
assert s.recv(100).startswith(b'AGREE_UNIX_FD')
BUS = 'org.freedesktop.DBus'
s.sendall(b'BEGIN\r\n' + message((1, b'o', '/org/freedesktop/DBus'), (2, b's', BUS), (3, b's', 'Hello'), (6, b's', BUS)))
said = b''
while b'\0:' not in said and b':' not in said:
    said += s.recv(4096)
name = ':' + said.split(b':')[1].split(b'\0')[0].decode()
reader, writer = os.pipe()
os.write(writer, b'by descriptor')
call = message((1, b'o', '/'), (2, b's', 'a.b'), (3, b's', 'Take'), (6, b's', name), signature='h', descriptors=1, body=struct.pack('<I', 0))
s.sendmsg([call], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array('i', [reader]))])
os.close(reader)
while True:
    _, controls, _, _ = s.recvmsg(4096, socket.CMSG_SPACE(4 * 8))
    if controls:
        print(os.read(struct.unpack('i', controls[0][2][:4])[0], 100).decode())
        break

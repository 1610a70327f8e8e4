# SPDX-License-Identifier: MIT
"""dns_liar: a DNS server by TCP that misbehaves as the name it is asked for says: dns_liar.py ADDR PORT

An honest answer is 10.1.2.3, a lie 10.66.66.66.
"""
import socket
import struct
import sys
import threading


def receive(s, n):
    got = b''
    while len(got) < n:
        more = s.recv(n - len(got))
        if not more:
            raise EOFError
        got += more
    return got


def read_query(s):
    query = receive(s, struct.unpack('>H', receive(s, 2))[0])
    end = query.index(b'\0', 12) + 5
    return query[:2], query[12:end], query[13:13 + query[12]].decode()


def address(ip, owner=b'\xc0\x0c', ttl=300):
    return owner + struct.pack('>HHIH', 1, 1, ttl, 4) + socket.inet_aton(ip)


def message(number, question, records=(), code=0):
    if question[-3] != 1:  # not A
        records = ()
    return number + struct.pack('>HHHHH', 0x8180 | code, bool(question), len(records), 0, 0) + question + b''.join(records)


def answers(how, number, question):
    true, lie = address('10.1.2.3'), address('10.66.66.66')
    other = b'\5other\4test\0' + question[-4:]
    good = message(number, question, [true])
    bad = {
        'id': [message(bytes([number[0], number[1] ^ 1]), question, [lie]), good],
        'question': [message(number, other, [lie]), good],
        'owner': [message(number, question, [address('10.66.66.66', b'\5other\4test\0'), true])],
        'only': [message(number, other, [lie])],
        'format': [message(number, question, code=1)],
        'refused': [number + b'\x81\x85' + bytes(8)],
        'loop': [message(number, question, [address('10.66.66.66', struct.pack('>H', 0xc00c + len(question)))])],
        'cut': [message(number, question, [lie, lie])[:-7]],
        'many': [message(number, question, [address('10.1.2.%d' % i) for i in range(1, 100)])],
    }
    return bad.get(how, [good])


def serve(s):
    held = []
    try:
        while True:
            number, question, how = read_query(s)
            if how == 'close':
                break
            mine = answers(how, number, question)
            if how == 'order':  # the last query's answer first
                held[:0] = mine
                mine = held if len(held) == 2 else []
            stream = b''.join(struct.pack('>H', len(m)) + m for m in mine)
            for part in [stream[i:i + 1] for i in range(len(stream))] if how == 'bytes' else [stream]:
                s.sendall(part)
    except (EOFError, OSError):
        pass
    s.close()


server = socket.create_server((sys.argv[1], int(sys.argv[2])))
server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
print(server.getsockname()[1], flush=True)
while True:
    threading.Thread(target=serve, args=[server.accept()[0]], daemon=True).start()

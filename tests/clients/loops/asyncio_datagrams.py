# SPDX-License-Identifier: MIT
"""asyncio_datagrams: an endpoint connected to NAME and one that is not, for ADDRESS; each prints its answer: asyncio_datagrams.py NAME ADDRESS PORT"""
import asyncio
import sys


class Answers(asyncio.DatagramProtocol):
    def __init__(self):
        self.got = asyncio.get_running_loop().create_future()

    def datagram_received(self, data, addr):
        self.got.set_result((data, addr))

    def error_received(self, error):
        self.got.set_exception(error)


async def main(name, address, port):
    loop = asyncio.get_running_loop()
    transport, answers = await loop.create_datagram_endpoint(Answers, remote_addr=(name, port))
    transport.sendto(b'connected')
    print(*await asyncio.wait_for(answers.got, 10))
    transport, answers = await loop.create_datagram_endpoint(Answers, local_addr=('0.0.0.0', 0))
    transport.sendto(b'free', (address, port))
    print(*await asyncio.wait_for(answers.got, 10))


asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))

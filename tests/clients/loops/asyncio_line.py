# SPDX-License-Identifier: MIT
"""asyncio_line: connect, have a line echoed, print it: asyncio_line.py HOST PORT LINE"""
import asyncio
import sys


async def main(host, port, line):
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(line.encode() + b'\n')
    print((await reader.readline()).decode(), end='')


asyncio.run(main(*sys.argv[1:]))

# SPDX-License-Identifier: MIT
"""asyncio_given_up: three times 100 connections at once, of which every other one is given up in mid-dial: asyncio_given_up.py HOST PORT"""
import asyncio
import sys


async def one(i):
    try:
        reader, writer = await asyncio.wait_for(asyncio.open_connection(*sys.argv[1:]), 20 if i % 2 else i % 30 / 1000)
    except asyncio.TimeoutError:
        return 'given up'
    writer.write(b'x\n')
    await reader.readline()
    writer.close()
    return 'good'


async def main():
    for _ in range(3):
        ends = await asyncio.gather(*map(one, range(100)))
        print({end: ends.count(end) for end in sorted(set(ends))})


asyncio.run(main())

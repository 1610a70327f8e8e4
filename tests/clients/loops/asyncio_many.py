# SPDX-License-Identifier: MIT
"""asyncio_many: N connections at once, each has a line echoed, while the loop must never stand still: asyncio_many.py N HOST PORT"""
import asyncio
import sys
import time

n, host, port = int(sys.argv[1]), *sys.argv[2:]
longest = 0


async def tick():
    global longest
    while True:
        before = time.monotonic()
        await asyncio.sleep(0.01)
        longest = max(longest, time.monotonic() - before - 0.01)


async def one(i):
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(b'number %d\n' % i)
    line = await reader.readline()
    writer.close()
    return line == b'number %d\n' % i


async def main():
    ticker = asyncio.create_task(tick())
    print(sum(await asyncio.gather(*map(one, range(n)))))
    ticker.cancel()
    print('stood still' if longest > 0.25 else 'kept moving')


asyncio.run(main())

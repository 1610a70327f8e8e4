# SPDX-License-Identifier: MIT
"""fork_after_dial: connect by asyncio, then fork as soon as no other thread is left; prints the child's status: fork_after_dial.py HOST PORT"""
import asyncio
import os
import sys
import time


async def dial(host, port):
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(b'x\n')
    await reader.readline()


asyncio.run(dial(*sys.argv[1:]))
while len(os.listdir('/proc/self/task')) > 1:
    time.sleep(.01)
if os.fork() == 0:
    os._exit(0)
print(os.waitstatus_to_exitcode(os.wait()[1]))

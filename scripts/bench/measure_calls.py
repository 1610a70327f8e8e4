# SPDX-License-Identifier: MIT
"""calls: single calls on descriptors that no connect has touched."""
import subprocess

from contestants import DIRECT, OURS
from rig import BUILD, ROUNDS, client, run, values
from row import Row
from stats import interleave, keyed

MULTIPLEXERS = ("poll", "ppoll", "select", "pselect", "epoll_wait")
BYTES = ("read", "write", "readv", "send+recv")
HOOKED = ("close", "fcntl", "setsockopt", "getsockopt", "sendmsg", "sendto", "sendto a unix address", "recvfrom", "accept")


def exported():
    listed = subprocess.run(["nm", "-D", "--defined-only", BUILD + "/lib/libsocksify.so"], capture_output=True, text=True, check=True)
    return {line.split()[-1].split("@")[0] for line in listed.stdout.splitlines()}


def rows(rivals):
    got = interleave(ROUNDS, [OURS, DIRECT, *rivals], lambda c: values(run(c, [client("calls")])))
    hooked = exported()

    def one(name):
        return keyed(got, name)

    def interposed(name):
        return int(any(part in hooked for part in name.split("+")))

    names = MULTIPLEXERS + BYTES
    return [
        Row("how many of poll, ppoll, select, pselect, epoll_wait are interposed", "symbols",
            {OURS.name: [sum(interposed(n) for n in MULTIPLEXERS)]}, None, "most", 0),
        Row("how many of read, write, readv, send, recv are interposed", "symbols",
            {OURS.name: [sum(interposed(n) for n in BYTES)]}, None, "most", 0),
        *(Row(n, "ns", one(n), DIRECT.name) for n in names),
        # what each takes longer than libc's own in the same process, so that the machine's moods cancel out
        *(Row(f"{n} on a descriptor that is not ours, more than libc's", "ns", one(n + ", more"), None, "most", 10) for n in HOOKED),
        Row("accept of a peer on loopback, as a multiple of libc's (listen = local)", "times", one("accept, times"), None, "most", 1.01),
    ]

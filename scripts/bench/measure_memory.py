# SPDX-License-Identifier: MIT
"""memory: what a process is larger by."""
from contestants import EMPTY, MINIMAL, OURS
from rig import FAR, client, proxy, run, values
from row import Row
from stats import interleave, keyed

ROUNDS = 5
FEW, MANY = 1000, 5000


def rows(rivals):
    idle = interleave(ROUNDS, [OURS, EMPTY, *rivals], lambda c: values(run(c, [client("memory"), f"{FAR}:80", "0"])))
    with proxy("--trailing", "") as p:
        def per_connection(c):
            few, many = (values(run(c, [client("memory"), f"{FAR}:80", str(n)], p.port))["private_kib"] for n in (FEW, MANY))
            return (many - few) * 1024 / (MANY - FEW)

        each = interleave(ROUNDS, [OURS, MINIMAL, *rivals], per_connection)
    return [
        # what is shared with others (pages of libc that it touches) is not added by it
        Row("memory of a process that never connects, its own", "KiB", keyed(idle, "private_kib"), EMPTY.name, "more", 200),
        Row("the same, with what it shares with others", "KiB", keyed(idle, "rss_kib"), EMPTY.name, "more"),
        Row("memory per established connection", "bytes", each, MINIMAL.name, "more", 128),
    ]

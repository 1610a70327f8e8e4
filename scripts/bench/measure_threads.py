# SPDX-License-Identifier: MIT
"""threads: 64 of them connecting at once, by a proxy that takes 10 ms for each message."""
from contestants import MINIMAL, OURS
from rig import FAR, client, proxy, run, values
from row import Row
from stats import interleave, keyed

ROUNDS = 5


def rows(rivals):
    with proxy("--trailing", "", "--delay", "10") as p:
        def sample(n):
            return lambda c: values(run(c, [client("threads"), f"{FAR}:80", "64", str(n)], p.port))

        got = keyed(interleave(ROUNDS, [OURS, MINIMAL, *(r for r in rivals if r.settings == OURS.settings)], sample(100)), "total_ms")
        # those that dial one at a time would take two minutes
        for name, samples in keyed(interleave(1, [r for r in rivals if r.settings != OURS.settings], sample(10)), "total_ms").items():
            got[name] = samples if isinstance(samples, str) else [x * 10 for x in samples]
    return [Row("64 threads x 100 blocking connects, 10 ms per message", "ms; rivals: 10 times what 10 take", got, MINIMAL.name, "ratio", 1.10)]

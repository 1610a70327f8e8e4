# SPDX-License-Identifier: MIT
"""nonblocking: a thousand connections at once in one thread, by a proxy that takes 100 ms for each message."""
from contestants import AT_ONCE, MINIMAL, OURS, OURS_AT_ONCE
from rig import FAR, client, proxy, run, values
from row import Row
from stats import interleave, keyed

ROUNDS = 5  # a rival that blocks takes 200 s for one, so it is asked for fewer


def rows(rivals):
    with proxy("--trailing", "", "--delay", "100") as p:
        def sample(n):
            return lambda c: values(run(c, [client("nonblocking"), f"{FAR}:80", str(n)], p.port))

        got = interleave(ROUNDS, [OURS, MINIMAL, *(r for r in rivals if r.settings == OURS.settings)], sample(1000))
        at_once = interleave(ROUNDS, [OURS_AT_ONCE, AT_ONCE], sample(1000))
        # 20 of theirs, as if the other 980 took as long
        theirs = interleave(1, [r for r in rivals if r.settings != OURS.settings], sample(20))
    total = keyed(got, "total_ms")
    for name, samples in keyed(theirs, "total_ms").items():
        # two answers of 100 ms each cannot be had in less
        early = not isinstance(samples, str) and min(samples) < 200
        total[name] = "wrong: says connected before the proxy is asked" if early else \
            samples if isinstance(samples, str) else [x * 50 for x in samples]
    return [
        Row("1000 nonblocking connects, 100 ms per message", "ms; rivals: 50 times what 20 take", total, MINIMAL.name, "ratio", 1.15),
        Row("1000 nonblocking connects pipelined, 100 ms per answer", "ms", keyed(at_once, "total_ms"), AT_ONCE.name, "ratio", 1.15),
        Row("longest single call meanwhile", "us", {**keyed(got, "longest_us"), **keyed(theirs, "longest_us")}, None, "most", 2000),
    ]

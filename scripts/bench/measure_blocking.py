# SPDX-License-Identifier: MIT
"""blocking: connections one after the other, on loopback, by a proxy that is also the destination."""
from contestants import AT_ONCE, DIRECT, MINIMAL, OURS, OURS_AT_ONCE
from rig import FAR, ROUNDS, client, proxy, run, syscalls, values
from row import Row
from stats import interleave, keyed

N = 400


def rows(rivals):
    with proxy("--trailing", "") as p:
        def per_connect(c):
            few, many = (syscalls(c, [client("blocking"), f"{FAR}:80", str(n)], p.port) for n in (50, 150))
            return (many - few) / 100

        all_ = [OURS, MINIMAL, *rivals]
        calls = interleave(3, all_, per_connect)
        took = interleave(ROUNDS * 2, all_, lambda c: values(run(c, [client("blocking"), f"{FAR}:80", str(N)], p.port)))
        at_once = interleave(ROUNDS * 2, [OURS_AT_ONCE, AT_ONCE], lambda c: values(run(c, [client("blocking"), f"{FAR}:80", str(N)], p.port)))
        at_once_calls = interleave(3, [OURS_AT_ONCE, AT_ONCE], per_connect)
        # the proxy's own port, directly
        direct = interleave(ROUNDS, [DIRECT], lambda c: values(run(c, [client("blocking"), f"127.0.0.1:{p.port}", str(N)])))
    return [
        Row("blocking connect, time", "us", keyed({**took, **direct}, "ns_per_connect"), MINIMAL.name, "ratio", 1.10, scale=1e-3),
        Row("of which the client's own CPU", "us", keyed({**took, **direct}, "cpu_ns_per_connect"), MINIMAL.name, scale=1e-3),
        Row("blocking connect, system calls", "calls", calls, MINIMAL.name, "more", 4),
        Row("blocking connect pipelined, time", "us", keyed(at_once, "ns_per_connect"), AT_ONCE.name, "ratio", 1.05, scale=1e-3),
        Row("of which the client's own CPU, pipelined", "us", keyed(at_once, "cpu_ns_per_connect"), AT_ONCE.name, scale=1e-3),
        Row("blocking connect pipelined, system calls", "calls", at_once_calls, AT_ONCE.name, "more", 4),
    ]

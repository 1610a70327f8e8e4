# SPDX-License-Identifier: MIT
"""transfer: a connection that stands, through a proxy that relays to a destination."""
from contestants import MINIMAL, OURS
from rig import FAR, ROUNDS, client, destination, proxy, run, values
from row import Row
from stats import interleave, keyed

BYTES = 400_000_000
NOISE = 1.03


def rows(rivals):
    all_ = [OURS, MINIMAL, *rivals]
    with proxy() as p, destination(f"source:{BYTES}") as source, destination("echo") as echo:
        bulk = interleave(ROUNDS, all_, lambda c: values(run(c, [client("transfer"), f"{FAR}:{source.port}", "bulk"], p.port)))
        turn = interleave(ROUNDS, all_, lambda c: values(run(c, [client("transfer"), f"{FAR}:{echo.port}", "pingpong", "5000"], p.port)))
    return [
        Row("bulk over a connection", "MB/s", keyed(bulk, "mb_per_s"), MINIMAL.name, "ratio", NOISE, faster=True),
        Row("1-byte ping-pong", "us", keyed(turn, "us_per_turn"), MINIMAL.name, "ratio", NOISE),
    ]

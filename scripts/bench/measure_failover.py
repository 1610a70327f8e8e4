# SPDX-License-Identifier: MIT
"""failover: what a dead first proxy costs the first program that finds it, and the next, over a long line."""
import tempfile

from contestants import AT_ONCE
from far import RTT_MS, far_place, ours, round_trips, theirs
from rig import OUT
from row import Row
from stats import interleave

ROUNDS, HOP_TIMEOUT_MS = 5, 1000
KNOWN_MS = HOP_TIMEOUT_MS / RTT_MS


def fresh():
    """A directory in which nothing is known of any proxy."""
    return tempfile.mkdtemp(dir=OUT)


def rows(rivals):
    got = []
    with far_place() as place:
        last = place.port("--trailing", "")
        by_hand = theirs(AT_ONCE, [last])
        for what, dead, cost in (("refuses", 1, 1), ("is silent", place.port("--silent"), KNOWN_MS)):
            def sample(c, nth, dead=dead, what=what):
                if c is by_hand:
                    return round_trips(c, 0)
                c = ours("failover", [dead, last], "pipeline = yes\n", chain="mode = failover\n", settings=f"hop_timeout = {HOP_TIMEOUT_MS}ms\n",
                         SOCKSIFY_NAMES=fresh())
                for _ in range(nth):
                    round_trips(c, 0)
                return round_trips(c, 0)

            us = ours("failover", [dead, last])
            for nth, name, limit in ((0, "first program", cost + 0.1), (1, "next program", 0.1)):
                samples = interleave(ROUNDS, [us, by_hand], lambda c, nth=nth: sample(c, nth))
                got.append(Row(f"failover, the first proxy {what}, {name}; the client goes to the second", "round trips", samples, by_hand.name,
                               "more", limit))
    return got

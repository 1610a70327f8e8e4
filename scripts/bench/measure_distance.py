# SPDX-License-Identifier: MIT
"""distance: round trips of a connect over a long line, by chains of proxies at its far end."""
import contextlib

from contestants import AT_ONCE, MINIMAL, OURS
from far import RTT_MS, far_place, ours, round_trips, theirs
from row import Row
from stats import interleave

N, ROUNDS = 4, 3

# how, the proxies' keys, the client that does the same by hand, and the promise
WAYS = (
    ("asked in turn", "pipeline = no\n", MINIMAL, {"base": MINIMAL.name, "limit": 1.05}),
    ("pipelined", "pipeline = yes\n", AT_ONCE, {"how": "most", "limit": 2.1}),
    ("with fast open", "pipeline = yes\nfast_open = yes\n", None, {"how": "most", "limit": 1.1}),
)


def rows(rivals):
    got = []
    with far_place() as place:
        hop, last = [place.port(), place.port()], place.port("--trailing", "")
        locked = place.port("--trailing", "", "--user", "u", "--password", "p")
        chains = {"1 hop": ([last], ""), "1 hop with login": ([locked], "u:p"), "2 hops": ([hop[0], last], ""), "3 hops": ([*hop, last], "")}
        for way, keys, by_hand, promise in WAYS:
            for name, (ports, login) in chains.items():
                who = [ours(f"{name} {way}", ports, keys, login), *([theirs(by_hand, ports, login)] if by_hand else [])]
                with contextlib.suppress(RuntimeError):
                    round_trips(who[0], N)  # which brings the cookie
                samples = interleave(ROUNDS, who, lambda c: round_trips(c, N))
                got.append(Row(f"connect over {RTT_MS} ms, {name}, {way}", "round trips", samples, **promise))
    return got

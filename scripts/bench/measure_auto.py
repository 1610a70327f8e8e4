# SPDX-License-Identifier: MIT
"""auto: what it costs to find out whether a proxy keeps bytes that come early (`pipeline = auto`), over a long line."""
import subprocess
import time

from contestants import AT_ONCE, MINIMAL
from far import PLACE, RTT_MS, far_place, ours, round_trips, theirs
from measure_failover import fresh
from rig import BUILD, FAR
from row import Row
from stats import interleave

ROUNDS, SLOW_MS, PORT = 5, 1000, 1080


def microsocks(place):
    """It reads one message at a time. None where it is not installed."""
    try:
        server = subprocess.Popen([*place.there, "microsocks", "-i", PLACE, "-p", str(PORT)], stderr=subprocess.DEVNULL)
    except OSError:
        return None
    place.stack.callback(server.kill)
    while not place.listens(PORT) and server.poll() is None:
        time.sleep(0.01)
    return PORT if server.poll() is None else None


def rows(rivals):
    got = []
    with far_place() as place:
        place.port(BUILD + "/tests/destination", "echo", FAR + ":80")
        keeps, slow, loses = place.port(), place.port("--slow", str(SLOW_MS)), microsocks(place)
        for what, port, by_hand, first, next_ in (
            ("keeps early bytes", keeps, AT_ONCE, {"how": "most", "limit": 2.1}, {"how": "most", "limit": 2.1}),
            ("loses early bytes", loses, MINIMAL, {"how": "more", "limit": 4.1}, {"limit": 1.05}),
            (f"keeps them, but the destination takes {SLOW_MS} ms", slow, AT_ONCE, {"how": "more"}, {"how": "more"}),
        ):
            def sample(c, nth, port=port):
                if c.options(0):
                    return round_trips(c, 0)
                c = ours("auto", [port], SOCKSIFY_NAMES=fresh())
                for _ in range(nth):
                    round_trips(c, 0)
                return round_trips(c, 0)

            for nth, name, promise in ((0, "first connect", first), (1, "next program's connect", next_)):
                samples = interleave(ROUNDS, [ours("auto", [port]), theirs(by_hand, [port])], lambda c, nth=nth: sample(c, nth)) if port else {}
                got.append(Row(f"pipeline = auto, the proxy {what}, {name}", "round trips", samples, by_hand.name, **promise))
    return got

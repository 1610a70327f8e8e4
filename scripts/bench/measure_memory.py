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
        Row("memory of a process that never connects, resident", "KiB", keyed(idle, "rss_kib"), EMPTY.name, "more", 200),
        Row("of which private", "KiB", keyed(idle, "private_kib"), EMPTY.name, "more"),
        Row("memory per established connection", "bytes", each, MINIMAL.name, "more", 128),
    ]

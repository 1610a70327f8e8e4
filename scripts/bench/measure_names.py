# SPDX-License-Identifier: MIT
"""names: looking host names up, which get placeholders instead of addresses."""
from contestants import OURS
from rig import ROUNDS, client, run, values
from row import Row
from stats import interleave, keyed


def rows(rivals):
    got = interleave(ROUNDS, [OURS, *(r for r in rivals if r.name == "before")], lambda c: values(run(c, [client("names"), "1000"])))
    return [
        Row("getaddrinfo of a name, the first time", "us", keyed(got, "ns_first"), None, "most", 2, scale=1e-3),
        Row("getaddrinfo of a name, again", "us", keyed(got, "ns_again"), None, "most", 1, scale=1e-3),
    ]

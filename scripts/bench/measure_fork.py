# SPDX-License-Identifier: MIT
"""fork: what a program that never connects pays for its children: forked, or run by a shell."""
import time

from contestants import EMPTY, OURS
from rig import ROUNDS, client, run, values
from row import Row
from stats import interleave, keyed

LOOP = "i=0; while [ $i -lt 500 ]; do /bin/true; i=$((i + 1)); done"


def us_of_loop(contestant):
    start = time.monotonic()
    run(contestant, ["/bin/sh", "-c", LOOP])
    return (time.monotonic() - start) / 500 * 1e6


def rows(rivals):
    all_ = [OURS, EMPTY, *rivals]
    forks = interleave(ROUNDS * 2, all_, lambda c: values(run(c, [client("fork"), "1000"])))
    loops = interleave(ROUNDS * 2, all_, us_of_loop)
    return [
        Row("fork and wait", "us", keyed(forks, "us_per_fork"), EMPTY.name, "ratio", 1.06),
        Row("page faults in the child of a fork", "faults", keyed(forks, "faults_of_child"), EMPTY.name, "more"),
        Row("/bin/true in a loop of sh", "us", loops, EMPTY.name, "ratio", 1.10),
    ]

# SPDX-License-Identifier: MIT
"""startup: what a process pays that never connects."""
from contestants import EMPTY, OURS
from rig import ROUNDS, client, instructions, run, syscalls, values
from row import Row
from stats import interleave, keyed

TRUE = ["/bin/true"]


def rows(rivals):
    all_ = [OURS, EMPTY, *rivals]
    # syscalls() runs /usr/bin/env in between, which loads no library: only /bin/true differs
    calls = interleave(3, all_, lambda c: syscalls(c, TRUE))
    cost = interleave(1, all_, lambda c: instructions(c, TRUE))
    took = interleave(ROUNDS, all_, lambda c: values(run(c, [client("startup"), "200", "/bin/true"])))
    return [
        Row("/bin/true, instructions", "thousands", cost, EMPTY.name, "ratio", 1.15, scale=1e-3),
        Row("/bin/true, system calls", "calls", calls, EMPTY.name, "more", 3),
        Row("/bin/true, page faults", "faults", keyed(took, "faults_per_start"), EMPTY.name, "more", 4),
        Row("/bin/true, time", "us", keyed(took, "us_per_start"), EMPTY.name),
    ]

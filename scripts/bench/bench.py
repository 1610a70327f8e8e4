# SPDX-License-Identifier: MIT
"""bench: run the measurements named on the command line, or all; write the report and print its table."""
import importlib
import sys

import report
from contestants import rivals
from rig import OUT

MEASUREMENTS = ("startup", "fork", "names", "blocking", "nonblocking", "transfer", "calls", "threads", "memory", "guard", "distance", "auto",
                "failover")

rows = []
others = list(rivals())
for name in sys.argv[1:] or MEASUREMENTS:
    print(f"-- {name}", file=sys.stderr, flush=True)
    rows += importlib.import_module("measure_" + name).rows(others)
print(report.write(rows))
print(f"\n{OUT}/report.md")

# SPDX-License-Identifier: MIT
"""report: the rows as a Markdown table, and each as a bar chart in SVG."""
import html
import os
import platform
import re
import time

from rig import OUT, ROUNDS
from stats import median, spread

NAMES = ("socksify", "before", "minimal client", "pipelining client", "empty .so", "direct", "guard off", "allow-all filter", "Go's own client",
         "proxychains4", "tsocks", "torsocks", "Dante's client")


def table(rows):
    names = [n for n in NAMES if any(n in r.got for r in rows)]
    lines = [["what", "target", "socksify against", "is", "", *names]]
    lines += [[f"{r.what} [{r.unit}]", r.target(), r.base or "", r.result(), r.met(), *(r.cell(n) for n in names)] for r in rows]
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    lines.insert(1, ["-" * w for w in widths])
    return "\n".join("| " + " | ".join(c.ljust(w) for c, w in zip(line, widths)) + " |" for line in lines)


def chart(row):
    """Bars to the medians, thin lines over the ranges."""
    bars = [(n, row.got[n]) for n in NAMES if row.got.get(n)]
    top = max([max(s) for _, s in bars if not isinstance(s, str)] or [1]) or 1
    y, parts = 34, []
    for name, samples in bars:
        parts.append(f'<text x="130" y="{y + 12}" text-anchor="end">{html.escape(name)}</text>')
        if isinstance(samples, str):
            parts.append(f'<text x="140" y="{y + 12}" class="f">{html.escape(samples)}</text>')
        else:
            low, mid, high = (140 + 400 * x / top for x in (min(samples), median(samples), max(samples)))
            parts.append(f'<rect x="140" y="{y}" width="{mid - 140:.1f}" height="15" class="{"o" if name == "socksify" else "t"}"/>')
            parts.append(f'<path d="M{low:.1f} {y + 7.5}H{high:.1f}"/>')
            parts.append(f'<text x="{high + 6:.1f}" y="{y + 12}">{spread(samples)}</text>')
        y += 22
    better = "more is better" if row.faster else "less is better"
    return f"""<svg xmlns="http://www.w3.org/2000/svg" width="720" height="{y + 8}" font-family="sans-serif" font-size="12">
<style>.o{{fill:#2a6fb0}}.t{{fill:#b8c4cf}}.f{{fill:#a33}}path{{stroke:#333}}</style><rect width="100%" height="100%" fill="#fff"/>
<text x="10" y="20" font-weight="bold">{html.escape(row.what)} [{row.unit}; {better}]</text>
{chr(10).join(parts)}
</svg>
"""


def write(rows):
    """Into OUT; the table is also the answer."""
    text = table(rows)
    promised = [r for r in rows if r.limit is not None]
    missed = [r.what for r in promised if r.met() != "met"]
    summary = f"{len(promised) - len(missed)} of {len(promised)} targets met" + (f"; missed: {'; '.join(missed)}" if missed else "")
    where = f"{platform.machine()}, {os.cpu_count()} CPUs, Linux {platform.release()}, {time.strftime('%F %R')}"
    with open(OUT + "/report.md", "w") as f:
        f.write(f"# What socksify costs\n\n{where}; {ROUNDS} rounds, interleaved: median (least-most). System calls by the kernel's tracepoint "
                f"or strace, instructions by callgrind (exact, user space), everything on loopback.\n\n{text}\n\n{summary}\n")
        for row in rows:
            name = re.sub(r"[^a-z0-9]+", "-", row.what.lower()).strip("-") + ".svg"
            with open(f"{OUT}/{name}", "w") as svg:
                svg.write(chart(row))
            f.write(f"\n![{row.what}]({name})\n")
    return f"{text}\n\n{summary}"

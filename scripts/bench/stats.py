# SPDX-License-Identifier: MIT
"""stats: repeat, interleave, and say what the samples amount to."""
import statistics


def median(samples):
    return statistics.median(samples)


def number(x):
    """Three digits that matter."""
    if abs(x) >= 1000:
        return f"{x:,.0f}"
    return f"{x:.0f}" if x >= 100 else f"{x:.1f}" if x >= 10 else f"{x:.2f}"


def spread(samples):
    """The median and, if there are several samples, their range."""
    if len(set(samples)) == 1:
        return number(samples[0])
    return f"{number(median(samples))} ({number(min(samples))}-{number(max(samples))})"


def interleave(rounds, contestants, sample):
    """Each contestant once per round, so that whatever the machine does happens to all of them: {contestant: samples or the reason why not}."""
    got = {c.name: [] for c in contestants}
    for i in range(rounds):
        for c in contestants[i % len(contestants):] + contestants[:i % len(contestants)]:
            if isinstance(got[c.name], str):
                continue
            try:
                got[c.name].append(sample(c))
            except Exception as e:
                got[c.name] = str(e) or type(e).__name__
    return got


def keyed(got, key):
    """Of samples that are dicts, one key: {contestant: samples}."""
    return {name: s if isinstance(s, str) else [x[key] for x in s] for name, s in got.items()}

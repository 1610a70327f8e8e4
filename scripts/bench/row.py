# SPDX-License-Identifier: MIT
"""row: one line of the table: a promise, what was measured, and whether it was kept."""
from stats import median, number, spread


class Row:
    """`got`: {contestant: samples, or why there are none}. `base`: whom socksify is compared with. `how`: "ratio" (of the medians) or "more"
    (their difference) or "most" (the value itself); `limit`: what is promised of it, None if nothing. `faster`: more is better."""

    def __init__(self, what, unit, got, base=None, how="ratio", limit=None, faster=False, scale=1):
        self.what, self.unit, self.base, self.how, self.limit, self.faster = what, unit, base, how, limit, faster
        self.got = {name: s if isinstance(s, str) else [x * scale for x in s] for name, s in got.items()}

    def compared(self, name="socksify"):
        own, base = self.got.get(name), self.got.get(self.base)
        if self.how == "most":
            return median(own) if own and not isinstance(own, str) else None
        if not own or not base or isinstance(own, str) or isinstance(base, str):
            return None
        if self.how == "more":
            return median(own) - median(base)
        return median(base) / median(own) if self.faster else median(own) / median(base)

    def target(self):
        if self.limit is None:
            return ""
        if self.how == "most":
            return f"<= {number(self.limit)} {self.unit}"
        return f"<= {number(self.limit)} more" if self.how == "more" else f"<= {self.limit:.2f}"

    def result(self):
        x = self.compared()
        if x is None:
            return "-"
        if self.how == "ratio":
            return f"{x:.3f}"
        return number(x) if self.how == "most" else f"{x:+.1f}"

    def met(self):
        x = self.compared()
        if self.limit is None:
            return ""
        return "not measured" if x is None else "met" if x <= self.limit else "**missed**"

    def cell(self, name):
        samples = self.got.get(name)
        return "" if not samples else samples if isinstance(samples, str) else spread(samples)

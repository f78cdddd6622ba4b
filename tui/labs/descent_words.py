"""The texts of the descent lab next to its map: optimisers, numbers of one run, its verdict."""

from __future__ import annotations

import math
from collections.abc import Mapping

from textual.content import Content

from engine.labs.descent import OPTIMISERS, SAMPLES, Run, surface
from engine.language import _, plural
from engine.naming import compact_text
from tui.columns import fixed, left
from tui.labs.base import Parts
from tui.labs.descent_map import ROLES


def verdict(run: Run) -> str:
    """What happened on the path, in words; empty if the loss simply falls."""
    rate, limit = run.rate, surface().largest_rate
    first, last = run.path[0].loss, run.at.loss
    above = _("η = {rate} is above 2/λ = {limit}.").format(rate=f"{rate:g}", limit=f"{limit:.4f}")
    if run.diverged:
        steps = plural("{count} step", "{count} steps", run.steps)
        if math.isfinite(last):
            text = _("Diverged: after {steps} the loss is {loss}; it was {first}.")
            shown = compact_text(last, 8)
        else:
            text = _("Diverged: after {steps} the loss is no longer finite; it was {first}.")
            shown = ""
        words = [text.format(steps=steps, loss=shown, first=f"{first:.4f}")]
        if run.optimiser == "gd":
            words.append(above)
        return " ".join([*words, _("Choose a smaller η with −.")])
    if run.optimiser == "gd" and run.steps > 1 and last > run.path[-2].loss and rate > limit:
        words = [
            _("The loss grows: each step overshoots and ends higher on the other side."),
            above,
        ]
        return " ".join(words)
    return ""


def values(runs: Mapping[str, Run], chosen: str) -> Content:
    """The optimisers, the numbers of the chosen one."""
    parts: Parts = []
    for number, (name, run) in enumerate(runs.items(), start=1):
        one = OPTIMISERS[name]
        mark = "▶" if name == chosen else " "
        text = f"{mark}{number} {one.letter} {left(one.title, 15)}η {compact_text(run.rate, 7)}\n"
        parts.append((text, f"bold $series-{ROLES[name]}" if name == chosen else ""))
    parts.append("\n")
    run, bottom = runs[chosen], surface()
    w, place = run.at.w, run.at
    taken = len(run.rows(run.steps - 1)) if run.steps else 0
    batch = _("batch {size} of {count}").format(size=taken or run.size, count=SAMPLES)
    rows = [
        (_("step {number}").format(number=run.steps), batch, ""),
        ("w", _pair(w), "bold"),
        (_("gradient"), _pair(place.gradient) if run.steps else _("none yet"), ""),
        (_("loss"), _fixed(place.loss), "bold"),
        (_("minimum"), _fixed(bottom.least), ""),
        (_("✚ at"), _pair(bottom.lowest), ""),
        (_("2/λ for GD"), _fixed(bottom.largest_rate), ""),
        (_("fixed"), OPTIMISERS[chosen].settings, ""),
    ]
    for name, text, style in rows:
        parts.append(f"{left(name, 10)} ")
        parts.append((f"{text}\n", style))
    return Content.assemble(*parts)


def _fixed(value: float) -> str:
    return fixed(value, 6, 9)


def _pair(pair: tuple[float, float]) -> str:
    return " ".join(map(_fixed, pair))

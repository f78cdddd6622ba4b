"""What the descent lab says beside its map: the optimisers, the numbers of one run, its verdict."""

from __future__ import annotations

import math
from collections.abc import Mapping

from textual.content import Content

from engine.labs.descent import OPTIMISERS, SAMPLES, Run, surface
from engine.naming import compact_text
from tui.labs.base import Parts
from tui.labs.descent_map import ROLES, levels


def verdict(run: Run) -> str:
    """What the path tells in words; empty where it simply goes down."""
    rate, limit = run.rate, surface().largest_rate
    first, last = run.path[0].loss, run.at.loss
    if run.diverged:
        shown = compact_text(last, 8) if math.isfinite(last) else "more than can be held"
        words = f"Diverged: after {run.steps} steps the loss is {shown}; it was {first:.4f}."
        if run.optimiser == "gd":
            words += f" η = {rate:g} is above 2/λ = {limit:.4f}."
        return words + " Choose a smaller η with −."
    if run.optimiser == "gd" and run.steps > 1 and last > run.path[-2].loss and rate > limit:
        return (
            f"The loss grows: each step leads farther up the other side. η = {rate:g} is above "
            f"2/λ = {limit:.4f}."
        )
    return ""


def values(runs: Mapping[str, Run], chosen: str) -> Content:
    """The optimisers, the numbers of the chosen one, the contours."""
    parts: Parts = []
    for number, (name, run) in enumerate(runs.items(), start=1):
        one = OPTIMISERS[name]
        mark = "▶" if name == chosen else " "
        text = f"{mark}{number} {one.letter} {one.title:<15}η {compact_text(run.rate, 7)}\n"
        parts.append((text, f"bold $text-{ROLES[name]}" if name == chosen else ""))
    run, bottom = runs[chosen], surface()
    w, place = run.at.w, run.at
    taken = len(run.rows(run.steps - 1)) if run.steps else 0
    batch = f"{taken} of {SAMPLES}" if taken else f"{run.size} of {SAMPLES}"
    rows = [
        (f"step {run.steps}", f"batch {batch}"),
        ("w", _pair(w)),
        ("gradient", _pair(place.gradient) if run.steps else "none yet"),
        ("loss", compact_text(place.loss, 11) if math.isfinite(place.loss) else "∞"),
        ("lowest", f"{bottom.least:.6f}"),
        ("✚ at", _pair(bottom.lowest)),
        ("2/λ for GD", f"{bottom.largest_rate:.6f}"),
        ("fixed", OPTIMISERS[chosen].settings),
    ]
    for name, text in rows:
        width = max(len(name), 9)
        parts.append(f"{name:<{width}} ")
        parts.append((f"{text}\n", "bold" if name in ("w", "loss") else ""))
    contour = "  ".join(
        f"{number} {compact_text(level, 6)}" for number, level in enumerate(levels(bottom), 1)
    )
    parts.append((f"loss at contour {contour}", "$foreground-muted"))
    return Content.assemble(*parts)


def _pair(pair: tuple[float, float]) -> str:
    return "  ".join(compact_text(one, 9) if math.isfinite(one) else "∞" for one in pair)

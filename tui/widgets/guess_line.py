"""A guess as a line across a chart."""

from __future__ import annotations

import math
from collections.abc import Sequence

from engine.language import _
from tui.guess import plain
from tui.widgets.chart import Role, Series

MOST = 3.0
"""A guess so many times above everything measured is only named: it would flatten the chart."""
ROLE: Role = "success"


def guess_lines(
    name: str, value: float | None, limits: tuple[float, float], series: Sequence[Series]
) -> tuple[Series, ...]:
    """The line of a guess from left to right, or nothing without one.

    `name` has a place for the `{value}`; `series` are the others in the chart.
    """
    if value is None:
        return ()
    text = name.format(value=plain(value))
    known = [y for one in series for y in (*one.ys, *one.highs) if y is not None]
    top = max((y for y in known if math.isfinite(y)), default=value)
    if value > MOST * top:
        return (Series(_("{guess} (above the chart)").format(guess=text), (), (), ROLE, line=True),)
    return (Series(text, limits, (value, value), ROLE, "", line=True),)

"""A band over several seeds as a series of a chart: the mean as a line, the extremes around it."""

from __future__ import annotations

from collections.abc import Sequence

from engine.training.grid import Spread
from tui.widgets.chart import Series
from tui.widgets.marks import mark


def spread_series(
    name: str, along: Sequence[tuple[float, Spread]], index: int, *, marks: bool = True
) -> Series:
    """The mean at every x as a line, with a band from the minimum to the maximum.

    `index` chooses marker and colour. Where there is nothing between minimum and maximum, as with
    one seed, no band is drawn.
    """
    sign, role = mark(index)
    spreads = [one for _x, one in along]
    has_band = any(one.low < one.high for one in spreads)
    return Series(
        name=name,
        xs=tuple(float(x) for x, _one in along),
        ys=tuple(one.mean for one in spreads),
        role=role,
        marker=sign if marks else "",
        line=True,
        lows=tuple(one.low for one in spreads) if has_band else (),
        highs=tuple(one.high for one in spreads) if has_band else (),
        counts=(1,) * len(spreads) if has_band else (),
    )

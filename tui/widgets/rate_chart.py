"""The sweep of the rate finder as series of a chart."""

from __future__ import annotations

import math

from engine.language import _
from engine.training.rate_finder import RateSweep
from tui.widgets.chart import Role, Series


def rate_series(found: RateSweep) -> tuple[Series, ...]:
    """The loss of every update, its moving average, and the suggested rate with that of the edge.

    Losses beyond twice the limit of what the sweep looks for are left out: they would flatten the
    rest.
    """
    finite = [point for point in found.points if math.isfinite(point.smoothed)]
    if not finite:
        return ()
    start = max(point.loss for point in finite[: len(finite) // 4 + 1])
    seen = [point for point in finite if point.smoothed <= 2 * start]
    raw = [point for point in seen if point.loss <= 2 * start]
    series = [
        Series(
            _("each batch"), tuple(point.rate for point in raw),
            tuple(point.loss for point in raw), "muted", "·",
        ),
        Series(
            _("smoothed"), tuple(point.rate for point in seen),
            tuple(point.smoothed for point in seen), "primary", "", line=True,
        ),
    ]  # fmt: skip
    marks: tuple[tuple[float | None, str, Role, str], ...] = (
        (found.suggested, _("suggested"), "success", "●"),
        (found.diverged, _("diverges"), "error", "✗"),
    )
    for rate, name, role, sign in marks:
        if rate is not None:
            near = min(seen, key=lambda point: abs(math.log(point.rate / rate)))
            # As a line of one point: its marker covers the others.
            series.append(Series(name, (near.rate,), (near.smoothed,), role, sign, line=True))
    return tuple(series)

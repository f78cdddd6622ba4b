"""Numbers formatted for reading."""

from __future__ import annotations

import math

from engine.language import _
from engine.naming import Shown

NO_BREAK_SPACE = "\u00a0"


def thousands(value: int) -> str:
    """`60000` as `60 000`, never broken at the end of a line."""
    return f"{value:,}".replace(",", NO_BREAK_SPACE)


def behind_point(text: str) -> int:
    """The cells from the point of a number to its end: 3 for `0.25`, 0 for `4`."""
    return len(text) - text.find(".") if "." in text else 0


def rate(per_second: float) -> str:
    """Samples per second in a few figures: `950`, `9 500`, `123k`, `1.2M`."""
    if per_second >= 999_500:
        return f"{per_second / 1e6:.1f}M"
    if per_second >= 9_999.5:
        return f"{per_second / 1e3:.0f}k"
    return thousands(round(per_second))


def duration(seconds: float) -> str:
    """A span of time: `0.4 s`, `12 s`, `3:20` (minutes and seconds), `1 h 05 min`."""
    if seconds < 9.95:
        return f"{seconds:.1f}{NO_BREAK_SPACE}s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole}{NO_BREAK_SPACE}s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes}:{rest:02d}"
    hours, minutes = divmod(minutes, 60)
    return f"{hours}{NO_BREAK_SPACE}h{NO_BREAK_SPACE}{minutes:02d}{NO_BREAK_SPACE}min"


def measured(value: float | None) -> str:
    """A loss or an accuracy to four decimals or figures, `–` if it was not measured."""
    if value is None:
        return "–"
    if not math.isfinite(value):
        return _("not a number") if math.isnan(value) else _("infinite")
    if value != 0 and abs(value) < 1e-3:
        return f"{Shown(value):.3e}"
    return f"{Shown(value):.4f}" if abs(value) < 1e4 else f"{Shown(value):.3e}"

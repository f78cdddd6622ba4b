"""A marker and a colour for each of several series in one chart."""

from __future__ import annotations

from tui.widgets.chart import Role

MARKS: tuple[tuple[str, Role], ...] = (
    ("●", "primary"),
    ("×", "warning"),
    ("▲", "success"),
    ("■", "accent"),
    ("◆", "error"),
    ("○", "muted"),
)
"""Markers that differ even without colour; a seventh series starts again."""


def mark(index: int) -> tuple[str, Role]:
    """Marker and colour role of series number `index`, counted from 0."""
    return MARKS[index % len(MARKS)]

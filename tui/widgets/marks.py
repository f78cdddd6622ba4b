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
"""Markers that differ even without colour; a seventh series has the first one in another colour."""

KINDS = len(MARKS) ** 2
"""Pairs of a marker and a colour."""


def mark(index: int) -> tuple[str, Role]:
    """Marker and colour role of series number `index`, counted from 0; after `KINDS`, again."""
    count = len(MARKS)
    return MARKS[index % count][0], MARKS[(index + index // count) % count][1]

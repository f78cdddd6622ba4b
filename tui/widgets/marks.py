"""How several series of one chart are told apart: a sign and a colour for each."""

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
"""Signs that differ without colour; a seventh series begins again."""


def mark(index: int) -> tuple[str, Role]:
    """Sign and colour role of series number `index`, counted from 0."""
    return MARKS[index % len(MARKS)]

"""A gradient three times: the learner's, that of autograd, the central difference."""

from __future__ import annotations

from collections.abc import Sequence

from engine.language import _
from engine.naming import Shown
from lessons.exercises.gradients import GradientRow
from tui.columns import left, right
from tui.page.lines import Ink, InkLine

_NUMBER = 13
_NARROW = 10
_LEAST = 56
"""Cells from which the columns are wide."""


def gradient_lines(rows: Sequence[GradientRow], width: int) -> list[InkLine]:
    """The table, `width` cells wide; at the end of each row whether the learner's is right."""
    if not rows:
        return []
    number = _NUMBER if width >= _LEAST else _NARROW
    room = min(max(len(row.name) for row in rows), max(8, width - 3 * number - 3))
    heads = "".join(right(head, number) for head in (_("yours"), _("autograd"), _("central")))
    lines: list[InkLine] = [((left(_("gradient"), room) + heads, Ink.QUIET),)]
    for row in rows:
        mine = "·" if row.mine is None else _number(row.mine, number)
        sign = ("  ✓", Ink.GOOD) if row.ok else ("  ✗", Ink.BAD)
        lines.append(
            (
                (left(row.name[:room], room), Ink.CODE),
                (right(mine, number), Ink.NUMBER if row.ok else Ink.BAD),
                (right(_number(row.autograd, number), number), Ink.PLAIN),
                (right(_number(row.central, number), number), Ink.PLAIN),
                sign,
            )
        )
    return lines


def _number(value: float, width: int) -> str:
    shown = Shown(value + 0.0)
    return f"{shown:.{width - 7}f}" if abs(value) < 1000 else f"{shown:.3e}"

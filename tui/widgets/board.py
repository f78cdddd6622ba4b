"""A board of answers: a hundred questions, what the model says to each, and whether it is right."""

from __future__ import annotations

from collections.abc import Sequence

from engine.training.snapshot import BoardCell
from tui.page.lines import Ink, InkLine, Piece, wrap
from tui.widgets.lines_view import LinesView

COLUMNS = 10
WRONG = "✗"
TOLD = 4
"""How many wrong answers are written out."""
_SHORT = ("fizzbuzz", "fzbuzz", "fzbz")
"""The longest answer, in ever less room."""


def score(cells: Sequence[BoardCell]) -> int:
    """How many answers are right."""
    return sum(cell.is_right for cell in cells)


def board_lines(cells: Sequence[BoardCell], width: int) -> list[InkLine]:
    """Ten answers a row, each row named by its first question; a wrong one has a cross before it.

    Where there is little room, `fizzbuzz` is shortened, and a line says how.
    """
    label = max((len(cell.question) for cell in cells[::COLUMNS]), default=1)
    gap = 1 if (width - label - 1) // COLUMNS > len(_SHORT[-1]) else 0
    room = min((width - label - gap) // COLUMNS - 1, len(_SHORT[0]) + 1)
    long = next((word for word in _SHORT if len(word) <= room), _SHORT[-1])
    lines: list[InkLine] = [
        (
            (f"{score(cells)} of {len(cells)}", Ink.STRONG),
            (f" right · {WRONG} wrong", Ink.QUIET),
            *(() if long == _SHORT[0] else ((f" · {long} is {_SHORT[0]}", Ink.QUIET),)),
        )
    ]
    for start in range(0, len(cells), COLUMNS):
        row: list[Piece] = [(cells[start].question.rjust(label) + gap * " ", Ink.QUIET)]
        for cell in cells[start : start + COLUMNS]:
            answer = long if cell.answer == _SHORT[0] else cell.answer[:room]
            if cell.is_right:
                row.append(
                    (f" {answer:<{room}}", Ink.PLAIN if answer == cell.question else Ink.GOOD)
                )
            else:
                row.append((f"{WRONG}{answer:<{room}}", Ink.BAD))
        lines.append(tuple(row))
    return lines + wrap(_mistakes(cells), width)


def _mistakes(cells: Sequence[BoardCell]) -> list[Piece]:
    """The first wrong answers in words."""
    wrong = [cell for cell in cells if not cell.is_right]
    if not wrong:
        return [("All answers are right.", Ink.GOOD)]
    told = [f"at {c.question} it says {c.answer}, right is {c.right}" for c in wrong[:TOLD]]
    if len(wrong) > TOLD:
        told.append(f"{len(wrong) - TOLD} more are wrong")
    return [("; ".join(told) + ".", Ink.QUIET)]


class Board(LinesView):
    """The board; drawn anew when an answer changes."""

    def __init__(self) -> None:
        super().__init__()
        self._cells: Sequence[BoardCell] = ()

    def set_cells(self, cells: Sequence[BoardCell]) -> None:
        """Show other answers."""
        if cells != self._cells:
            self._cells = cells
            self.relay()

    def lines(self, width: int) -> list[InkLine]:
        """The board laid out."""
        if not self._cells:
            return [(("no answers yet", Ink.QUIET),)]
        return board_lines(self._cells, width)

"""A board of answers: a hundred questions, the answer of the model to each, right or wrong."""

from __future__ import annotations

from collections.abc import Sequence

from engine.language import _, plural
from engine.training.snapshot import BoardCell
from tui.page.lines import Ink, InkLine, Piece, wrap
from tui.widgets.lines_view import LinesView

COLUMNS = 10
WRONG = "✗"
TOLD = 4
"""How many wrong answers are listed in words."""
_SHORT = ("fizzbuzz", "fzbuzz", "fzbz")
"""The longest answer, and its shorter forms for narrow boards."""


def score(cells: Sequence[BoardCell]) -> int:
    """How many answers are right."""
    return sum(cell.is_right for cell in cells)


def board_lines(cells: Sequence[BoardCell], width: int) -> list[InkLine]:
    """Ten answers per row, each row labelled with its first question; a cross marks a wrong answer.

    In a narrow board `fizzbuzz` is shortened, and the heading says how.
    """
    label = max((len(cell.question) for cell in cells[::COLUMNS]), default=1)
    gap = 1 if (width - label - 1) // COLUMNS > len(_SHORT[-1]) else 0
    room = min((width - label - gap) // COLUMNS - 1, len(_SHORT[0]) + 1)
    long = next((word for word in _SHORT if len(word) <= room), _SHORT[-1])
    lines: list[InkLine] = [
        (
            (
                _("{right} of {total} right").format(right=score(cells), total=len(cells)),
                Ink.STRONG,
            ),
            (_(" · {sign} wrong").format(sign=WRONG), Ink.QUIET),
            *(
                ()
                if long == _SHORT[0]
                else ((_(" · {short} = {long}").format(short=long, long=_SHORT[0]), Ink.QUIET),)
            ),
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
        return [(_("All answers are right."), Ink.GOOD)]
    told = [
        _("{question} → {answer} (should be {right})").format(
            question=cell.question, answer=cell.answer, right=cell.right
        )
        for cell in wrong[:TOLD]
    ]
    if len(wrong) > TOLD:
        told.append(plural("{count} more", "{count} more", len(wrong) - TOLD))
    return [(_("wrong: {answers}").format(answers=" · ".join(told)), Ink.QUIET)]


class Board(LinesView):
    """The board; redrawn when an answer changes."""

    def __init__(self) -> None:
        super().__init__()
        self._cells: Sequence[BoardCell] = ()

    def set_cells(self, cells: Sequence[BoardCell]) -> None:
        """Show other answers."""
        if cells != self._cells:
            self._cells = cells
            self.relay()

    def lines(self, width: int) -> list[InkLine]:
        if not self._cells:
            return [((_("no answers yet"), Ink.QUIET),)]
        return board_lines(self._cells, width)

"""A question about the line of a derivation as lines: what is asked, and what to choose from."""

from __future__ import annotations

from engine.language import _
from lessons.derive.tasks import LEVELS, Asked, Kind, Task
from lessons.format.parser import running_text
from lessons.judge.verdicts import LETTERS
from tui.math import draw_with_baseline
from tui.page.derivation import Covered
from tui.page.lines import Ink, InkLine, Piece, wrap
from tui.page.prose import formula_rows, pieces
from tui.page.signs import plain_signs

LETTER_WIDTH = 5
"""Cells before an option: the sign of the selected one, and its letter."""


def covered(asked: Asked, task: Task) -> Covered:
    """The line of a task with a box in the place of what is asked."""
    latex = asked.lines.latex(task.line)
    if task.kind is Kind.REASON:
        return Covered(task.line, latex, hides_reason=True)
    if task.gap is not None:
        return Covered(task.line, task.gap.shown(latex))
    return Covered(task.line, rf"{asked.beginning(task.line)} \square")


def prompt(task: Task) -> str:
    """What is asked, as a sentence."""
    match task.kind:
        case Kind.REASON:
            text = _("Why does line {line} follow?")
        case Kind.CHOOSE:
            text = _("Which one is line {line}?")
        case Kind.TYPE:
            text = _("What is line {line}? Type what belongs into the box.")
        case Kind.FACTOR:
            text = _("Which factor is missing in line {line}?")
    return text.format(line=task.line + 1)


def place_text(asked: Asked, place: int, count: int) -> str:
    """How many lines are asked in this round, and which question this is."""
    shares = (
        _("one line in three is asked"),
        _("two lines in three are asked"),
        _("every line is asked"),
    )
    return _("level {level} of {levels}: {share} · question {place} of {count}").format(
        level=asked.level,
        levels=LEVELS,
        share=shares[asked.level - 1],
        place=place + 1,
        count=count,
    )


def end_text(asked: Asked, right: int, count: int, *, counts: bool, first: int) -> str:
    """What became of a round."""
    told = _("Given by you: {right} of {count}, at the first try {first}.").format(
        right=right, count=count, first=first
    )
    if not counts:
        return told + " " + _("The level stays until you give every line that is asked.")
    if asked.level == LEVELS:
        return told + " " + _("The next round asks every line in another way.")
    nexts = (_("Next time two lines in three are asked."), _("Next time every line is asked."))
    return f"{told} {nexts[asked.level - 1]}"


def option_lines(task: Task, place: int, width: int, lead: list[Piece]) -> list[InkLine]:
    """An option: a reason as running text, a line as a formula with its letter at the baseline."""
    text = task.options[place]
    if task.kind is Kind.REASON:
        return wrap([*lead, *pieces(running_text(text))], width, 0, LETTER_WIDTH)
    latex = text.strip("$")
    drawing = draw_with_baseline(latex, width - LETTER_WIDTH, plain_fonts=plain_signs())
    return [
        (*lead, *row) if number == drawing.baseline else ((" " * LETTER_WIDTH, Ink.PLAIN), *row)
        for number, row in enumerate(formula_rows(drawing.lines, latex))
    ]


def letter(place: int, *, selected: bool, mark: bool | None) -> list[Piece]:
    """The sign and the letter before an option."""
    sign: Piece = ("▸ " if selected else "  ", Ink.LESSON_MARK)
    if mark is not None:
        sign = ("✓ ", Ink.GOOD) if mark else ("✗ ", Ink.BAD)
    return [sign, (f"{LETTERS[place]}  ", Ink.LESSON_MARK if selected else Ink.QUIET)]

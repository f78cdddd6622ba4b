"""A derivation as lines: each formula, its reason, and what the numbers say about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from lessons.checks.base import Array
from lessons.checks.prove import Comparison, LineProof
from lessons.document import Derivation, DerivationLine
from tui.math import inline
from tui.math.changes import draw_change
from tui.page.blocks import INDENT, formula
from tui.page.lines import GLUE, Ink, InkLine, Piece, indent, wrap
from tui.page.prose import math_line, pieces
from tui.page.signs import plain_signs

REASON_INDENT = 4


@dataclass(slots=True)
class DerivationState:
    """What the learner sees of a derivation."""

    shown: int
    """How many lines are revealed."""
    shapes: bool = False
    proofs: Sequence[LineProof] = field(default_factory=tuple)
    """One a line, or empty while they are being computed."""
    problem: str = ""
    """Why nothing could be proved, or empty."""
    opened: int | None = None
    """The line whose numbers are open."""
    waiting: bool = False


def derivation(
    block: Derivation, width: int, chapter: str, state: DerivationState | None = None
) -> list[InkLine]:
    """The revealed lines with their reasons; all of them where no state is given."""
    lines: list[InkLine] = []
    shown = len(block.lines) if state is None else state.shown
    for number, line in enumerate(block.lines[:shown]):
        if number:
            lines.append(())
        before = block.lines[number - 1].latex if number else None
        lines.extend(_formula(before if state else None, line.latex, width))
        lines.extend(reason(line, width, chapter))
        if state is None:
            continue
        if state.shapes and line.shapes:
            lines.extend(shapes(line, width))
        lines.extend(_verdict(number, state, width))
        if state.opened == number and number < len(state.proofs):
            lines.extend(numbers(state.proofs[number], width))
    hidden = len(block.lines) - shown
    if hidden:
        what = "line is" if hidden == 1 else "lines are"
        lines += [(), ((f"  … {hidden} more {what} hidden", Ink.QUIET),)]
    return lines


def _formula(before: str | None, latex: str, width: int) -> list[InkLine]:
    if before is None:
        return formula(latex, width)
    lead: Piece = (" " * INDENT, Ink.PLAIN)
    drawing = draw_change(before, latex, width - INDENT, plain_fonts=plain_signs())
    return [(lead, *math_line(line)) for line in drawing.lines]


def reason(line: DerivationLine, width: int, chapter: str) -> list[InkLine]:
    """Why the line follows, below its formula."""
    lead: Piece = ("↳ ", Ink.QUIET)
    found: list[Piece] = [
        (text, Ink.QUIET if ink is Ink.PLAIN else ink) for text, ink in pieces(line.reason, chapter)
    ]
    return wrap([lead, *found], width, REASON_INDENT, REASON_INDENT + 2)


def shapes(line: DerivationLine, width: int) -> list[InkLine]:
    """The shape of each factor."""
    found: list[Piece] = [("shapes ", Ink.QUIET)]
    for number, (factor, shape) in enumerate(line.shapes):
        if number:
            found.append((" · ", Ink.QUIET))
        found += math_line(inline(factor))
        found.append((f"{GLUE}: ", Ink.QUIET))
        found += [(text.replace(" ", GLUE), ink) for text, ink in math_line(inline(shape))]
    return wrap(found, width, REASON_INDENT, REASON_INDENT + 2)


def _verdict(number: int, state: DerivationState, width: int) -> list[InkLine]:
    if state.problem:
        found: list[Piece] = [("! not checked: ", Ink.WARN), (state.problem, Ink.QUIET)]
    elif number >= len(state.proofs):
        found = [("… being checked", Ink.QUIET)]
    else:
        found = verdict(state.proofs[number])
    return wrap(found, width, REASON_INDENT, REASON_INDENT + 2)


def verdict(proof: LineProof) -> list[Piece]:
    """The words that say whether the numbers agree, with residual and tolerance."""
    worst = proof.worst
    sign: Piece = ("✓ checked", Ink.GOOD) if proof.ok else ("✗ does not hold", Ink.BAD)
    return [sign, (f" on {proof.draws} draws: {_measured(worst)}", Ink.QUIET)]


def _measured(comparison: Comparison) -> str:
    return (
        f"largest residual {_short(comparison.residual, 1)}, "
        f"tolerance {_short(comparison.tolerance, 0)}"
    )


def _short(value: float, digits: int) -> str:
    """1.2e-09 as 1.2e-9."""
    return f"{value:.{digits}e}".replace("e-0", "e-").replace("e+0", "e") if value else "0"


def numbers(proof: LineProof, width: int) -> list[InkLine]:
    """The numbers of the first draw: what was drawn, both sides, their difference."""
    rows: list[tuple[str, str]] = [
        (name, show_value(value))
        for name, value in vars(proof.draw).items()
        if isinstance(value, np.ndarray | float | int)
    ]
    with np.errstate(invalid="ignore"):
        difference = np.abs(proof.left - proof.values)
    rows += [
        ("left side", show_value(proof.left)),
        ("this line", show_value(proof.values)),
        ("difference", _short(float(np.max(difference, initial=0.0)), 1)),
    ]
    room = max(len(name) for name, _ in rows)
    lines: list[InkLine] = []
    for name, value in rows:
        lead: Piece = (f"{name:>{room}} = ", Ink.QUIET)
        lines.extend(wrap([lead, (value, Ink.NUMBER)], width - REASON_INDENT - 2, 0, room + 3))
    for found in proof.comparisons:
        said = f"against {found.against}, all draws: {_measured(found)}"
        lines.extend(wrap([(said, Ink.QUIET)], width - REASON_INDENT - 2, 0, 2))
    return indent(lines, REASON_INDENT + 2)


def show_value(value: Array | float | int) -> str:
    """A number or an array with six digits, rows between strokes."""
    if isinstance(value, int):
        return str(value)
    array = np.asarray(value, dtype=np.float64)
    if array.ndim == 0:
        return _number(float(array))
    if array.ndim == 1:
        return "(" + ", ".join(_number(float(entry)) for entry in array) + ")"
    if array.ndim == 2:
        rows = (", ".join(_number(float(entry)) for entry in row) for row in array)
        return "(" + " | ".join(rows) + ")"
    return f"{array.shape} numbers"


def _number(value: float) -> str:
    return f"{value:.6g}".replace("-", "\N{MINUS SIGN}")

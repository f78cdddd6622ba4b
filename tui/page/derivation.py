"""A derivation as lines: each formula, its reason, and what the numbers say about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from engine.formulas import values as v
from engine.formulas.parts import Part, spliced
from engine.formulas.proving import CENTRAL, Comparison, LineProof
from engine.formulas.values import Value
from lessons.format.document import Derivation, DerivationLine
from tui.math import inline
from tui.math.changes import draw_change
from tui.page.blocks import INDENT, formula
from tui.page.lines import GLUE, Ink, InkLine, Piece, indent, line_width, wrap
from tui.page.prose import math_line, pieces
from tui.page.signs import plain_signs

REASON_INDENT = 4
NUMBERS_INDENT = 6
MOST_ROWS = 6
"""Rows of a matrix that are shown of a part's value."""


@dataclass(slots=True)
class DerivationState:
    """What the learner sees of a derivation."""

    shown: int
    """How many lines are revealed."""
    shapes: bool = False
    details: bool = False
    """Whether residual and tolerance of each proof are open."""
    proofs: Sequence[LineProof] = field(default_factory=tuple)
    """One a line, or empty while they are being computed."""
    parts: Sequence[tuple[Part, ...]] = field(default_factory=tuple)
    """The parts of each line on one draw, or empty while they are being computed."""
    problem: str = ""
    """Why nothing could be proved, or empty."""
    opened: int | None = None
    """The line whose numbers are open."""
    part: int = 0
    """Which of its parts is lit."""
    waiting: bool = False

    def lit(self) -> Part | None:
        """The part that is lit; None while no numbers are open."""
        if self.opened is None or self.opened >= len(self.parts):
            return None
        parts = self.parts[self.opened]
        return parts[self.part % len(parts)] if parts else None


def derivation(
    block: Derivation, width: int, state: DerivationState | None = None
) -> list[InkLine]:
    """The revealed lines with their reasons; all of them where no state is given."""
    lines: list[InkLine] = []
    shown = len(block.lines) if state is None else state.shown
    for number, line in enumerate(block.lines[:shown]):
        if number:
            lines.append(())
        before = block.lines[number - 1].latex if number else None
        is_open = state is not None and state.opened == number and number < len(state.parts)
        if state is not None and is_open:
            latex = spliced(line.latex, state.parts[number], state.lit())
            lines.extend(formula(latex, width))
        else:
            lines.extend(_formula(before if state else None, line.latex, width))
        lines.extend(reason(line, width, _sign(number, state)))
        if state is None:
            continue
        if state.shapes and line.shapes:
            lines.extend(shapes(line, width))
        if number < len(state.proofs) and (state.details or not state.proofs[number].ok):
            lines.extend(details(state.proofs[number], width))
        if is_open:
            lines.extend(numbers(state, width))
    if state is not None and state.problem:
        found: list[Piece] = [("! not checked: ", Ink.WARN), (state.problem, Ink.QUIET)]
        lines.extend(wrap(found, width, REASON_INDENT, REASON_INDENT + 2))
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


def _sign(number: int, state: DerivationState | None) -> Piece | None:
    """What the numbers say about a line, in one sign."""
    if state is None or state.problem:
        return None
    if number >= len(state.proofs):
        return ("… checking", Ink.QUIET)
    return ("✓", Ink.GOOD) if state.proofs[number].ok else ("✗ does not hold", Ink.BAD)


def reason(line: DerivationLine, width: int, sign: Piece | None = None) -> list[InkLine]:
    """Why the line follows, below its formula; a sign stands at its end."""
    lead: Piece = ("↳ ", Ink.QUIET)
    found: list[Piece] = [
        (text, Ink.QUIET if ink is Ink.PLAIN else ink) for text, ink in pieces(line.reason)
    ]
    if sign is not None:
        found += [(f" {GLUE}", Ink.QUIET), (sign[0].replace(" ", GLUE), sign[1])]
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


def details(proof: LineProof, width: int) -> list[InkLine]:
    """What the line was compared with, on how many draws, and how near it came."""
    if proof.problem:
        found: list[Piece] = [("not evaluated: ", Ink.BAD), (proof.problem, Ink.QUIET)]
        return wrap(found, width, REASON_INDENT, REASON_INDENT + 2)
    how = "as drawn" if proof.how == "formula" else "by a program that stands in for it"
    lines = wrap(
        [(f"checked {how}, on {proof.draws} draws", Ink.QUIET)], width, NUMBERS_INDENT,
        NUMBERS_INDENT + 2,
    )  # fmt: skip
    for comparison in proof.comparisons:
        ink = Ink.QUIET if comparison.ok else Ink.BAD
        said = f"against {comparison.against}: {_measured(comparison)}"
        lines.extend(wrap([(said, ink)], width, NUMBERS_INDENT, NUMBERS_INDENT + 2))
    return lines


def _measured(comparison: Comparison) -> str:
    return (
        f"largest residual {_short(comparison.residual, 1)}, "
        f"tolerance {_short(comparison.tolerance, 0)}"
    )


def _short(value: float, digits: int) -> str:
    """1.2e-09 as 1.2e-9."""
    return f"{value:.{digits}e}".replace("e-0", "e-").replace("e+0", "e") if value else "0"


def numbers(state: DerivationState, width: int) -> list[InkLine]:
    """The part that is lit: what it is, its shape, its value, and how to go on."""
    part = state.lit()
    if part is None or state.opened is None:
        return []
    count = len(state.parts[state.opened])
    place: Piece = (f"part {state.part % count + 1} of {count}", Ink.QUIET)
    room = width - NUMBERS_INDENT
    lead: list[Piece] = [place, ("  ", Ink.QUIET), *_named(part, room - 24)]
    rows = [tuple(lead), *_values(part, room)]
    rows.append((("← → parts · ↑ ↓ lines · p new numbers · e close", Ink.QUIET),))
    return indent([row for line in rows for row in wrap(list(line), room)], NUMBERS_INDENT)


def _named(part: Part, room: int) -> list[Piece]:
    """The part on one line, where there is room for it, with its shape."""
    drawn = list(math_line(inline(part.latex)))
    found = drawn if line_width(drawn) <= room else [("the lit part", Ink.QUIET)]
    shape = "×".join(map(str, part.shape))
    return [*found, (f"  {shape}", Ink.QUIET)] if shape else found


def _values(part: Part, room: int) -> list[InkLine]:
    if part.shape:
        runs = part.values[:1]
        lines = [line for value in runs for line in matrix(value, room)]
        more = len(part.values) - 1
        return (
            [*lines, ((f"and {more} more, one a term of the sum", Ink.QUIET),)] if more else lines
        )
    found: list[Piece] = [("= ", Ink.QUIET)]
    for number, value in enumerate(part.values):
        if number:
            found.append((", ", Ink.QUIET))
        found.append((show_value(value), Ink.NUMBER))
    if len(part.values) > 1:
        found.append(("  one a term of the sum", Ink.QUIET))
    return [tuple(found)]


def matrix(value: Value, room: int) -> list[InkLine]:
    """A matrix in rows, the numbers aligned at their points; what does not fit is left out."""
    rows = [
        [f"{entry:.4f}".replace("-", "\N{MINUS SIGN}") for entry in row] for row in value.tolist()
    ]
    wide = max(len(text) for row in rows for text in row)
    fits = max(1, (room - 4) // (wide + 2))
    lines: list[InkLine] = []
    for row in rows[:MOST_ROWS]:
        cells = "  ".join(text.rjust(wide) for text in row[:fits])
        lines.append(((f"│ {cells}", Ink.NUMBER), (" …" if len(row) > fits else " │", Ink.NUMBER)))
    if len(rows) > MOST_ROWS:
        lines.append(((f"… {len(rows) - MOST_ROWS} more rows", Ink.QUIET),))
    return lines


def _aligned(value: float) -> str:
    return f"{value:.4f}".replace("-", "\N{MINUS SIGN}")


def show_value(value: Value) -> str:
    """A number with six digits; a set with its members."""
    if isinstance(value, tuple):
        return "{" + ", ".join(map(str, value)) + "}"
    if isinstance(value, int):
        return str(value)
    return f"{v.number(value):.6g}".replace("-", "\N{MINUS SIGN}")


__all__ = ["CENTRAL", "DerivationState", "derivation", "show_value"]

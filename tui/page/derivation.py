"""A derivation as lines: each formula, its reason, and what its proof found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from engine.formulas import values as v
from engine.formulas.bench import AUTOGRAD, CENTRAL
from engine.formulas.comparing import APPROXIMATELY, BEFORE, LEFT, NEARNESS, ORDER, SHAPE
from engine.formulas.parts import Part, spliced
from engine.formulas.proving import ERROR, SOLUTION, Comparison, LineProof
from engine.formulas.values import Value
from engine.language import _, plural
from engine.naming import Shown
from lessons.format.document import Derivation, DerivationLine, Span, Style
from tui.math import draw_with_baseline, inline
from tui.math.changes import draw_change
from tui.page.hints import hint_pieces
from tui.page.lines import GLUE, Ink, InkLine, Piece, indent, line_width, wrap
from tui.page.prose import math_line, pieces
from tui.page.signs import plain_signs

REASON_INDENT = 4
NUMBERS_INDENT = 6
NUMBER_WIDTH = 4
"""Cells for the number of a line."""
REASON_GAP = 3
"""Cells between a formula and its reason, at least."""
MOST_ROWS = 6
"""How many rows of a matrix are shown as the value of a part."""

_AGAINST: Mapping[str, str] = {
    BEFORE: _("the line before"),
    LEFT: _("the left side"),
    AUTOGRAD: _("autograd"),
    CENTRAL: _("central differences"),
    SOLUTION: _("on and off the solution"),
    NEARNESS: _("near equality"),
    APPROXIMATELY: _("approximately"),
    ORDER: _("the order"),
    SHAPE: _("the shape"),
    ERROR: _("the reading"),
}
"""What a line was compared with, in the language in use."""


@dataclass(frozen=True, slots=True)
class Covered:
    """The line that the learner is asked about, as it is shown until it is given."""

    line: int
    """Counted from 0; those after it are hidden."""
    latex: str
    """The line with a box for what is asked."""
    hides_reason: bool = False


@dataclass(slots=True)
class DerivationState:
    """What the learner sees of a derivation."""

    shown: int
    """How many lines are revealed."""
    shapes: bool = False
    details: bool = False
    """Whether the residual and tolerance of each proof are shown."""
    proofs: Sequence[LineProof] = field(default_factory=tuple)
    """One per line, or empty while they are being computed."""
    parts: Sequence[tuple[Part, ...]] = field(default_factory=tuple)
    """The parts of each line on one draw, or empty while they are being computed."""
    problem: str = ""
    """Why nothing could be proved, or empty."""
    opened: int | None = None
    """The line whose numbers are shown."""
    part: int = 0
    """Which of its parts is highlighted."""
    covered: Covered | None = None
    """What is asked, while the learner gives the lines."""
    given: bool = False
    """Whether the learner gives the lines."""
    round: int = 0
    """How many times other numbers were drawn."""

    def lit(self) -> Part | None:
        """The highlighted part; None while no numbers are shown."""
        if self.opened is None or self.opened >= len(self.parts):
            return None
        parts = self.parts[self.opened]
        return parts[self.part % len(parts)] if parts else None


def derivation(
    block: Derivation, width: int, state: DerivationState | None = None
) -> list[InkLine]:
    """The revealed lines, numbered, each with its reason; all lines if no state is given.

    While lines are hidden, those above the last one are dimmed. One sign below the last line says
    whether all of them are proved; a line that does not hold says so itself.
    """
    lines: list[InkLine] = []
    shown = len(block.lines) if state is None else state.shown
    for number, line in enumerate(block.lines[:shown]):
        if number:
            lines.append(())
        hidden_line = state.covered if state is not None else None
        if hidden_line is not None and hidden_line.hides_reason and hidden_line.line == number:
            line = replace(line, reason=(Span("?", Style.STRONG),))
        drawn = _numbered(number, _drawn(block, number, width, state), line, width)
        if shown < len(block.lines) and number < shown - 1:
            drawn = _dimmed(drawn)
        lines.extend(drawn)
        if state is None:
            continue
        if state.shapes and line.shapes:
            lines.extend(shapes(line, width))
        if number < len(state.proofs) and (state.details or not state.proofs[number].ok):
            lines.extend(details(state.proofs[number], width))
        if state.opened == number and number < len(state.parts):
            lines.extend(numbers(state, width))
    hidden = len(block.lines) - shown
    if hidden:
        text = plural("… {count} more line is hidden", "… {count} more lines are hidden", hidden)
        lines += [(), ((" " * NUMBER_WIDTH, Ink.PLAIN), (text, Ink.QUIET))]
    if state is not None and not state.given:
        lines += [*([] if hidden else [()]), *_proved(state, width)]
    return lines


def _drawn(
    block: Derivation, number: int, width: int, state: DerivationState | None
) -> tuple[list[InkLine], int]:
    """A line of the derivation, and the row of its baseline."""
    line = block.lines[number]
    room = width - NUMBER_WIDTH
    if state is not None and state.covered is not None and state.covered.line == number:
        drawing = draw_with_baseline(state.covered.latex, room, plain_fonts=plain_signs())
    elif state is not None and state.opened == number and number < len(state.parts):
        latex = spliced(line.latex, state.parts[number], state.lit())
        drawing = draw_with_baseline(latex, room, plain_fonts=plain_signs())
    elif state is not None and number:
        before = block.lines[number - 1].latex
        drawing = draw_change(before, line.latex, room, plain_fonts=plain_signs())
    else:
        drawing = draw_with_baseline(line.latex, room, plain_fonts=plain_signs())
    return [math_line(row) for row in drawing.lines], drawing.baseline


def _numbered(
    number: int, drawn: tuple[list[InkLine], int], line: DerivationLine, width: int
) -> list[InkLine]:
    """A line with its number at the left, and its reason at the right of its baseline.

    A reason that does not fit there stands below, at the right, too.
    """
    rows, baseline = drawn
    why = [(text, Ink.QUIET if ink is Ink.PLAIN else ink) for text, ink in pieces(line.reason)]
    lines: list[InkLine] = []
    placed = not why
    for place, row in enumerate(rows):
        lead = f"{number + 1:>2}  " if place == baseline else " " * NUMBER_WIDTH
        found: list[Piece] = [(lead, Ink.QUIET), *row]
        room = width - line_width(found) - line_width(why)
        if place == baseline and not placed and room >= REASON_GAP:
            found += [(" " * room, Ink.PLAIN), *why]
            placed = True
        lines.append(tuple(found))
    if not placed:
        for row in wrap(why, width - NUMBER_WIDTH):
            lines.append(((" " * (width - line_width(row)), Ink.PLAIN), *row))
    return lines


def _dimmed(lines: list[InkLine]) -> list[InkLine]:
    quiet = (Ink.MATH, Ink.MATH_BOLD, Ink.MATH_CHANGE)
    return [
        tuple((text, Ink.MATH_DIM if ink in quiet else ink) for text, ink in line) for line in lines
    ]


def _proved(state: DerivationState, width: int) -> list[InkLine]:
    """One sign for the whole proof."""
    if state.problem:
        found: list[Piece] = [(_("! not checked: "), Ink.WARN), (state.problem, Ink.QUIET)]
    elif not state.proofs:
        found = [(_("… checking"), Ink.QUIET)]
    elif all(proof.ok for proof in state.proofs):
        text = _("every line holds on random numbers")
        if state.round:
            drawn = state.round + 1
            text = _("every line holds on other random numbers, too: draw {count}").format(
                count=drawn
            )
        found = [("✓ ", Ink.GOOD), (text, Ink.QUIET)]
        if not state.details:
            found += hint_pieces(" · " + _("⟨d|derivation.details⟩: details"))
        found += hint_pieces(" · " + _("⟨f|derivation.yourself⟩: do it yourself"))
    else:
        wrong = [str(at + 1) for at, proof in enumerate(state.proofs) if not proof.ok]
        text = _("does not hold: line {lines}")
        found = [("✗ ", Ink.BAD), (text.format(lines=", ".join(wrong)), Ink.BAD)]
    return wrap(found, width, NUMBER_WIDTH, NUMBER_WIDTH + 2)


def shapes(line: DerivationLine, width: int) -> list[InkLine]:
    """The shape of each factor."""
    found: list[Piece] = [(_("shapes") + " ", Ink.QUIET)]
    for number, (factor, shape) in enumerate(line.shapes):
        if number:
            found.append((" · ", Ink.QUIET))
        found += math_line(inline(factor))
        found.append((f"{GLUE}: ", Ink.QUIET))
        found += [(text.replace(" ", GLUE), ink) for text, ink in math_line(inline(shape))]
    return wrap(found, width, REASON_INDENT, REASON_INDENT + 2)


def details(proof: LineProof, width: int) -> list[InkLine]:
    """What the line was compared with, on how many draws, and with what residual."""
    if proof.problem:
        found: list[Piece] = [(_("not evaluated: "), Ink.BAD), (proof.problem, Ink.QUIET)]
        return wrap(found, width, REASON_INDENT, REASON_INDENT + 2)
    if proof.how == "formula":
        how = plural(
            "checked as shown, on {count} random draw",
            "checked as shown, on {count} random draws",
            proof.draws,
        )
    else:
        how = plural(
            "checked by a program in its place, on {count} random draw",
            "checked by a program in its place, on {count} random draws",
            proof.draws,
        )
    lines = wrap([(how, Ink.QUIET)], width, NUMBERS_INDENT, NUMBERS_INDENT + 2)
    for comparison in proof.comparisons:
        ink = Ink.QUIET if comparison.ok else Ink.BAD
        found = [(_measured(comparison), ink)]
        lines.extend(wrap(found, width, NUMBERS_INDENT, NUMBERS_INDENT + 2))
    return lines


def _measured(comparison: Comparison) -> str:
    return _("against {standard}: largest residual {residual}, tolerance {tolerance}").format(
        standard=_AGAINST.get(comparison.against, comparison.against),
        residual=_short(comparison.residual, 1),
        tolerance=_short(comparison.tolerance, 0),
    )


def _short(value: float, digits: int) -> str:
    """1.2e-09 as 1.2e−9."""
    return f"{Shown(value):.{digits}e}" if value else "0"


def numbers(state: DerivationState, width: int) -> list[InkLine]:
    """The highlighted part: what it is, its shape, its value, and the keys."""
    part = state.lit()
    if part is None or state.opened is None:
        return []
    count = len(state.parts[state.opened])
    place: Piece = (
        _("part {part} of {count}").format(part=state.part % count + 1, count=count),
        Ink.QUIET,
    )
    room = width - NUMBERS_INDENT
    lead: list[Piece] = [place, ("  ", Ink.QUIET), *_named(part, room - 24)]
    rows = [tuple(lead), *_values(part, room)]
    rows.append(
        tuple(
            hint_pieces(
                _(
                    "⟨←|derivation.part_before⟩ ⟨→|derivation.part_after⟩ parts · "
                    "⟨↑|derivation.before⟩ ⟨↓|derivation.after⟩ lines · ⟨p|derivation.prove⟩ "
                    "new numbers · ⟨e|derivation.numbers⟩ close"
                )
            )
        )
    )
    return indent([row for line in rows for row in wrap(list(line), room)], NUMBERS_INDENT)


def _named(part: Part, room: int) -> list[Piece]:
    """The part with its shape; the part itself only if it fits on one line."""
    found: list[Piece] = [*math_line(inline(part.latex))]
    if line_width(found) > room:
        found = [(_("the highlighted part"), Ink.QUIET)]
    shape = "×".join(map(str, part.shape))
    if shape:
        found.append((f"  {shape}", Ink.QUIET))
    return found


def _values(part: Part, room: int) -> list[InkLine]:
    if part.shape:
        runs = part.values[:1]
        lines = [line for value in runs for line in matrix(value, room)]
        more = len(part.values) - 1
        if not more:
            return lines
        text = _("and {count} more, one per term of the sum").format(count=more)
        return [*lines, ((text, Ink.QUIET),)]
    found: list[Piece] = [("= ", Ink.QUIET)]
    for number, value in enumerate(part.values):
        if number:
            found.append((", ", Ink.QUIET))
        found.append((show_value(value), Ink.NUMBER))
    if len(part.values) > 1:
        found.append(("  " + _("one per term of the sum"), Ink.QUIET))
    return [tuple(found)]


def matrix(value: Value, room: int) -> list[InkLine]:
    """A matrix in rows, with numbers aligned at the decimal point; what does not fit is cut."""
    rows = [[f"{Shown(entry):.4f}" for entry in row] for row in value.tolist()]
    wide = max(len(text) for row in rows for text in row)
    fits = max(1, (room - 4) // (wide + 2))
    lines: list[InkLine] = []
    for row in rows[:MOST_ROWS]:
        cells = "  ".join(text.rjust(wide) for text in row[:fits])
        lines.append(((f"│ {cells}", Ink.NUMBER), (" …" if len(row) > fits else " │", Ink.NUMBER)))
    if len(rows) > MOST_ROWS:
        text = plural("… {count} more row", "… {count} more rows", len(rows) - MOST_ROWS)
        lines.append(((text, Ink.QUIET),))
    return lines


def show_value(value: Value) -> str:
    """A number with six significant digits; a set with its members."""
    if isinstance(value, tuple):
        return "{" + ", ".join(map(str, value)) + "}"
    if isinstance(value, int):
        return str(value)
    return f"{Shown(v.number(value)):.6g}"

"""The parts of a formula with their values on one draw: to highlight them and show numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from engine.formulas import values as v
from engine.formulas.bench import Bench
from engine.formulas.conditions import Cases, Condition
from engine.formulas.derivatives import At, Derivative, Differential
from engine.formulas.dots import Series
from engine.formulas.functions import Apply, Call, FunctionName
from engine.formulas.statements import Statement
from engine.formulas.sums import Big
from engine.formulas.term import Term
from engine.formulas.terms import Entry, Everything, Matrix, Number, Power, Reference, Vector
from engine.formulas.values import Value
from engine.formulas.world import World

MOST_VALUES = 12
"""Values of a part inside a sum that are kept for showing."""


@dataclass(frozen=True)
class Part:
    """A part of a drawn formula and its value on the draw.

    `values` has one value, or one per term of the sum that the part is in; each is a
    Python number or a detached float64 tensor of shape () or (rows, columns).
    """

    span: tuple[int, int]
    latex: str
    values: tuple[Value, ...]
    is_symbol: bool
    """Whether it is a symbol, or is read as one: its value is written under it."""

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of each value; () for numbers."""
        return v.shape_of(self.values[0])


def parts_of(statements: Sequence[Statement], bench: Bench, draw: int = 0) -> tuple[Part, ...]:
    """The parts of a line, from the outside to the inside and from left to right.

    Parts without a value of their own (indices, bounds, what a derivative is taken of) are left
    out, and so are plain numbers.
    """
    world = World(bench.notation, bench.name, bench.round_number, draw)
    world.speaking_of = bench.terms
    world.record = {}
    found: dict[tuple[int, int], Part] = {}
    for statement in statements:
        for side in statement.terms():
            try:
                side.value(world)
            except (ValueError, RuntimeError, ArithmeticError):
                continue
            for term in side.walk():
                if isinstance(term, Derivative | Differential | At):
                    # Inside, the values of the draw itself are shown, not those of moved copies.
                    with suppress(ValueError, RuntimeError, ArithmeticError):
                        term.body.value(world)
            for term, is_symbol in _shown(side):
                values = world.record.get(id(term))
                if values and term.span[1] > term.span[0] and term.span not in found:
                    latex = statement.latex[slice(*term.span)]
                    kept = tuple(_kept(value) for value in values[:MOST_VALUES])
                    found[term.span] = Part(term.span, latex, kept, is_symbol)
    return tuple(found.values())


def _kept(value: Value) -> Value:
    found = v.detached(value)
    return found.clone() if v.is_tensor(found) else found


def _shown(term: Term) -> Iterator[tuple[Term, bool]]:
    """The terms below that have a value, and whether it is written under them."""
    if isinstance(term, Number | Everything | FunctionName | Series | Condition):
        return
    if isinstance(term, Reference):
        yield term, True
        return
    if isinstance(term, Derivative | Differential | At):
        yield term, True
        yield from ((inner, False) for inner, _ in _shown(term.body))
        return
    if isinstance(term, Entry):
        yield term, True
        yield from _shown(term.base)
        return
    if isinstance(term, Call | Apply):
        simple = all(isinstance(a, Reference | Number) for a in term.arguments)
        yield term, simple
        for argument in term.arguments:
            for inner, is_symbol in _shown(argument):
                yield inner, is_symbol and not simple
        return
    if isinstance(term, Big):
        yield term, True
        yield from ((inner, False) for inner, _ in _shown(term.body))
        return
    if isinstance(term, Power):
        yield term, False
        yield from _shown(term.base)
        yield from ((inner, False) for inner, _ in _shown(term.exponent))
        return
    if isinstance(term, Cases):
        yield term, False
        for body, _ in term.lines:
            yield from _shown(body)
        return
    if not isinstance(term, Vector):
        yield term, False
    for child in term.children:
        yield from ((inner, s and not isinstance(term, Matrix)) for inner, s in _shown(child))


def spliced(latex: str, parts: Sequence[Part], lit: Part | None, digits: int = 3) -> str:
    r"""The formula with the value of each symbol set under it, and one part highlighted.

    Uses \underset and the role `part`; a value with a shape shows the shape.
    """
    inserts: list[tuple[int, int, str]] = []
    for part in parts:
        start, end = part.span
        if part.is_symbol and len(part.values) == 1:
            label = shown(part.values[0], digits)
            under = rf"\underset{{\color{{note}}{{\text{{ {label} }}}}}}{{"
            inserts.append((start, -end, under))
            inserts.append((end, start, "}"))
    if lit is not None:
        start, end = lit.span
        inserts.append((start, -end - 1, r"\color{part}{"))
        inserts.append((end, start - 1, "}"))
    # At one place, what ends there comes first, inner before outer; then what begins, outer first.
    closing = sorted((i for i in inserts if i[2] == "}"), key=lambda i: (i[0], -i[1]))
    opening = sorted((i for i in inserts if i[2] != "}"), key=lambda i: (i[0], i[1]))
    result, at = "", 0
    for place, _, text in sorted([*closing, *opening], key=lambda i: (i[0], i[2] != "}")):
        result += latex[at:place] + text
        at = place
    return result + latex[at:]


def shown(value: Value, digits: int = 3) -> str:
    """A value in few characters: a number with some significant digits, or a shape."""
    shape = v.shape_of(value)
    if shape:
        return "×".join(map(str, shape))
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    number = v.number(value)
    if number == int(number) and abs(number) < 1e6:
        return str(int(number))
    text = f"{number:.{digits}g}".replace("-", "\N{MINUS SIGN}")
    mantissa, mark, exponent = text.partition("e")
    return f"{mantissa}e{exponent.lstrip('+').replace('0', '', 1)}" if mark else text

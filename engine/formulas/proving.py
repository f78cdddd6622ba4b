"""Prove formulas by numbers: both sides of every relation, as drawn, on several draws."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from engine.formulas import values as v
from engine.formulas.derivatives import Derivative, Differential
from engine.formulas.errors import MeaningError
from engine.formulas.notation import Notation
from engine.formulas.operators import Call
from engine.formulas.statements import SHAPE_SIGN, Chain, Statement, read_statements
from engine.formulas.terms import Negative, Number, Reference, Term
from engine.formulas.values import Value
from engine.formulas.world import World

IDENTITY_TOLERANCE = 1e-9
"""Relative, between two sides computed in float64."""
CENTRAL_TOLERANCE = 1e-6
"""Relative, against central differences, whose own error is about 1e-9."""
NEAR = 0.05
"""Relative: how near to equality at least one draw of an inequality must come."""
DRAWS = 8
CENTRAL_FLOOR = 1e-3
"""The least scale that central differences are measured on: their rounding does not shrink with
the derivative."""
EXACT_DIGITS = 3
"""A decimal with so many digits after the point may be a rounded value."""

BEFORE = "the line before"
LEFT = "the left side"
AUTOGRAD = "autograd"
CENTRAL = "central differences"
SOLUTION = "on and off the solution"
NEARNESS = "near equality"
APPROXIMATELY = "approximately"
ORDER = "the order"
SHAPE = "the shape"
ERROR = "the reading"


@dataclass(frozen=True, slots=True)
class Comparison:
    """One comparison over all draws."""

    against: str
    residual: float
    tolerance: float

    @property
    def ok(self) -> bool:
        """Whether the largest residual stays within the tolerance; nan never does."""
        return bool(self.residual <= self.tolerance)


@dataclass(frozen=True, slots=True)
class LineProof:
    """What the numbers say about one line."""

    statements: tuple[Statement, ...]
    comparisons: tuple[Comparison, ...]
    draws: int
    how: str = "formula"
    """`formula`: both sides were evaluated as they are drawn; `program`: a program stands in."""
    problem: str = ""
    """Why it could not be evaluated, where it could not."""

    @property
    def ok(self) -> bool:
        """Whether every comparison holds, and there is one."""
        return bool(self.comparisons) and all(comparison.ok for comparison in self.comparisons)

    @property
    def worst(self) -> Comparison:
        """The comparison that comes nearest to failing."""
        if not self.comparisons:
            return Comparison(ERROR, float("inf"), 0.0)
        return max(
            self.comparisons,
            key=lambda c: (
                float("inf")
                if c.residual != c.residual
                else c.residual / c.tolerance
                if c.tolerance
                else c.residual
            ),
        )


@dataclass
class Bench:
    """The draws of one derivation, with the values that were computed on them already."""

    notation: Notation
    name: str
    round_number: int = 0
    terms: tuple[Term, ...] = ()
    """What is spoken of: it tells what indices without a declared range run over."""
    _worlds: dict[tuple[int, str], World] = field(default_factory=dict)
    _values: dict[tuple[int, int, str], Value] = field(default_factory=dict)
    _scales: dict[tuple[int, int], float] = field(default_factory=dict)
    _kept: list[Term] = field(default_factory=list)

    def world(self, draw: int, method: str = AUTOGRAD) -> World:
        """One draw, with derivatives by a method."""
        found = self._worlds.get((draw, method))
        if found is None:
            if method == AUTOGRAD:
                found = World(self.notation, self.name, self.round_number, draw)
                found.speaking_of = self.terms
            else:
                found = self.world(draw).by("central")
            self._worlds[draw, method] = found
        return found

    def value(self, term: Term, draw: int, method: str = AUTOGRAD) -> Value:
        """The value of a side on a draw."""
        key = (id(term), draw, method)
        if key not in self._values:
            self._values[key] = v.detached(term.value(self.world(draw, method)))
            self._kept.append(term)
        return self._values[key]

    def scale(self, term: Term, draw: int) -> float:
        """The size of the numbers that a side is made of."""
        key = (id(term), draw)
        if key not in self._scales:
            self._scales[key] = term.scale(self.world(draw))
            self._kept.append(term)
        return self._scales[key]


def has_derivative(term: Term, notation: Notation | None = None) -> bool:
    """Whether a term holds a derivative, a prime, or a symbol that is defined by one."""
    for part in term.walk():
        if isinstance(part, Derivative | Differential):
            return True
        if isinstance(part, Call) and part.primes:
            return True
        if notation is not None and isinstance(part, Reference):
            for declaration in notation.heads(part.key):
                source = declaration.source or ""
                if source and ("\\partial" in source or "\\nabla" in source):
                    return True
    return False


def residual(left: Value, right: Value, floor: float = 0.0) -> float:
    """The largest difference relative to the largest number; inf where the shapes differ.

    max|left − right| / max(max|left|, max|right|, floor); a plain 0 stands for zeros of any shape.
    """
    a, b = v.shape_of(left), v.shape_of(right)
    if a != b and not (_is_zero(left) or _is_zero(right)):
        return float("inf")
    x, y = v.tensor(left).reshape(-1), v.tensor(right).reshape(-1)
    difference = float((x - y).abs().max())
    if difference != difference or difference == float("inf"):
        return float("inf")
    scale = max(v.largest(left), v.largest(right), floor)
    return difference / scale if scale else 0.0


def _is_zero(value: Value) -> bool:
    return not v.is_tensor(value) and not isinstance(value, tuple) and value == 0


def read_lines(lines: Sequence[str], notation: Notation) -> tuple[tuple[Statement, ...], ...]:
    """The statements of each line.

    Raises:
        MathSyntaxError, MeaningError: a line cannot be read; its number is the attribute `line`.
    """
    found = []
    for number, line in enumerate(lines):
        try:
            found.append(read_statements(line, notation))
        except ValueError as error:
            error.line = number  # type: ignore[attr-defined]
            raise
    return tuple(found)


def prove_lines(
    lines: Sequence[tuple[Statement, ...]],
    notation: Notation,
    name: str,
    round_number: int = 0,
    draws: int = DRAWS,
    bench: Bench | None = None,
) -> tuple[LineProof, ...]:
    """Prove the lines of a derivation: each against the left side and the line before it."""
    if bench is None:
        bench = bench_for(lines, notation, name, round_number)
    return tuple(prove_line(lines, number, bench, draws) for number in range(len(lines)))


def holds(latex: str, notation: Notation) -> bool:
    """Whether what a formula states is true on every draw; False where it cannot be evaluated.

    Raises:
        MeaningError: it cannot be read.
    """
    lines = read_lines([latex], notation)
    return prove_line(lines, 0, bench_for(lines, notation, latex)).ok


def value_of(latex: str, notation: Notation) -> float:
    """The value of an expression that is a number, on the first draw.

    Raises:
        MeaningError: it cannot be read, or is no number.
    """
    lines = read_lines([latex], notation)
    (term,) = lines[0][0].terms()
    return v.number(bench_for(lines, notation, latex).value(term, 0))


def shape_of(latex: str, notation: Notation) -> tuple[int, ...]:
    """The shape of an expression on the first draw; () where it is a number.

    Raises:
        MeaningError: it cannot be read, or has no value.
    """
    lines = read_lines([latex], notation)
    (term,) = lines[0][0].terms()
    return v.shape_of(bench_for(lines, notation, latex).value(term, 0))


def bench_for(
    lines: Sequence[tuple[Statement, ...]], notation: Notation, name: str, round_number: int = 0
) -> Bench:
    """The draws for some lines."""
    terms = tuple(t for line in lines for statement in line for t in statement.terms())
    return Bench(notation, name, round_number, terms)


def prove_line(
    lines: Sequence[tuple[Statement, ...]], number: int, bench: Bench, draws: int = DRAWS
) -> LineProof:
    """Prove one line; the lines before it give its left side and the side that it goes on from."""
    found: dict[str, tuple[float, float]] = {}
    truths: list[bool] = []
    try:
        for draw in range(draws):
            for against, residual_, tolerance, least in _line(lines, number, bench, draw, truths):
                before = found.get(against, (-1.0, tolerance))[0]
                if least and before >= 0:
                    found[against] = (min(before, residual_), tolerance)
                else:
                    found[against] = (max(before, residual_), tolerance)
            if draw == 0 and not bench.world(0).varies[0]:
                # Every other draw is the same, and none comes nearer to equality.
                found = {key: value for key, value in found.items() if NEARNESS not in key}
                break
    except (ValueError, RuntimeError, ArithmeticError, TypeError, IndexError) as error:
        comparison = Comparison(ERROR, float("inf"), 0.0)
        return LineProof(lines[number], (comparison,), draws, problem=str(error))
    if truths and len(set(truths)) == 1:
        found[SOLUTION] = (float("inf"), 0.0)
    return LineProof(
        lines[number],
        tuple(Comparison(against, *pair) for against, pair in found.items()),
        draws,
    )


_Found = tuple[str, float, float, bool]


def _line(
    lines: Sequence[tuple[Statement, ...]],
    number: int,
    bench: Bench,
    draw: int,
    truths: list[bool],
) -> Iterator[_Found]:
    for place, statement in enumerate(lines[number]):
        group = _equivalents(lines, number, place)
        if group is not None:
            values = [_holds(chain, bench, draw) for chain in group]
            truths.append(values[0])
            yield SOLUTION, float(sum(value != values[0] for value in values)), 0.0, False
            continue
        for chain in statement.chains:
            yield from _chain(chain, _history(lines, number, place, chain), bench, draw)


def _equivalents(
    lines: Sequence[tuple[Statement, ...]], number: int, place: int
) -> list[Chain] | None:
    """The chains that a statement is equivalent with, itself first; None where it is none."""
    statement = lines[number][place]
    found = list(statement.chains)
    goes_on = (
        number + 1 < len(lines) and lines[number + 1] and lines[number + 1][0].follows
    ) and place == len(lines[number]) - 1
    if not statement.follows and not goes_on and len(found) == 1:
        return None
    if statement.follows:
        if number == 0 or not lines[number - 1]:
            raise MeaningError("Before ⇔ a line is missing.")
        found.extend(lines[number - 1][-1].chains)
    return found


@dataclass(frozen=True)
class _History:
    """What a chain goes on from: its left side, and the relations up to the side before."""

    left: Term
    before: Term
    relations: tuple[str, ...]
    is_first: bool


def _history(
    lines: Sequence[tuple[Statement, ...]], number: int, place: int, chain: Chain
) -> _History:
    first = chain.sides[0]
    if first is not None:
        return _History(first, first, (), True)
    # Go back to the chain that this one continues.
    chains = [c for s in lines[number][:place] for c in s.chains]
    for line in reversed(lines[:number]):
        chains = [c for s in line for c in s.chains] + chains
    relations: tuple[str, ...] = ()
    for earlier in reversed(chains):
        relations = (*earlier.relations, *relations)
        if earlier.sides[0] is not None:
            last = chains[-1].sides[-1]
            assert last is not None
            return _History(earlier.sides[0], last, relations, False)
    raise MeaningError("The line goes on from nothing: write its left side.")


def _chain(chain: Chain, history: _History, bench: Bench, draw: int) -> Iterator[_Found]:
    left, before = history.left, history.before
    relations = list(history.relations)
    is_first = history.is_first
    if not chain.relations:
        raise MeaningError("The line states nothing: it has no relation.")
    for place, (relation, side) in enumerate(zip(chain.relations, chain.sides[1:], strict=True)):
        assert side is not None
        relations.append(relation)
        for found in _compare(before, relation, side, is_first, bench, draw):
            # Each relation of a chain must come near equality by itself.
            near = place and found[0] == NEARNESS
            yield (f"{NEARNESS} {place + 1}", *found[1:]) if near else found
        if not is_first and all(r == "=" for r in relations):
            yield from _equal(LEFT, left, side, bench, draw, bench.scale(before, draw))
        if has_derivative(side) and draw < 2:
            yield CENTRAL, _central_residual(side, side, bench, draw), CENTRAL_TOLERANCE, False
        before, is_first = side, False


def _compare(
    before: Term, relation: str, side: Term, is_first: bool, bench: Bench, draw: int
) -> Iterator[_Found]:
    if relation == "=":
        yield from _equal(LEFT if is_first else BEFORE, before, side, bench, draw)
        return
    if relation == "∈":
        yield from _shape(before, side, bench, draw)
        return
    if relation == SHAPE_SIGN:
        same = v.shape_of(bench.value(before, draw)) == bench.value(side, draw)
        yield SHAPE, 0.0 if same else 1.0, 0.0, False
        return
    a, b = bench.value(before, draw), bench.value(side, draw)
    if not all(bool(v.tensor(value).isfinite().all()) for value in (a, b)):
        yield ORDER, float("inf"), 0.0, False
        return
    scale = max(v.largest(a), v.largest(b), bench.scale(before, draw), bench.scale(side, draw))
    if relation == "≈":
        tolerance = bench.notation.approximate
        found = 0.0 if _rounded(before, a, side, b) else residual(a, b)
        yield APPROXIMATELY, found, tolerance, False
    elif relation == "≠":
        yield ORDER, 0.0 if residual(a, b) > IDENTITY_TOLERANCE else 1.0, 0.0, False
    elif relation in ("<", "≤", ">", "≥", "≪", "≫"):
        sign = 1.0 if relation in ("<", "≤", "≪") else -1.0
        slack = sign * (v.tensor(b) - v.tensor(a))
        low = float(slack.min()) / scale if scale else 0.0
        strict = relation in ("<", ">")
        broken = low <= 0.0 if strict else low < -IDENTITY_TOLERANCE
        yield (
            ORDER,
            max(0.0, -low) if not strict else float(broken),
            (IDENTITY_TOLERANCE if not strict else 0.0),
            False,
        )
        yield NEARNESS, abs(low), NEAR, True
    elif relation == "←":
        raise MeaningError(
            "An assignment changes a value: state the new value under its own name, or mark the "
            "formula with \\define."
        )
    else:
        raise MeaningError(f"The relation {relation} cannot be checked by numbers.")


def _equal(
    against: str, before: Term, side: Term, bench: Bench, draw: int, floor: float = 0.0
) -> Iterator[_Found]:
    """Compare two sides; `floor` is the size of numbers that cancelled in between."""
    a, b = bench.value(before, draw), bench.value(side, draw)
    found = residual(a, b)
    is_rounded = found > IDENTITY_TOLERANCE and _rounded(before, a, side, b)
    if found > IDENTITY_TOLERANCE:
        if is_rounded:
            found = 0.0
        elif found != float("inf"):
            found = residual(a, b, max(floor, bench.scale(before, draw), bench.scale(side, draw)))
    is_derivative = against == LEFT and has_derivative(before, bench.notation)
    yield AUTOGRAD if is_derivative else against, found, IDENTITY_TOLERANCE, False
    if is_derivative:
        # A rounded decimal is not exact enough for central differences: the derivative itself is.
        exact = before if is_rounded else side
        yield CENTRAL, _central_residual(before, exact, bench, draw), CENTRAL_TOLERANCE, False


def _central_residual(derivative: Term, side: Term, bench: Bench, draw: int) -> float:
    """How far a derivative by central differences lies from a side."""
    by_differences = bench.value(derivative, draw, CENTRAL)
    exact = bench.value(side, draw)
    floor = max(CENTRAL_FLOOR, bench.scale(side, draw))
    return residual(by_differences, exact, floor)


def _rounded(before: Term, a: Value, side: Term, b: Value) -> bool:
    """Whether one side is a decimal that the other one rounds to."""
    for term, written, other in ((side, b, a), (before, a, b)):
        number = term.body if isinstance(term, Negative) else term
        if isinstance(number, Number) and number.digits >= EXACT_DIGITS and not v.shape_of(other):
            half = 0.5 * 10.0**-number.digits
            if abs(v.number(written) - v.number(other)) <= half * (1 + 1e-9):
                return True
    return False


def _shape(before: Term, side: Term, bench: Bench, draw: int) -> Iterator[_Found]:
    among = bench.value(side, draw)
    if not isinstance(among, tuple):
        raise MeaningError("After ∈ a set is needed.")
    yield SHAPE, 0.0 if v.whole(bench.value(before, draw)) in among else 1.0, 0.0, False


def _holds(chain: Chain, bench: Bench, draw: int) -> bool:
    """Whether a chain is true on a draw."""
    first = chain.sides[0]
    if first is None:
        raise MeaningError("Both sides of ⇔ need a left side.")
    before = first
    for relation, side in zip(chain.relations, chain.sides[1:], strict=True):
        assert side is not None
        for against, found, tolerance, _ in _compare(before, relation, side, True, bench, draw):
            if against not in (NEARNESS, CENTRAL) and not found <= tolerance:
                return False
        before = side
    return True

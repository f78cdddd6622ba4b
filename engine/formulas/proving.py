"""Prove formulas by numbers: both sides of every relation, as drawn, on several draws."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isfinite

from engine.formulas import values as v
from engine.formulas.bench import AUTOGRAD, CENTRAL, DRAWS, Bench, bench_for
from engine.formulas.comparing import (
    APPROXIMATELY,
    BEFORE,
    LEFT,
    NEARNESS,
    ORDER,
    SHAPE,
    Finding,
    by_central_differences,
    compare,
    equal,
    has_derivative,
)
from engine.formulas.errors import MeaningError
from engine.formulas.notation import Notation
from engine.formulas.statements import Chain, Statement, read_lines
from engine.formulas.term import Term

SOLUTION = "on and off the solution"
ERROR = "the reading"
NO_VALUE = "The line cannot be evaluated."
_FAILURES = {
    LEFT: "This line is not equal to the left side.",
    BEFORE: "This line is not equal to the line before.",
    AUTOGRAD: "This line is not the derivative on the left side.",
    CENTRAL: "Central differences give another derivative.",
    APPROXIMATELY: "The two sides of ≈ are too far apart.",
    ORDER: "The two sides are not in this order on every draw.",
    NEARNESS: "The two sides never come near each other: a sharper relation holds, or the draws "
    "never reach the bound.",
    SHAPE: "The shape is another one.",
    SOLUTION: "The equations joined by ⇔ do not hold for the same values.",
}


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

    @property
    def failure(self) -> str:
        """What is wrong, in whole sentences; empty where it holds."""
        if self.ok:
            return ""
        said = next((s for key, s in _FAILURES.items() if self.against.startswith(key)), "")
        said = said or f"This does not agree with {self.against}."
        if self.against in (LEFT, BEFORE, AUTOGRAD, CENTRAL, APPROXIMATELY):
            if not isfinite(self.residual):
                return f"{said} Their shapes differ, or a value is not finite."
            said += (
                f" The difference is {self.residual:.2g} of the largest term; at most "
                f"{self.tolerance:.0e} is allowed."
            )
        return said


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
    def failure(self) -> str:
        """Why it is not proved, in whole sentences; empty where it is."""
        return "" if self.ok else self.problem or self.worst.failure

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


def prove_line(
    lines: Sequence[tuple[Statement, ...]], number: int, bench: Bench, draws: int = DRAWS
) -> LineProof:
    """Prove one line; those before it give its left side and the side that it continues."""
    found: dict[str, tuple[float, float]] = {}
    truths: list[bool] = []
    try:
        for draw in range(draws):
            for finding in _line(lines, number, bench, draw, truths):
                kept = finding.residual
                if finding.against in found:
                    choose = min if finding.takes_least else max
                    kept = choose(found[finding.against][0], kept)
                found[finding.against] = (kept, finding.tolerance)
            if draw == 0 and not bench.world(0).varies[0]:
                # Every other draw is the same, and none comes nearer to equality.
                found = {key: value for key, value in found.items() if NEARNESS not in key}
                break
    except (ValueError, RuntimeError, ArithmeticError, TypeError, IndexError) as error:
        comparison = Comparison(ERROR, float("inf"), 0.0)
        return LineProof(lines[number], (comparison,), draws, problem=str(error) or NO_VALUE)
    if truths and len(set(truths)) == 1:
        found[SOLUTION] = (float("inf"), 0.0)
    return LineProof(
        lines[number],
        tuple(Comparison(against, *pair) for against, pair in found.items()),
        draws,
    )


def _line(
    lines: Sequence[tuple[Statement, ...]],
    number: int,
    bench: Bench,
    draw: int,
    truths: list[bool],
) -> Iterator[Finding]:
    for place, statement in enumerate(lines[number]):
        group = _equivalents(lines, number, place)
        if group is not None:
            values = [_holds(chain, bench, draw) for chain in group]
            truths.append(values[0])
            yield Finding(SOLUTION, float(sum(value != values[0] for value in values)), 0.0)
            continue
        for chain in statement.chains:
            yield from _chain(chain, _history(lines, number, place, chain), bench, draw)


def _equivalents(
    lines: Sequence[tuple[Statement, ...]], number: int, place: int
) -> list[Chain] | None:
    """The chains of an equivalence, those of the statement first; None where there is none."""
    statement = lines[number][place]
    found = list(statement.chains)
    goes_on = (
        number + 1 < len(lines) and lines[number + 1] and lines[number + 1][0].follows
    ) and place == len(lines[number]) - 1
    if not statement.follows and not goes_on and len(found) == 1:
        return None
    if statement.follows:
        if number == 0 or not lines[number - 1]:
            raise MeaningError("A line is missing before ⇔.")
        found.extend(lines[number - 1][-1].chains)
    return found


@dataclass(frozen=True)
class _History:
    """What a chain continues: its left side, and the relations up to the side before."""

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
    raise MeaningError("There is nothing before this line to continue: write its left side.")


def _chain(chain: Chain, history: _History, bench: Bench, draw: int) -> Iterator[Finding]:
    left, before = history.left, history.before
    relations = list(history.relations)
    is_first = history.is_first
    if not chain.relations:
        raise MeaningError("The line states nothing: it has no relation.")
    for place, (relation, side) in enumerate(zip(chain.relations, chain.sides[1:], strict=True)):
        assert side is not None
        relations.append(relation)
        for found in compare(before, relation, side, is_first, bench, draw):
            # Each relation of a chain must come near equality by itself.
            near = place and found.against == NEARNESS
            yield found._replace(against=f"{NEARNESS} {place + 1}") if near else found
        if not is_first and all(r == "=" for r in relations):
            yield from equal(LEFT, left, side, bench, draw, before)
        if has_derivative(side) and draw < 2:
            yield by_central_differences(side, side, bench, draw)
        before, is_first = side, False


def _holds(chain: Chain, bench: Bench, draw: int) -> bool:
    """Whether a chain is true on a draw."""
    first = chain.sides[0]
    if first is None:
        raise MeaningError("Both sides of ⇔ need a left side.")
    before = first
    for relation, side in zip(chain.relations, chain.sides[1:], strict=True):
        assert side is not None
        for found in compare(before, relation, side, True, bench, draw):
            if found.against not in (NEARNESS, CENTRAL) and not found.residual <= found.tolerance:
                return False
        before = side
    return True

"""Prove blocks of numbers: what their rows say follows from the values of their first row.

A side with letters is evaluated under the given values, a side in plain numbers as it stands. All
must agree with the last side of their row within half a unit of its last digit, and within what
the rounding of numbers can make that were taken over from rows above. Given numbers are exact.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from engine.formulas import values as v
from engine.formulas.bench import Bench, bench_for
from engine.formulas.comparing import IDENTITY_TOLERANCE, NEARNESS, compare, residual
from engine.formulas.errors import MeaningError
from engine.formulas.notation import Notation
from engine.formulas.pinning import Given, givens, has_letters, pinned
from engine.formulas.proving import NO_VALUE, Comparison, prove_line
from engine.formulas.statements import Chain, Statement, read_statements
from engine.formulas.term import Term
from engine.formulas.terms import Number
from engine.formulas.written_numbers import WrittenNumber, half_units, written_numbers
from lessons.format.document import WithNumbers

if TYPE_CHECKING:
    import torch

DRAWS = 3
"""What the first row does not give is drawn so often: a row that needs it shows itself."""
LAST = "the last side"
_EQUALITIES = ("=", "≈")
_ERRORS = (ValueError, RuntimeError, ArithmeticError, TypeError, IndexError)


@dataclass(frozen=True, slots=True)
class RowProof:
    """What came of one row."""

    worst: Comparison
    problem: str = ""
    """What is wrong, in whole sentences; empty where the row holds."""


@dataclass
class Known:
    """The rounded numbers that the text has shown so far, and how far off each is."""

    errors: dict[tuple[float, int], float] = field(default_factory=dict)
    """By the absolute number and its digits after the point."""

    def add(self, number: Number, error: float, *, given: bool = False) -> None:
        """A number in the text; what is given is exact from now on."""
        key = (abs(number.number), number.digits)
        self.errors[key] = error if given else max(error, self.errors.get(key, 0.0))

    def of(self, number: Number) -> float:
        """How far a number in a row may be from what it stands for."""
        return self.errors.get((abs(number.number), number.digits), 0.0)


@dataclass(frozen=True)
class NumbersProof:
    """What came of the rows of a block, and what else is true under its given values."""

    rows: tuple[RowProof, ...]
    bench: Bench | None = None
    """With the given values; None where they cannot be read."""

    def holds(self, latex: str) -> bool:
        """Whether a formula of a reason states something that is true here."""
        if self.bench is None:
            return False
        try:
            claims = [s for s in read_statements(latex, self.bench.notation) if s.claims]
        except _ERRORS:
            return False
        return bool(claims) and prove_line((tuple(claims),), 0, self.bench, DRAWS).ok


def prove_numbers(
    block: WithNumbers, notation: Notation, known: Known, round_number: int = 0
) -> NumbersProof:
    """Prove the rows of a block; `known` holds the numbers of the blocks before, and learns."""
    try:
        rows = _Rows(block, notation, known, round_number)
        return NumbersProof(tuple(rows.proofs()), rows.bench)
    except _UnreadableRowError as error:
        broken = Comparison("the reading", float("inf"), 0.0)
        fine = Comparison("the reading", 0.0, 0.0)
        return NumbersProof(
            tuple(
                RowProof(broken, error.problem) if row == error.row else RowProof(fine)
                for row in range(len(block.rows))
            )
        )


class _UnreadableRowError(ValueError):
    def __init__(self, row: int, problem: str) -> None:
        super().__init__(problem)
        self.row, self.problem = row, problem


class _Rows:
    """One pass over the rows of a block."""

    def __init__(
        self, block: WithNumbers, notation: Notation, known: Known, round_number: int
    ) -> None:
        self.known = known
        self.lines: list[tuple[Statement, ...]] = []
        for place, row in enumerate(block.rows):
            try:
                self.lines.append(read_statements(row.latex, notation))
            except ValueError as error:
                raise _UnreadableRowError(place, str(error)) from None
        self.bench = bench_for(self.lines, notation, block.names[0], round_number)
        try:
            self._pin(givens(self.lines[0]), notation)
        except _ERRORS as error:
            raise _UnreadableRowError(0, str(error) or NO_VALUE) from None

    def _pin(self, given: Sequence[Given], notation: Notation) -> None:
        """Take the given values for the drawn ones; a value that is known already stays exact."""
        free = [item for item in given if not self._is_settled(item, notation)]
        for draw in range(DRAWS):
            self.bench.settle(draw, pinned(self.bench.world(draw), free))
        for item in free:
            for number in written_numbers(item.value):
                self.known.add(number.number, 0.0, given=True)

    def _is_settled(self, item: Given, notation: Notation) -> bool:
        """Whether the notation has one value for a symbol, which the text may round."""
        bench = Bench(notation, "settled")
        try:
            exact = bench.value(item.symbol, 0)
        except _ERRORS:
            return False
        if bench.world(0).varies[0]:
            return False
        value = bench.value(item.value, 0)
        if v.shape_of(exact) != v.shape_of(value):
            return False
        off, half = _distance(exact, value), half_units(item.value)
        if not bool((off <= half + IDENTITY_TOLERANCE).all()):
            if notation.has_definition(item.symbol):
                raise MeaningError(
                    f"By its definition this symbol is {_shown(exact)}, and the row gives "
                    f"{_shown(value)}."
                )
            return False
        for number, error in zip(written_numbers(item.value), off.reshape(-1), strict=False):
            self.known.add(number.number, float(error) / number.scale, given=True)
        return True

    def proofs(self) -> Iterator[RowProof]:
        """The proof of each row, in order; the first one gives."""
        yield RowProof(Comparison("the given values", 0.0, 0.0))
        last: Term | None = None
        for line in self.lines[1:]:
            chains = [chain for statement in line for chain in statement.chains]
            try:
                found = []
                for chain in chains:
                    if chain.sides[0] is None and last is not None:
                        chain = replace(chain, sides=(last, *chain.sides[1:]))
                    found.append(self._chain(chain))
                    last = chain.sides[-1]
                if not found:
                    raise MeaningError("The row states nothing: write A = B.")
                yield max(found, key=lambda proof: (bool(proof.problem), _ratio(proof.worst)))
            except _ERRORS as error:
                broken = Comparison("the reading", float("inf"), 0.0)
                yield RowProof(broken, str(error) or NO_VALUE)

    def _chain(self, chain: Chain) -> RowProof:
        sides = [side for side in chain.sides if side is not None]
        if not chain.relations or len(sides) != len(chain.sides):
            raise MeaningError("The row states nothing: write A = B.")
        if all(has_letters(side) for side in sides):
            raise MeaningError("The row has no number: end it with one.")
        for side in sides:
            self._must_be_given(side)
        found: list[RowProof] = []
        start = 0
        for place, relation in enumerate((*chain.relations, "")):
            if relation in _EQUALITIES:
                continue
            part = chain.relations[start:place]
            found += self._equal(sides[start : place + 1], part)
            if relation:
                found.append(self._ordered(sides[place], relation, sides[place + 1]))
            start = place + 1
        worst = max(found, key=lambda proof: (bool(proof.problem), _ratio(proof.worst)))
        if not worst.problem:
            self._learn(sides)
        return worst

    def _must_be_given(self, side: Term) -> None:
        """Refuse a side that depends on something drawn."""
        if not has_letters(side):
            return
        first, *others = (self.bench.value(side, draw) for draw in range(DRAWS))
        if any(residual(first, other) > IDENTITY_TOLERANCE for other in others):
            drawn = ", ".join(self.bench.world(0).drawn_names) or "an index"
            raise MeaningError(
                f"A side depends on values that the first row does not give; drawn were: {drawn}."
            )

    def _equal(self, sides: Sequence[Term], relations: Sequence[str]) -> Iterator[RowProof]:
        """Each side against the last one."""
        last = sides[-1]
        wanted = self.bench.value(last, 0)
        room = self._room(last)
        for place, side in enumerate(sides[:-1]):
            value = self.bench.value(side, 0)
            if v.shape_of(value) != v.shape_of(wanted):
                worst = Comparison(LAST, float("inf"), 0.0)
                yield RowProof(
                    worst,
                    f"The shapes differ: {v.dimensions(value)}, and {v.dimensions(wanted)} in the "
                    "last side.",
                )
                continue
            largest = max(v.largest(value), v.largest(wanted))
            # By the numbers that a side is made of: 3 - 3 that is computed is no exact 0.
            made_of = max(self.bench.scale(one, 0) for one in (side, last))
            slack = IDENTITY_TOLERANCE * max(largest, made_of, 1e-300)
            if "≈" in relations[place:]:
                slack = self.bench.notation.approximate * largest
            allowed = (self._room(side) + room) * (1 + 1e-9) + slack
            off = _distance(value, wanted)
            at = int((off / allowed).argmax())
            distance, most = (
                float(off.reshape(-1)[at]),
                float(allowed.expand_as(off).reshape(-1)[at]),
            )
            worst = Comparison(LAST, distance, most)
            said = f"Side {place + 1} of the row is {_shown(value)}, and the last side is "
            problem = "" if worst.ok else f"{said}{_shown(wanted)}."
            yield RowProof(worst, problem)

    def _ordered(self, before: Term, relation: str, side: Term) -> RowProof:
        """A relation that is no equality."""
        for finding in compare(before, relation, side, True, self.bench, 0):
            if finding.against != NEARNESS and not finding.residual <= finding.tolerance:
                worst = Comparison(finding.against, finding.residual, finding.tolerance)
                return RowProof(worst, worst.failure)
        return RowProof(Comparison("the order", 0.0, 0.0))

    def _room(self, side: Term) -> torch.Tensor:
        """How far off a side may be, entry by entry, by the rounding of what is written in it."""
        written = [*written_numbers(side)]
        if written:
            return half_units(side)
        value = v.tensor(self.bench.value(side, 0))
        room = value.new_zeros(value.shape)
        groups: dict[tuple[float, int], list[Number]] = {}
        for term in side.walk():
            if isinstance(term, Number) and self.known.of(term):
                groups.setdefault((abs(term.number), term.digits), []).append(term)
        for numbers in groups.values():
            error = self.known.of(numbers[0])
            moves = [self._moved(side, numbers, sign * error, value) for sign in (1.0, -1.0)]
            room = room + moves[0].maximum(moves[1])
        return room

    def _moved(
        self, side: Term, numbers: Sequence[Number], by: float, value: torch.Tensor
    ) -> torch.Tensor:
        """How far a side moves where a number in it, wherever it stands, is moved."""
        for number in numbers:
            away = by if number.number >= 0 else -by
            side = side.replaced(number, replace(number, number=number.number + away))
        try:
            found = v.tensor(v.detached(side.value(self.bench.world(0))))
        except _ERRORS:
            return value.new_zeros(value.shape)
        return (found - value).abs()

    def _learn(self, sides: Sequence[Term]) -> None:
        """Note the numbers that a row shows, and how far they are from what they stand for."""
        exact = next((self.bench.value(s, 0) for s in sides if has_letters(s)), None)
        for side in sides:
            numbers: list[WrittenNumber] = list(written_numbers(side))
            if not numbers:
                continue
            errors = half_units(side).reshape(-1).tolist()
            value = self.bench.value(side, 0)
            if exact is not None and v.shape_of(exact) == v.shape_of(value):
                errors = _distance(exact, value).reshape(-1).tolist()
            for number, error in zip(numbers, errors, strict=True):
                self.known.add(number.number, error / number.scale)


def _ratio(comparison: Comparison) -> float:
    if not comparison.tolerance:
        return comparison.residual
    return comparison.residual / comparison.tolerance


def _distance(one: v.Value, other: v.Value) -> torch.Tensor:
    return (v.tensor(one) - v.tensor(other)).abs()


def _shown(value: v.Value) -> str:
    """A value for an error: a number with six digits, a matrix by rows."""
    if not v.shape_of(value):
        return f"{v.number(value):.6g}"
    rows = ["  ".join(f"{entry:.6g}" for entry in row) for row in v.tensor(value).tolist()]
    return f"({'; '.join(rows)})"

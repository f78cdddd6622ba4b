"""The lines of a derivation with one of them exchanged: whether it holds, and what its values are.

Proofs evaluate formulas, which imports torch: call these from a worker, not while a screen waits.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from engine.formulas import values as v
from engine.formulas.bench import DRAWS, Bench, bench_for
from engine.formulas.comparing import residual
from engine.formulas.errors import MathSyntaxError
from engine.formulas.mutants import mutants
from engine.formulas.notation import Notation
from engine.formulas.proving import LineProof, prove_line
from engine.formulas.statements import Statement, read_lines, read_statements
from engine.formulas.term import Term
from engine.formulas.values import Value
from engine.formulas.written import right_sides
from lessons.format.document import Derivation

ERRORS = (ValueError, RuntimeError, ArithmeticError, TypeError, LookupError)
"""What evaluating a formula may raise that a learner wrote, or that a change has made."""
_ALIKE = 1e-9
_MOST_MUTANTS = 120


@dataclass(frozen=True)
class Lines:
    """The lines of a derivation as they are read, and the numbers that they are tried with."""

    block: Derivation
    notation: Notation

    @cached_property
    def read(self) -> tuple[tuple[Statement, ...], ...]:
        """The statements of each line."""
        return read_lines([line.latex for line in self.block.lines], self.notation)

    @cached_property
    def bench(self) -> Bench:
        """The random values on which the lines are evaluated, the same at each call."""
        return bench_for(self.read, self.notation, self.block.name)

    def latex(self, line: int) -> str:
        """A line as it is drawn; `line` counts from 0."""
        return self.block.lines[line].latex

    def other(self, latex: str) -> tuple[Statement, ...]:
        """What another line states.

        Raises:
            MathSyntaxError, MeaningError: it cannot be read.
        """
        found = read_statements(latex, self.notation)
        if not found:
            raise MathSyntaxError("The formula is empty.", latex, 0)
        return found

    def proof(self, line: int, changed: tuple[Statement, ...], draws: int = DRAWS) -> LineProof:
        """The proof of what stands in the place of a line."""
        lines = list(self.read)
        lines[line] = changed
        try:
            return prove_line(lines, line, self.bench, draws)
        except LookupError as error:  # an index that nothing binds any more
            return LineProof(changed, (), draws, problem=str(error))

    def is_refused(self, line: int, latex: str) -> bool:
        """Whether a line can be evaluated, and is not what the drawn line is."""
        try:
            found = self.proof(line, self.other(latex), 1)
        except ERRORS:
            return False
        return not found.ok and not found.problem

    def value(self, term: Term, draw: int) -> Value | None:
        """The value of a side; None where it has none."""
        try:
            return self.bench.value(term, draw)
        except ERRORS:
            return None

    def side(self, line: int) -> Term | None:
        """The last side of a line; None where there are several statements."""
        return last_side(self.read[line])

    def left(self, line: int) -> Term | None:
        """The left side that a line goes back to."""
        for statements in reversed(self.read[: line + 1]):
            for statement in reversed(statements):
                first = statement.chains[0].sides[0]
                if first is not None:
                    return first
        return None

    def slip_of(self, line: int, answer: Term) -> str:
        """The kind of the mutant of a line that has the values of an answer; empty for none."""
        given = [self.value(answer, draw) for draw in (0, 1)]
        right = self.side(line)
        if right is None or any(value is None for value in given):
            return ""
        for kind, side in _changed(self.read[line], right):
            found = [self.value(side, draw) for draw in (0, 1)]
            if all(_agree(a, b) for a, b in zip(given, found, strict=True)):
                return kind
        wanted = [self.value(right, draw) for draw in (0, 1)]
        return _kind_of(given, wanted)


def last_side(statements: Sequence[Statement]) -> Term | None:
    """The last side of a line that is one chain of relations."""
    if len(statements) != 1 or len(statements[0].chains) != 1:
        return None
    return statements[0].chains[0].sides[-1]


def _changed(statements: Sequence[Statement], right: Term) -> Iterator[tuple[str, Term]]:
    """The mutants of the last side, each with its kind."""
    for number, mutant in enumerate(mutants(statements[0])):
        if number >= _MOST_MUTANTS:
            return
        side = last_side((mutant.statement,))
        if side is not None and side is not right:
            yield mutant.kind, side


def _agree(one: Value | None, other: Value | None) -> bool:
    if one is None or other is None:
        return False
    try:
        return residual(one, other) <= _ALIKE
    except ERRORS:
        return False


def _kind_of(given: Sequence[Value | None], wanted: Sequence[Value | None]) -> str:
    """What an answer is to the right value as a whole: minus it, its transpose, a multiple."""
    pairs = [(a, b) for a, b in zip(given, wanted, strict=True) if a is not None and b is not None]
    if len(pairs) != len(given):
        return ""
    tensors = [(v.tensor(a), v.tensor(b)) for a, b in pairs]
    if all(_agree(-a, b) for a, b in tensors):
        return "sign flipped"
    if all(a.dim() == 2 and a.shape[0] != a.shape[1] and _agree(a.T, b) for a, b in tensors):
        return "transposed"
    for factor in (2.0, 0.5):
        if all(_agree(a, b * factor) for a, b in tensors):
            return "twice" if factor == 2.0 else "half"
    return ""


def sides_of(statements: Sequence[Statement]) -> Iterator[Term]:
    """Every right side of a line."""
    for statement in statements:
        yield from right_sides(statement)

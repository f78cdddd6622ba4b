"""Compares the two sides of one relation on one draw."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from engine.formulas import values as v
from engine.formulas.bench import AUTOGRAD, CENTRAL, Bench
from engine.formulas.derivatives import Derivative, Differential
from engine.formulas.errors import MeaningError
from engine.formulas.functions import Call
from engine.formulas.notation import Notation
from engine.formulas.statements import SHAPE_SIGN
from engine.formulas.term import Term
from engine.formulas.terms import Negative, Number, Reference
from engine.formulas.values import Value

IDENTITY_TOLERANCE = 1e-9
"""Relative, between two sides computed in float64."""
CENTRAL_TOLERANCE = 1e-6
"""Relative, against central differences, whose own error is about 1e-9."""
NEAR = 0.05
"""Relative: how near to equality at least one draw of an inequality must come."""
CENTRAL_FLOOR = 1e-3
"""The smallest scale that central differences are measured on, relative to what is differentiated:
their rounding error does not shrink with the derivative."""
EXACT_DIGITS = 3
"""A decimal with at least this many digits after the point may be a rounded value."""

BEFORE = "the line before"
LEFT = "the left side"
NEARNESS = "near equality"
APPROXIMATELY = "approximately"
ORDER = "the order"
SHAPE = "the shape"


class Finding(NamedTuple):
    """One comparison on one draw."""

    against: str
    residual: float
    tolerance: float
    takes_least: bool = False
    """Whether the smallest residual of all draws counts, not the largest."""


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


def compare(
    before: Term, relation: str, side: Term, is_first: bool, bench: Bench, draw: int
) -> Iterator[Finding]:
    """Compare two sides as their relation says; `is_first` where `before` is the left side.

    Raises:
        MeaningError: a side has no value, or the relation cannot be checked by numbers.
    """
    if relation == "=":
        yield from equal(LEFT if is_first else BEFORE, before, side, bench, draw)
        return
    if relation == "∈":
        yield from _shape(before, side, bench, draw)
        return
    if relation == SHAPE_SIGN:
        same = v.shape_of(bench.value(before, draw)) == bench.value(side, draw)
        yield Finding(SHAPE, 0.0 if same else 1.0, 0.0)
        return
    a, b = bench.value(before, draw), bench.value(side, draw)
    if not all(bool(v.tensor(value).isfinite().all()) for value in (a, b)):
        yield Finding(ORDER, float("inf"), 0.0)
        return
    scale = max(v.largest(a), v.largest(b), bench.scale(before, draw), bench.scale(side, draw))
    if relation == "≈":
        found = 0.0 if _rounded(before, a, side, b) else residual(a, b)
        yield Finding(APPROXIMATELY, found, bench.notation.approximate)
    elif relation == "≠":
        yield Finding(ORDER, 0.0 if residual(a, b) > IDENTITY_TOLERANCE else 1.0, 0.0)
    elif relation in ("<", "≤", ">", "≥", "≪", "≫"):
        sign = 1.0 if relation in ("<", "≤", "≪") else -1.0
        slack = sign * (v.tensor(b) - v.tensor(a))
        low = float(slack.min()) / scale if scale else 0.0
        if relation in ("<", ">"):
            yield Finding(ORDER, float(low <= 0.0), 0.0)
        else:
            yield Finding(ORDER, max(0.0, -low), IDENTITY_TOLERANCE)
        yield Finding(NEARNESS, abs(low), NEAR, takes_least=True)
    elif relation == "←":
        raise MeaningError(
            "An assignment changes a value: state the new value under its own name, or mark the "
            "formula with \\define."
        )
    else:
        raise MeaningError(f"The relation {relation} cannot be checked by numbers.")


def equal(
    against: str, before: Term, side: Term, bench: Bench, draw: int, through: Term | None = None
) -> Iterator[Finding]:
    """Compare two sides of =; the numbers that `through` is made of cancelled in between."""
    a, b = bench.value(before, draw), bench.value(side, draw)
    found = residual(a, b)
    is_rounded = found > IDENTITY_TOLERANCE and _rounded(before, a, side, b)
    if found > IDENTITY_TOLERANCE:
        if is_rounded:
            found = 0.0
        elif found != float("inf"):
            scales = (bench.scale(term, draw) for term in (before, side, through) if term)
            found = residual(a, b, max(scales))
    is_derivative = against == LEFT and has_derivative(before, bench.notation)
    yield Finding(AUTOGRAD if is_derivative else against, found, IDENTITY_TOLERANCE)
    if is_derivative:
        # A rounded decimal is not exact enough for central differences: the derivative itself is.
        exact = before if is_rounded else side
        yield by_central_differences(before, exact, bench, draw)


def by_central_differences(derivative: Term, side: Term, bench: Bench, draw: int) -> Finding:
    """How far a derivative by central differences is from a side."""
    approximate, value = bench.value(derivative, draw, CENTRAL), bench.value(side, draw)
    found = residual(approximate, value, CENTRAL_FLOOR)
    if CENTRAL_TOLERANCE < found < float("inf"):
        floor = CENTRAL_FLOOR
        if isinstance(derivative, Derivative | Differential):
            floor *= max(1.0, bench.scale(derivative.body, draw))
        floor = max(floor, bench.scale(side, draw), bench.scale(derivative, draw))
        found = residual(approximate, value, floor)
    return Finding(CENTRAL, found, CENTRAL_TOLERANCE)


def _rounded(before: Term, a: Value, side: Term, b: Value) -> bool:
    """Whether one side is a decimal that the other one rounds to."""
    for term, written, other in ((side, b, a), (before, a, b)):
        number = term.body if isinstance(term, Negative) else term
        if isinstance(number, Number) and number.digits >= EXACT_DIGITS and not v.shape_of(other):
            half = 0.5 * 10.0**-number.digits
            if abs(v.number(written) - v.number(other)) <= half * (1 + 1e-9):
                return True
    return False


def _shape(before: Term, side: Term, bench: Bench, draw: int) -> Iterator[Finding]:
    among = bench.value(side, draw)
    if not isinstance(among, tuple):
        raise MeaningError("After ∈ a set is needed.")
    yield Finding(SHAPE, 0.0 if v.whole(bench.value(before, draw)) in among else 1.0, 0.0)

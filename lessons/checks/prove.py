"""Prove a derivation by numbers: each line against its left side and the line before."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import numpy as np

from lessons.checks.base import (
    CENTRAL_TOLERANCE,
    Array,
    DerivationCheck,
    Derivative,
    Draw,
    Evaluate,
    Line,
    Value,
)

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True, slots=True)
class Comparison:
    """One comparison over all draws."""

    against: str
    """`the line before`, `the left side`, `autograd` or `central differences`."""
    residual: float
    tolerance: float

    @property
    def ok(self) -> bool:
        """Whether the largest residual stays within the tolerance; nan never does."""
        return bool(self.residual <= self.tolerance)


@dataclass(frozen=True, slots=True, eq=False)
class LineProof:
    """What the numbers say about one line."""

    comparisons: tuple[Comparison, ...]
    draws: int
    values: Array
    """The value of the line at the first draw."""
    left: Array
    """What it is compared with at the first draw."""
    draw: Draw
    """The first draw itself."""

    @property
    def ok(self) -> bool:
        """Whether every comparison holds."""
        return all(comparison.ok for comparison in self.comparisons)

    @property
    def worst(self) -> Comparison:
        """The comparison that comes nearest to failing."""
        return max(
            self.comparisons,
            key=lambda c: np.inf if np.isnan(c.residual) else c.residual / c.tolerance,
        )


def residual(left: Value, right: Value, floor: float = 0.0) -> float:
    """The largest difference relative to the largest number; inf where the shapes differ.

    max|left − right| / max(max|left|, max|right|, floor), and 0 where all of them are 0.
    """
    a, b = np.asarray(left, dtype=np.float64), np.asarray(right, dtype=np.float64)
    if a.shape != b.shape:
        return float("inf")
    if a.size == 0:
        return 0.0
    if not (np.isfinite(a).all() and np.isfinite(b).all()):
        return float("inf")
    difference = float(np.abs(a - b).max())
    scale = max(float(np.abs(a).max()), float(np.abs(b).max()), floor)
    return difference / scale if scale else 0.0


def draws(name: str, check: DerivationCheck, round_number: int = 0) -> Iterator[Draw]:
    """The seeded draws of a derivation; another round gives new ones."""
    seed = zlib.crc32(name.encode())
    for index in range(check.draws):
        yield check.draw(np.random.default_rng([seed, round_number, index]))


def prove(name: str, check: DerivationCheck, round_number: int = 0) -> tuple[LineProof, ...]:
    """Prove all lines of the derivation `name` on fresh draws."""
    return prove_lines(name, check, tuple(line.value for line in check.lines), round_number)


def prove_variant(
    name: str, check: DerivationCheck, index: int, wrong: Evaluate, round_number: int = 0
) -> LineProof:
    """The proof of line `index` where it is replaced by a wrong variant; it must not hold."""
    values = [line.value for line in check.lines]
    values[index] = wrong
    return prove_lines(name, check, tuple(values[: index + 1]), round_number)[index]


def prove_lines(
    name: str, check: DerivationCheck, values: tuple[Evaluate, ...], round_number: int
) -> tuple[LineProof, ...]:
    """Compare the given values of the first lines with their left sides and each other."""
    worst: list[dict[str, float]] = [{} for _ in values]
    first: list[tuple[Array, Array, Draw]] = []
    for draw in draws(name, check, round_number):
        lefts: dict[str, _Side] = {}
        before: Value | None = None
        for index, value in enumerate(values):
            line = check.lines[index]
            if index == 0 or line.left is not None:
                lefts = _left_sides(line.left or check.left, draw)
                before = None
            right = np.asarray(value(draw), dtype=np.float64)
            others = dict(lefts)
            if before is not None:
                others["the line before"] = _Side(before)
            for against, left in others.items():
                found = residual(left.value, right, max(line.floor, left.floor))
                worst[index][against] = max(worst[index].get(against, 0.0), found)
            if len(first) == index:
                first.append((right, np.asarray(next(iter(lefts.values())).value), draw))
            before = right
    return tuple(
        LineProof(
            tuple(
                Comparison(against, found, _tolerance(check.lines[index], against))
                for against, found in worst[index].items()
            ),
            check.draws,
            *first[index],
        )
        for index in range(len(values))
    )


def _tolerance(line: Line, against: str) -> float:
    return max(line.tolerance, CENTRAL_TOLERANCE) if against == CENTRAL else line.tolerance


AUTOGRAD = "autograd"
CENTRAL = "central differences"


@dataclass(frozen=True, slots=True)
class _Side:
    """A left side, and the least scale that differences from it are measured on."""

    value: Value
    floor: float = 0.0


def _left_sides(left: Evaluate | Derivative, draw: Draw) -> dict[str, _Side]:
    if not isinstance(left, Derivative):
        return {"the left side": _Side(left(draw))}
    pick = left.pick or (lambda derivative, _: derivative)
    exact = autograd_derivative(left, draw)
    # The rounding of a difference quotient does not shrink with the entry that is picked, so it
    # is measured against the largest entry.
    largest = float(np.abs(exact).max(initial=0.0))
    return {
        AUTOGRAD: _Side(pick(exact, draw)),
        CENTRAL: _Side(pick(central_derivative(left, draw), draw), largest),
    }


def autograd_derivative(derivative: Derivative, draw: Draw) -> Array:
    """The derivative by torch autograd, shape `output.shape + at.shape`, float64."""
    import torch

    def function(point: torch.Tensor) -> torch.Tensor:
        return _evaluate(derivative, draw, point)

    point = torch.tensor(np.asarray(getattr(draw, derivative.entry(draw)), dtype=np.float64))
    jacobian = torch.autograd.functional.jacobian(function, point)
    return cast("Array", cast("torch.Tensor", jacobian).numpy())


def by_autograd(of: Callable[[SimpleNamespace], object], at: str, draw: Draw) -> Array:
    """∂ of / ∂ at by autograd: for lines that still hold a derivative."""
    return autograd_derivative(Derivative(of, at), draw)


def central_derivative(derivative: Derivative, draw: Draw) -> Array:
    """The derivative by central differences, (f(x + h) − f(x − h)) / 2h for each entry of x.

    h is ∛ε · max(1, |x|): it balances truncation and rounding in float64.
    """
    import torch

    x = np.asarray(getattr(draw, derivative.entry(draw)), dtype=np.float64)
    steps = np.cbrt(np.finfo(np.float64).eps) * np.maximum(1.0, np.abs(x))
    columns = []
    for index in np.ndindex(x.shape):
        high, low = x.copy(), x.copy()
        high[index] += steps[index]
        low[index] -= steps[index]
        with torch.no_grad():
            rise = _evaluate(derivative, draw, torch.tensor(high)) - _evaluate(
                derivative, draw, torch.tensor(low)
            )
        columns.append(rise.numpy() / (high[index] - low[index]))
    stacked = np.stack(columns, axis=-1)
    return cast("Array", stacked.reshape((*stacked.shape[:-1], *x.shape)))


def _evaluate(derivative: Derivative, draw: Draw, point: torch.Tensor) -> torch.Tensor:
    import torch

    tensors = {
        name: torch.tensor(value) if isinstance(value, np.ndarray) else value
        for name, value in vars(draw).items()
    }
    tensors[derivative.entry(draw)] = point
    return cast("torch.Tensor", derivative.of(SimpleNamespace(**tensors)))

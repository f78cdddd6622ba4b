"""Ways to draw numbers. Each function returns a maker for `Notation.drawn`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.formulas.declarations import Maker
from engine.formulas.values import Value


def normal(scale: float = 1.0) -> Maker:
    """Normal numbers that stay away from 0, so that a lost factor is noticed."""

    def make(rng: np.random.Generator, shape: tuple[int, ...]) -> Value:
        found = rng.normal(size=shape)
        return scale * np.asarray(np.sign(found) * (np.abs(found) + 0.1))

    return make


def uniform(low: float, high: float) -> Maker:
    """Numbers drawn uniformly between two bounds."""
    return lambda rng, shape: np.asarray(rng.uniform(low, high, size=shape))


def positive(low: float = 0.3, high: float = 3.0) -> Maker:
    """Positive numbers: rates, variances, denominators."""
    return uniform(low, high)


def negative(low: float = -3.0, high: float = -0.3) -> Maker:
    """Negative numbers."""
    return uniform(low, high)


def integer(low: int, high: int) -> Maker:
    """A whole number from `low` to `high`, both included."""
    return lambda rng, shape: int(rng.integers(low, high + 1))


def choice(*values: float) -> Maker:
    """One of the given values for every entry, all equally probable."""

    def make(rng: np.random.Generator, shape: tuple[int, ...]) -> Value:
        found = rng.choice(np.asarray(values), size=shape)
        whole = all(float(value).is_integer() for value in values)
        return int(found) if not shape and whole else np.asarray(found, dtype=np.float64)

    return make


def simplex() -> Maker:
    """Positive numbers that add up to 1."""

    def make(rng: np.random.Generator, shape: tuple[int, ...]) -> Value:
        found = rng.uniform(0.2, 2.0, size=shape)
        return np.asarray(found / found.sum())

    return make


def one_hot() -> Maker:
    """Columns of zeros with a single 1 in each."""

    def make(rng: np.random.Generator, shape: tuple[int, ...]) -> Value:
        rows, columns = shape
        found = np.zeros(shape)
        found[rng.integers(rows, size=columns), np.arange(columns)] = 1.0
        return found

    return make


def one_hot_rows() -> Maker:
    """Rows of zeros with a single 1 in each."""
    return lambda rng, shape: np.asarray(one_hot()(rng, shape[::-1])).T


def ones() -> Maker:
    """Every entry 1."""
    return lambda rng, shape: np.ones(shape)


def constant(value: float | Sequence[float] | Sequence[Sequence[float]]) -> Maker:
    """The same value on every draw; a flat list is a column."""

    def make(rng: np.random.Generator, shape: tuple[int, ...]) -> Value:
        if isinstance(value, int):
            return value
        return np.asarray(value, dtype=np.float64)

    return make


def distinct(low: int, high: int) -> Maker:
    """A vector of whole numbers from `low` to `high`, no two of them equal."""

    def make(rng: np.random.Generator, shape: tuple[int, ...]) -> Value:
        count = int(np.prod(shape))
        found = rng.permutation(np.arange(low, high + 1))[:count]
        return np.asarray(found, dtype=np.float64).reshape(shape)

    return make

"""Numbers as bits: solution, slips, tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from lessons.exercises.exercise import Case, call

FUNCTIONS = ("encode", "target")


def encode(number: Any, bits: Any) -> Any:
    """The binary digits of number, that of 1 first."""
    return [number >> k & 1 for k in range(bits)]


def target(number: Any) -> Any:
    """0 the number itself, 1 fizz, 2 buzz, 3 fizzbuzz."""
    if number % 15 == 0:
        return 3
    if number % 5 == 0:
        return 2
    return 1 if number % 3 == 0 else 0


def _late(number: Any) -> Any:
    if number % 3 == 0:
        return 1
    if number % 5 == 0:
        return 2
    return 3 if number % 15 == 0 else 0


SLIPS: Mapping[str, Mapping[str, Any]] = {
    "backwards": {"encode": lambda n, bits: [n >> k & 1 for k in reversed(range(bits))]},
    "fifteen-last": {"target": _late},
    "fizz-buzz-exchanged": {"target": lambda n: {1: 2, 2: 1}.get(target(n), target(n))},
    "float-digits": {"encode": lambda n, bits: [n << k & 1 for k in range(bits)]},
}


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Small numbers by hand, then drawn ones."""
    yield call("encode", 5, 4)
    for number in (1, 6, 13, int(rng.integers(100, 1000))):
        yield call("encode", number, 10)
    for number in (1, 3, 5, 15, 30, int(rng.integers(1, 1000))):
        yield call("target", number)

"""First weights of the right size: solution, slips, tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from lessons.exercises.exercise import Case

FUNCTIONS = ("first_weights",)


def first_weights(inputs: Any, outputs: Any, rng: Any) -> Any:
    """Weights (outputs x inputs) with standard deviation sqrt(2 / inputs)."""
    return rng.normal(0, np.sqrt(2 / inputs), (outputs, inputs))


SLIPS: Mapping[str, Mapping[str, Any]] = {
    "variance": {"first_weights": lambda i, o, rng: rng.normal(0, 2 / i, (o, i))},
    "outputs": {"first_weights": lambda i, o, rng: rng.normal(0, np.sqrt(2 / o), (o, i))},
    "transposed": {"first_weights": lambda i, o, rng: rng.normal(0, np.sqrt(2 / i), (i, o))},
    "no-two": {"first_weights": lambda i, o, rng: rng.normal(0, np.sqrt(1 / i), (o, i))},
    "whole-division": {"first_weights": lambda i, o, rng: rng.normal(0, np.sqrt(2 // i), (o, i))},
    "both": {"first_weights": lambda i, o, rng: rng.normal(0, np.sqrt(2 / (i + o)), (o, i))},
    "two-outside": {"first_weights": lambda i, o, rng: rng.normal(0, 2 / np.sqrt(i), (o, i))},
}


def _drawn(inputs: int, outputs: int, seed: int) -> Case:
    def run(namespace: Mapping[str, Any]) -> object:
        return namespace["first_weights"](inputs, outputs, np.random.default_rng(seed))

    return Case(f"first_weights({inputs}, {outputs}, rng)", run)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Several widths, the draws of a seeded generator."""
    for inputs, outputs in ((3, 2), (8, 5), (2, 6)):
        yield _drawn(inputs, outputs, int(rng.integers(1000)))

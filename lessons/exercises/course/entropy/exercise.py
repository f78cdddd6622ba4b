"""Entropy and KL: solution, slips, tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from lessons.exercises.exercise import Case, call

FUNCTIONS = ("entropy", "kl")


def entropy(p: Any) -> Any:
    """The entropy of p in nats; classes without probability add nothing."""
    p = p[p > 0]
    return -(p * np.log(p)).sum()


def kl(p: Any, q: Any) -> Any:
    """How many nats the expectation q costs beyond the entropy of p."""
    p, q = p[p > 0], q[p > 0]
    return (p * np.log(p / q)).sum()


SLIPS: Mapping[str, Mapping[str, Any]] = {
    "bits": {
        "entropy": lambda p: entropy(p) / np.log(2),
        "kl": lambda p, q: kl(p, q) / np.log(2),
    },
    "other-way": {"kl": lambda p, q: kl(q, p) if (p > 0).all() else np.inf},
    "zero": {
        "entropy": lambda p: -(p * np.log(p)).sum(),
        "kl": lambda p, q: (p * np.log(p / q)).sum(),
    },
    "sign": {"entropy": lambda p: -entropy(p)},
    "kl-sign": {"kl": lambda p, q: -kl(p, q)},
    "cross-entropy": {"kl": lambda p, q: -(p * np.log(q)).sum()},
}


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Ordinary probabilities, then one with a 0."""
    yield call("entropy", np.array([0.5, 0.5]))
    yield call("entropy", np.array([0.0, 0.25, 0.75]))
    yield call("kl", np.array([0.5, 0.5]), np.array([0.25, 0.75]))
    yield call("kl", np.array([0.0, 0.25, 0.75]), np.array([0.2, 0.3, 0.5]))
    yield call("kl", rng.dirichlet(np.ones(4)), rng.dirichlet(np.ones(4)))

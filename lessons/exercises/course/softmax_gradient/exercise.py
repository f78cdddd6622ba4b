"""The gradient on the scores: solution, slips, tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from lessons.exercises.exercise import Case, call
from lessons.exercises.gradients import GradientCase, entries

FUNCTIONS = ("score_gradient",)


def score_gradient(P: Any, y: Any) -> Any:
    """The gradient of the mean cross entropy on the scores; P stays as it is."""
    G = P.copy()
    G[np.arange(len(y)), y] -= 1
    return G / len(y)


def _label(P: Any, y: Any) -> Any:
    return np.eye(P.shape[1])[y]


def _whole_columns(P: Any, y: Any) -> Any:
    G = P.copy()
    G[:, y] -= 1
    return G / len(y)


SLIPS: Mapping[str, Mapping[str, Any]] = {
    "not-averaged": {"score_gradient": lambda P, y: P - _label(P, y)},
    "sign": {"score_gradient": lambda P, y: (_label(P, y) - P) / len(y)},
    "label-only": {"score_gradient": lambda P, y: (P - 1) * _label(P, y) / len(y)},
    "sigmoid-slope": {"score_gradient": lambda P, y: (P - _label(P, y)) * P * (1 - P) / len(y)},
    "label-kept": {"score_gradient": lambda P, y: P / len(y)},
    "sign-not-averaged": {"score_gradient": lambda P, y: _label(P, y) - P},
    "whole-columns": {"score_gradient": _whole_columns},
    "label-not-averaged": {"score_gradient": lambda P, y: P / len(y) - _label(P, y)},
}


_Z, _Y = np.array([[1.0, 2.0, 0.5], [0.0, -1.0, 1.5]]), np.array([0, 2])


def _loss(x: Any) -> Any:
    import torch

    Z = x.reshape(2, 3)
    return -Z.log_softmax(dim=1)[torch.arange(2), torch.tensor(_Y)].mean()


def _probabilities() -> Any:
    E = np.exp(_Z)
    return E / E.sum(axis=1, keepdims=True)


GRADIENTS = (
    GradientCase(
        entries("dZ", 2, 3),
        tuple(map(float, _Z.ravel())),
        _loss,
        lambda n: n["score_gradient"](_probabilities(), _Y.copy()),
    ),
)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Two samples, then more."""
    for samples, classes in ((2, 2), (3, 4), (5, 3)):
        P = rng.dirichlet(np.ones(classes), samples)
        yield call("score_gradient", P, rng.integers(classes, size=samples))

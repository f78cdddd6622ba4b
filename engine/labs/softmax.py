"""Softmax of a few scores with a temperature, and its Jacobian in two ways."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from engine.errors import UserError
from engine.language import _

Array: TypeAlias = npt.NDArray[np.float64]
Vector: TypeAlias = tuple[float, ...]
Matrix: TypeAlias = tuple[Vector, ...]

SAMPLES: tuple[Vector, ...] = ((-1.0, 2.0, -3.0, 4.0), (-2.0, 3.0, -3.0, 9.0))
"""The two samples of the lesson: one score for each class."""
FEWEST, MOST = 2, 4
"""The number of classes that the tables have room for."""
LARGEST_SCORE = 1_000.0
LARGEST_CONSTANT = 1_000_000.0
COLDEST, WARMEST = 0.01, 1_000.0


@dataclass(frozen=True, slots=True)
class Choice:
    """What the learner chose; raises UserError where it cannot be used."""

    scores: Vector = SAMPLES[0]
    temperature: float = 1.0
    constant: float = 0.0
    """c, which is added to every score."""

    def __post_init__(self) -> None:
        if not FEWEST <= len(self.scores) <= MOST:
            raise UserError(
                _(
                    "There is room for {fewest} to {most} classes. Type one score for each, "
                    "separated by spaces."
                ).format(fewest=FEWEST, most=MOST)
            )
        if max(map(abs, self.scores)) > LARGEST_SCORE:
            raise UserError(
                _("A score is out of range. Choose scores from {low} to {high}.").format(
                    low=f"{-LARGEST_SCORE:.0f}", high=f"{LARGEST_SCORE:.0f}"
                )
            )
        if not COLDEST <= self.temperature <= WARMEST:
            raise UserError(
                _(
                    "The temperature cannot be {value} here. Choose a number from {low} to {high}."
                ).format(value=f"{self.temperature:g}", low=f"{COLDEST:g}", high=f"{WARMEST:g}")
            )
        if abs(self.constant) > LARGEST_CONSTANT:
            raise UserError(
                _("The constant is out of range. Choose a number from {low} to {high}.").format(
                    low=f"{-LARGEST_CONSTANT:.0f}", high=f"{LARGEST_CONSTANT:.0f}"
                )
            )

    def with_score(self, index: int, score: float) -> Choice:
        """Another score for class `index`, counted from 0."""
        scores = list(self.scores)
        scores[index] = score
        return replace(self, scores=tuple(scores))


@dataclass(frozen=True, slots=True)
class Answer:
    """The results of the formulas for a choice; K is the number of classes."""

    logits: Vector
    """The input of softmax, (z + c) / T."""
    probabilities: Vector
    jacobian: Matrix
    """∂p_i/∂z_j = p_i (δ_ij − p_j) / T: row i, column j, K × K."""
    shift: float
    """The most that c changes a probability; only rounding makes it differ from 0."""

    @property
    def column_sums(self) -> Vector:
        """Σ_i ∂p_i/∂z_j for each j: the gradient of the sum of all probabilities."""
        return tuple(sum(column) for column in zip(*self.jacobian, strict=True))


@dataclass(frozen=True, slots=True)
class Autograd:
    """The results of torch for a choice, in float64."""

    jacobian: Matrix
    sum_gradient: Vector
    """z.grad after `p.sum().backward()`."""


def softmax(logits: Array) -> Array:
    """exp(z_i) / Σ_k exp(z_k), K → K; the largest score is subtracted first."""
    exponentials = np.exp(logits - logits.max())
    shares: Array = exponentials / exponentials.sum()
    return shares


def answer(choice: Choice) -> Answer:
    """Probabilities and Jacobian in closed form."""
    scores = np.array(choice.scores, dtype=np.float64)
    logits = (scores + choice.constant) / choice.temperature
    p = softmax(logits)
    jacobian = p[:, None] * (np.eye(len(p)) - p[None, :]) / choice.temperature
    unmoved = softmax(scores / choice.temperature)
    return Answer(
        _vector(logits),
        _vector(p),
        tuple(_vector(row) for row in jacobian),
        float(np.abs(p - unmoved).max()),
    )


def by_autograd(choice: Choice) -> Autograd:
    """The Jacobian row by row, and the gradient of the sum. Imports torch."""
    import torch

    z = torch.tensor(choice.scores, dtype=torch.float64, requires_grad=True)
    p = torch.softmax((z + choice.constant) / choice.temperature, dim=0)
    rows = [torch.autograd.grad(one, z, retain_graph=True)[0] for one in p]
    p.sum().backward()
    gradient = z.grad
    assert gradient is not None
    return Autograd(
        tuple(tuple(float(entry) for entry in row) for row in rows),
        tuple(float(entry) for entry in gradient),
    )


def largest_difference(first: Matrix, second: Matrix) -> float:
    """max |first − second| over all entries."""
    return float(np.abs(np.array(first) - np.array(second)).max())


def _vector(values: Array) -> Vector:
    return tuple(float(value) for value in values)

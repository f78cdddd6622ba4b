"""What the formulas of `linear/likelihood` speak of."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from engine.formulas import values as v
from engine.formulas.draws import positive, uniform
from engine.formulas.notation import Notation
from engine.formulas.proving import holds
from engine.formulas.term import Term
from engine.formulas.values import Value
from engine.formulas.world import World
from lessons.course.linear.model.facts import symbol
from lessons.judge.values import Choice, Fill, Number, QuestionValues

if TYPE_CHECKING:
    import torch


NARROW, HALF_WIDTH = 0.02, 0.003
"""A standard deviation, and half the width of an interval around 0."""


FACTORS, EACH = 1000, 0.1
"""Densities that are multiplied: how many, and how large each of them is."""


FINAL_LOSS = 0.00005


WILD_ERROR = 100.0


def _normal(world: World, arguments: tuple[Term, ...]) -> Value:
    """p(ε), or p(y | x), by torch's own normal distribution."""
    import torch

    middle: float | torch.Tensor = 0.0
    if len(arguments) == 2:
        x = v.tensor(arguments[1].value(world))
        middle = (symbol(world, "bold w") * x).sum() + symbol(world, "b")
    law = torch.distributions.Normal(middle, symbol(world, "σ"), validate_args=False)
    return law.log_prob(v.tensor(arguments[0].value(world))).exp()


def _laplace(world: World, arguments: tuple[Term, ...]) -> Value:
    """p(ε) by torch's own Laplace distribution."""
    import torch

    law = torch.distributions.Laplace(0.0, symbol(world, "s"), validate_args=False)
    return law.log_prob(v.tensor(arguments[0].value(world))).exp()


REACH = 3.5
"""The standard deviations that are drawn on either side."""

NOTATION = (
    Notation()
    .distribution("N")
    .size("n", low=2)
    .size("d", low=2)
    .drawn(r"\mathbf{x}_i", "d", over="i")
    .drawn(r"\mathbf{x}", "d")
    .drawn(r"\mathbf{w}", "d")
    .drawn("b")
    .drawn("y_i", over="i")
    .drawn(r"\epsilon")
    .drawn(r"\epsilon_i", over="i")
    .drawn(r"\sigma", make=uniform(0.6, 1.6))
    .drawn(r"s", make=positive())
    .drawn("h", make=positive())
    .drawn("u")
    .drawn("z")
    .defined(r"\mu = (\mathbf{x})^\top \mathbf{w} + b", "")
    .defined(r"y = \mu + \epsilon", "")
    .operator("p", _normal)
    .defined(r"e_i = y_i - (\mathbf{x}_i)^\top \mathbf{w} - b", "", over="i")
    .defined(r"P = \exp(\sum_{i=1}^{n} \ln p(y_i \mid \mathbf{x}_i))", "")
    .defined(r"L = \frac{1}{2n} \sum_{i=1}^{n} (y_i - (\mathbf{x}_i)^\top \mathbf{w} - b)^2", "")
    .with_gradient(r"\mathbf{w}")
    .index("i", "n")
)


LAPLACE = NOTATION.operator("p", _laplace)


def _best_or_not(world: World) -> Value:
    """The σ that fits the errors best on every other draw, and another one between."""
    return (2 * symbol(world, "L")).sqrt() * (1.0 if world.index % 2 == 0 else 1.3)


SCOPES = {
    "density_peak": NOTATION.fixed(r"\sigma", NARROW),
    "strip_probability": NOTATION.fixed(r"\sigma", NARROW).fixed("h", HALF_WIDTH),
    "likelihood_underflow": NOTATION,
    "best_noise": NOTATION.computed(r"\sigma", _best_or_not, ""),
    "noise_from_loss": NOTATION.fixed("L", FINAL_LOSS).defined(r"\sigma = \sqrt{2 L}", ""),
    "laplace": LAPLACE,
    "laplace_loss": LAPLACE,
    "laplace_term": LAPLACE,
    "outlier_belief": LAPLACE.fixed("u", WILD_ERROR),
}


TOO_SMALL = 300
"""The power of ten that a wrong option holds for the smallest number."""


def _product_of_densities() -> int:
    """The option that is right: the product of many small factors in float64."""
    product = float(np.prod(np.full(FACTORS, EACH)))
    return 2 if product == 0.0 else int(product > 10.0**-TOO_SMALL)


def _second_term() -> int:
    """The option that is right: which term moves when a weight moves."""
    terms = (r"\frac{n}{2} \ln(2 \pi \sigma^2)", r"\frac{n}{\sigma^2} L")
    rests = [holds(rf"\nabla \left( {term} \right) = 0", NOTATION) for term in terms]
    return 1 if rests == [True, False] else 0


def within(deviations: float) -> float:
    """The area below a normal density within some standard deviations of its mean."""
    return math.erf(deviations / math.sqrt(2))


def _peak() -> float:
    """The density of no noise."""
    return float(1 / np.sqrt(2 * np.pi * NARROW**2))


def _less_hurt() -> int:
    """The option whose best constant moves less when one of nine values goes wild."""
    calm = np.arange(1.0, 10)
    wild = np.append(calm[:-1], 1000.0)
    moved = [abs(best(wild) - best(calm)) for best in (np.mean, np.median)]
    return int(np.argmin(moved))


NUMBERS: Mapping[str, Callable[[], float]] = {
    "each_factor": partial(float, EACH),
    "factors": partial(float, FACTORS),
    "noise_mean": partial(float, 0),
    "power_of_factors": lambda: FACTORS * float(np.log10(EACH)),
    "smallest_float64": lambda: float(np.nextafter(0.0, 1.0)),
    "sum_of_logarithms": lambda: float(np.log(np.full(FACTORS, EACH)).sum()),
    "too_small": partial(float, TOO_SMALL),
    **{f"within_{deviations}": partial(within, deviations) for deviations in (1, 2, 3)},
}


QUESTIONS: Mapping[str, QuestionValues] = {
    "density_peak": Number(
        _peak,
        slips={
            "sigma-left-out": lambda: float(1 / np.sqrt(2 * np.pi)),
            "probability-one": lambda: 1.0,
            "no-root": lambda: float(1 / (2 * np.pi * NARROW**2)),
            "not-squared": lambda: float(1 / np.sqrt(2 * np.pi * NARROW)),
            "variance": lambda: float(1 / np.sqrt(2 * np.pi) / NARROW**2),
        },
    ),
    "strip_probability": Number(
        lambda: 2 * HALF_WIDTH * _peak(),
        slips={
            "density-for-probability": _peak,
            "half-width": lambda: HALF_WIDTH * _peak(),
            "divided": lambda: _peak() / (2 * HALF_WIDTH),
            "width-only": lambda: 2 * HALF_WIDTH,
        },
        tolerance=1e-2,
        digits=2,
    ),
    "likelihood_underflow": Choice(_product_of_densities),
    "which_term": Choice(_second_term),
    "noise_from_loss": Number(
        lambda: float(np.sqrt(2 * FINAL_LOSS)),
        slips={
            "no-half": lambda: float(np.sqrt(FINAL_LOSS)),
            "variance": lambda: 2 * FINAL_LOSS,
            "half-again": lambda: float(np.sqrt(FINAL_LOSS / 2)),
            "loss-itself": lambda: FINAL_LOSS,
        },
    ),
    "laplace_term": Fill(SCOPES["laplace_term"]),
    "outlier_belief": Choice(_less_hurt),
}

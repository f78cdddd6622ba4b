"""What the formulas of `linear/likelihood` speak of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.formulas import values as v
from engine.formulas.draws import positive, uniform
from engine.formulas.notation import Notation
from engine.formulas.terms import Term
from engine.formulas.values import Value
from engine.formulas.world import World
from lessons.course.linear.model.facts import symbol

if TYPE_CHECKING:
    import torch

NARROW = 0.01
"""A standard deviation."""
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


NOTATION = (
    Notation()
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
    "likelihood_underflow": NOTATION,
    "best_noise": NOTATION.computed(r"\sigma", _best_or_not, ""),
    "noise_from_loss": NOTATION.fixed("L", FINAL_LOSS).defined(r"\sigma = \sqrt{2 L}", ""),
    "laplace": LAPLACE,
    "laplace_loss": LAPLACE,
    "laplace_term": LAPLACE,
    "outlier_belief": LAPLACE.fixed("u", WILD_ERROR),
}

"""What the formulas of `linear/from-scratch` speak of."""

from __future__ import annotations

import numpy as np

from engine.formulas import values as v
from engine.formulas.draws import normal, ones, positive
from engine.formulas.notation import Notation
from engine.formulas.values import Value
from engine.formulas.world import World
from lessons.course.linear.model.facts import symbol

NOISE = 0.01
SAMPLES, BATCH = 1000, 64
PAIRS = 10
"""Samples whose predictions and labels have different shapes."""
TWICE_DIVIDED, TWICE_RATE = 256, 100.0
"""A batch that is divided by twice, and the learning rate of that program."""
FITTED, FIT_RATE, FIT_UPDATES, LONG_FIT = 50, 0.2, 40, 60
"""The data and trainings of the programs with a mistake."""
REPORTED, REPORTED_BATCHES = 200, 20


def _batch(world: World) -> tuple[int, ...]:
    """A mini-batch of any size."""
    n, rng = int(world.value(("n", (), None))), world.rng("batch")
    return tuple(int(i) for i in rng.permutation(n)[: rng.integers(2, n)] + 1)


def _updated(world: World) -> Value:
    """The weights after the update of the recipe."""
    from engine.recipes.linear import update

    rows = [i - 1 for i in world.value(("B", (), None))]
    X, y = symbol(world, "X")[rows], symbol(world, "bold y")[rows]
    w, b = (symbol(world, name).clone().requires_grad_() for name in ("bold w", "b"))
    update(X, y, w, b, v.number(world.value(("η", (), None))))
    return w.detach()


def _last(world: World) -> tuple[int, ...]:
    """The samples of the last mini-batch, as torch cuts them."""
    import torch

    n, m = (int(world.value((name, (), None))) for name in "nm")
    return tuple(int(i) + 1 for i in torch.arange(n).split(m)[-1])


def _real_noise(world: World) -> Value:
    """Noise whose mean square is the variance exactly."""
    found = world.rng("noise").normal(size=(int(world.value(("n", (), None))), 1))
    return found * v.number(world.value(("σ", (), None))) / np.sqrt((found**2).mean())


NOTATION = (
    Notation()
    .size("n")
    .size("d", low=2)
    .size("m", low=2)
    .drawn("X", r"n \times d")
    .drawn(r"\mathbf{w}", "d")
    .drawn("b")
    .drawn(r"\mathbf{1}", "n", ones())
    .drawn(r"\epsilon", make=normal(0.1))
    .drawn(r"\boldsymbol{\epsilon}", "n", normal(0.1))
    .defined(r"\mathbf{y} = X \mathbf{w} + b \mathbf{1} + \boldsymbol{\epsilon}", "n")
    .defined(r"\hat{\mathbf{y}} = X \mathbf{w} + b \mathbf{1}", "n")
    .drawn(r"\hat y")
    .drawn("y")
    .defined(r"\hat y^{(i)} = X_{i,:} \mathbf{w} + b", "", over="i")
    .defined(r"y^{(i)} = \mathbf{y}_i", "", over="i")
    .defined(r"\ell = \frac12 (\hat y - y)^2", "")
    .defined(r"\ell^{(i)} = \frac12 (\hat y^{(i)} - y^{(i)})^2", "", over="i")
    .drawn(r"\sigma", make=positive())
    .drawn(r"\eta", make=positive(0.1, 0.9))
    .computed("B", _batch)
    .computed(r"\mathbf{w}_{\mathrm{new}}", _updated, "d")
    .index("i", "n")
)


def _made_with(name: str) -> Value:
    """What made the data of the training."""
    from engine.recipes import linear

    return np.array(getattr(linear, name))


_MADE = (
    NOTATION.fixed("d", 2)
    .computed(r"\mathbf{w}", lambda _: _made_with("TRUE_W"), "d")
    .computed("b", lambda _: _made_with("TRUE_B"))
    .computed(r"\sigma", lambda _: _made_with("NOISE"))
)

SCOPES = {
    "made": _MADE,
    "update": NOTATION.drawn(r"\mathbf{y}", "n"),
    "last_batch": NOTATION.fixed("n", SAMPLES)
    .fixed("m", BATCH)
    .computed(r"B_{\mathrm{last}}", _last),
    "broadcast": NOTATION.fixed("n", PAIRS),
    "divide_twice": NOTATION.computed("B", lambda _: tuple(range(1, TWICE_DIVIDED + 1)))
    .fixed(r"\eta", TWICE_RATE)
    .defined(r"\eta_{\mathrm{real}} = \eta \cdot \frac{1}{|B|}", ""),
    "noise_floor_double": NOTATION.fixed(r"\sigma", 2 * NOISE)
    .computed(r"\boldsymbol{\epsilon}", _real_noise, "n")
    .defined(r"\ell^{(i)} = \frac12 (\mathbf{y}_i - \hat{\mathbf{y}}_i)^2", "", over="i"),
    "divide-twice": NOTATION.drawn(r"\mathbf{y}", "n")
    .defined(r"L = \frac{1}{2n} \| X \mathbf{w} - \mathbf{y} \|^2", "")
    .with_gradient(r"\mathbf{w}"),
}

"""What the formulas of `linear/model` speak of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.formulas import values as v
from engine.formulas.draws import ones, uniform
from engine.formulas.notation import Notation
from engine.formulas.values import Value
from engine.formulas.world import World

if TYPE_CHECKING:
    import torch

WEIGHTS, BIAS = (15.0, 10.0, 3.0), 20.0
HOUSE = (2.0, 1.0, 80.0)
"""A house: its bedrooms, bathrooms and square metres; prices in thousands."""
COUNTED_FEATURES = 12
PREDICTED, SOLD = (300.0, 300.0), (290.0, 280.0)
"""Two houses: what was predicted, and what was paid."""
PLACE, HEIGHT = 3, 5
"""Of the minimum of a parabola."""
HOUSES, FEATURES = 100, 3
AREAS, PRICES = (1.0, 2.0, 3.0), (2.0, 3.0, 5.0)


def symbol(world: World, key: str) -> torch.Tensor:
    """The value of a symbol, as a tensor."""
    return v.tensor(world.value((key, (), None)))


def _best(world: World) -> Value:
    """The least-squares solution."""
    import torch

    return torch.linalg.lstsq(symbol(world, "A"), symbol(world, "bold y")).solution


def _best_or_not(world: World) -> Value:
    """The least-squares solution on every other draw, and something else between."""
    return _best(world) + world.index % 2 * symbol(world, "bold v")


NOTATION = (
    Notation()
    .size("d")
    .size("n", low=7)
    .drawn("X", r"n \times d")
    .drawn(r"\mathbf{1}", r"n \times 1", ones())
    .defined(r"A = \begin{bmatrix} X & \mathbf{1} \end{bmatrix}", r"n \times (d+1)")
    .drawn(r"\theta", r"(d+1) \times 1")
    .computed(r"\mathbf{w}", lambda world: symbol(world, "θ")[:-1], r"d \times 1")
    .computed("b", lambda world: symbol(world, "θ")[-1], "")
    .defined(r"w_j = \mathbf{w}_j", "", over="j")
    .drawn(r"\mathbf{x}", r"d \times 1")
    .defined(r"x_j = \mathbf{x}_j", "", over="j")
    .drawn("y")
    .drawn(r"\mathbf{y}", r"n \times 1")
    .defined(r"y_i = \mathbf{y}_i", "", over="i")
    .defined(r"\hat y = (\mathbf{x})^\top \mathbf{w} + b", "")
    .defined(r"\hat y_i = X_{i,:} \mathbf{w} + b", "", over="i")
    .defined(r"\hat{\mathbf{y}} = X \mathbf{w} + b \mathbf{1}", r"n \times 1")
    .defined(r"\bar y = \frac1n \mathbf{1}^\top \mathbf{y}", "")
    .defined(r"\ell = \frac12 (\hat y - y)^2", "")
    .defined(r"\ell_i = \frac12 (\hat y_i - y_i)^2", "", over="i")
    .defined(r"L = \frac{1}{2n} \| X \mathbf{w} + b \mathbf{1} - \mathbf{y} \|^2", "")
    .defined(r"L(\theta) = \frac{1}{2n} (A \theta - \mathbf{y})^\top (A \theta - \mathbf{y})", "")
    .with_gradient(r"\theta")
    .computed(r"\theta^*", _best, r"(d+1) \times 1")
    .defined(r"\mathbf{r} = A \theta - \mathbf{y}", r"n \times 1")
    .drawn(r"\mathbf{v}", r"(d+1) \times 1")
    .index("i", "n")
    .index("j", "d")
    .index("k", "d + 1")
)

ONE_FEATURE = (
    NOTATION.drawn("X", r"n \times 1")
    .drawn("w")
    .drawn("b")
    .defined(r"x_i = X_i", "", over="i")
    .defined(r"\hat y_i = w x_i + b", "", over="i")
    .defined(r"\bar x = \frac1n \mathbf{1}^\top X", "")
    .defined(r"L = \frac{1}{2n} \| w X + b \mathbf{1} - \mathbf{y} \|^2", "")
)
"""One feature: a line with the slope w."""


def _line(world: World) -> torch.Tensor:
    """Slope and bias of the best line with one feature."""
    import torch

    x, y = symbol(world, "X"), symbol(world, "bold y")
    return v.tensor(torch.linalg.lstsq(torch.cat([x, torch.ones_like(x)], dim=1), y).solution)


def _true() -> tuple[tuple[float, ...], float]:
    """The parameters that made the data of the training."""
    from engine.recipes.linear import TRUE_B, TRUE_W

    return TRUE_W, TRUE_B


_BEST_BIAS = ONE_FEATURE.computed(
    "b",
    # The mean error at b = 0, or half of it.
    lambda world: (
        (symbol(world, "bold y") - symbol(world, "w") * symbol(world, "X")).mean()
        * (1 if world.index % 2 == 0 else 0.5)
    ),
)

SCOPES = {
    "three_features": NOTATION.fixed("d", 3),
    "house_price": NOTATION.fixed("d", 3)
    .fixed(r"\mathbf{w}", WEIGHTS)
    .fixed("b", BIAS)
    .fixed(r"\mathbf{x}", HOUSE),
    "model_parameters": NOTATION.fixed("d", COUNTED_FEATURES),
    "loss_of_house": NOTATION.fixed("n", 2)
    .fixed(r"\hat{\mathbf{y}}", PREDICTED)
    .fixed(r"\mathbf{y}", SOLD)
    .defined(r"\hat y_i = \hat{\mathbf{y}}_i", "", over="i"),
    "argmin_or_min": Notation()
    .drawn(r"\theta")
    .defined(rf"L(\theta) = (\theta - {PLACE})^2 + {HEIGHT}", "")
    .fixed(r"\theta^*", PLACE),
    "bias_slope": NOTATION.drawn(r"\mathbf{y}", r"n \times 1", uniform(50.0, 60.0)),
    "loss_gradient": NOTATION.size("d", low=2).size("n", low=2),
    "normal_equations": NOTATION.computed(r"\theta^*", _best_or_not, r"(d+1) \times 1"),
    "normal_shape": NOTATION.fixed("n", HOUSES).fixed("d", FEATURES),
    "through_the_mean": ONE_FEATURE,
    "best_bias": _BEST_BIAS,
    "mean_point": ONE_FEATURE.fixed("n", len(AREAS))
    .fixed("X", AREAS)
    .fixed(r"\mathbf{y}", PRICES)
    .computed("w", lambda world: _line(world)[0])
    .computed("b", lambda world: _line(world)[1]),
    "true_parameters": NOTATION.fixed("d", 2)
    .computed(r"\mathbf{w}", lambda _: np.array(_true()[0]), "d")
    .computed("b", lambda _: _true()[1]),
}

"""What the formulas of `linear/model` speak of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from engine.activations import Array
from engine.formulas import values as v
from engine.formulas.draws import ones, uniform
from engine.formulas.notation import Notation
from engine.formulas.values import Value
from engine.formulas.world import World
from lessons.judge.values import Choice, Number, QuestionValues, Shape, Sign

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


ERRORS, VALLEY = (-4.0, 4.0), ((-1.0, 4.0), (-3.0, 4.0))
"""The errors, and the weights and biases, for which the loss is drawn."""

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
    .drawn("c", make=uniform(0.0, 1.0))
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
    "normal_equations/numbers": NOTATION,
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


def _losses() -> tuple[float, float]:
    """The losses of both houses."""
    first, second = 0.5 * (np.array(PREDICTED) - np.array(SOLD)) ** 2
    return float(first), float(second)


def _times_as_large() -> float:
    """The loss of the second house over that of the first."""
    first, second = _losses()
    return second / first


def _lowest() -> float:
    """Where the parabola is lowest, by trying."""
    return float(min(np.arange(0, 10, 0.5), key=lambda theta: (theta - PLACE) ** 2 + HEIGHT))


def _slope_for_bias() -> float:
    """How the mean loss moves with the bias where every price is too low: central difference."""
    y = np.array([300.0, 280.0, 410.0])
    predicted, h = y - 5, 1e-4

    def loss(moved: float) -> float:
        return float(np.mean((predicted + moved - y) ** 2 / 2))

    return (loss(h) - loss(-h)) / (2 * h)


def _ones_behind(X: Array) -> Array:
    return np.column_stack([X, np.ones(len(X))])


_X = np.zeros((HOUSES, FEATURES))


_A = _ones_behind(_X)


def _singular() -> int:
    """The option that is right when a column stands twice: no inverse, and many best answers."""
    X = np.column_stack([np.arange(1.0, 6), np.arange(1.0, 6), np.ones(5)])
    return 1 if np.linalg.matrix_rank(X.T @ X) < X.shape[1] else 0


def _fitted_line() -> tuple[float, float]:
    """Slope and bias of the best line through the three houses, by least squares."""
    A = np.column_stack([AREAS, np.ones(len(AREAS))])
    slope, bias = np.linalg.lstsq(A, np.array(PRICES), rcond=None)[0]
    return float(slope), float(bias)


def _why_descent() -> int:
    """The option that is right: a sigmoid in the model leaves no linear equations to solve.

    Doubling the parameters would double the gradient's part Aᵀf(Aθ) if they were linear.
    """
    A, theta = np.array([[1.0, 2.0], [0.5, -1.0]]), np.array([0.3, 0.7])

    def part(parameters: Array) -> Array:
        return np.asarray(A.T @ (1 / (1 + np.exp(-A @ parameters))))

    return 0 if np.allclose(part(2 * theta), 2 * part(theta)) else 2


QUESTIONS: Mapping[str, QuestionValues] = {
    "house_price": Number(
        lambda: float(np.dot(WEIGHTS, HOUSE) + BIAS),
        slips={
            "no-bias": lambda: float(np.dot(WEIGHTS, HOUSE)),
            "product-of-sums": lambda: float(sum(WEIGHTS) * sum(HOUSE) + BIAS),
            "bias-per-feature": lambda: float(np.dot(WEIGHTS, HOUSE) + len(HOUSE) * BIAS),
            "features-ignored": lambda: float(sum(WEIGHTS) + BIAS),
        },
    ),
    "model_parameters": Number(
        lambda: float(len(np.append(np.zeros(COUNTED_FEATURES), 0.0))),
        slips={
            "no-bias": lambda: float(COUNTED_FEATURES),
            "bias-per-feature": lambda: 2.0 * COUNTED_FEATURES,
        },
        tolerance=0,
    ),
    "loss_of_house": Number(
        _times_as_large,
        slips={
            "not-squared": lambda: (PREDICTED[1] - SOLD[1]) / (PREDICTED[0] - SOLD[0]),
            "upside-down": lambda: 1 / _times_as_large(),
            "difference-for-ratio": lambda: _losses()[1] - _losses()[0],
        },
    ),
    "argmin_or_min": Number(
        _lowest,
        slips={
            "min-for-argmin": lambda: float(HEIGHT),
            "sign": lambda: float(-PLACE),
            "at-zero": lambda: float((0 - PLACE) ** 2 + HEIGHT),
        },
    ),
    "bias_slope": Sign(_slope_for_bias),
    "normal_shape": Shape(
        lambda: (_A.T @ _A).shape,
        slips={
            "no-bias": lambda: (_X.T @ _X).shape,
            "wrong-way": lambda: (_A @ _A.T).shape,
            "one-matrix-only": (lambda: _A.shape, lambda: _A.T.shape),
        },
    ),
    "singular": Choice(_singular),
    "mean_point": Number(
        lambda: _fitted_line()[1],
        slips={
            "sum-for-mean": lambda: sum(PRICES) - _fitted_line()[0] * sum(AREAS),
            "sign": lambda: float(np.mean(PRICES) + _fitted_line()[0] * np.mean(AREAS)),
            "first-house": lambda: PRICES[0] - _fitted_line()[0] * AREAS[0],
            "slope-left-out": lambda: float(np.mean(PRICES) - np.mean(AREAS)),
            "exchanged": lambda: float(np.mean(AREAS) - _fitted_line()[0] * np.mean(PRICES)),
            "mean-price": lambda: float(np.mean(PRICES)),
        },
        tolerance=1e-2,
    ),
    "why_descent": Choice(_why_descent),
}

"""What the formulas of `functions/regression-losses` speak of.

Here e is an error, not Euler's number. The losses are PyTorch's own, so that the definitions that
the lesson writes are compared with them."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from engine.activations import Array
from engine.formulas import values as v
from engine.formulas.draws import positive, uniform
from engine.formulas.notation import Notation
from engine.formulas.values import Value
from engine.formulas.world import World
from lessons.judge.values import Choice, Number, QuestionValues, Sign

if TYPE_CHECKING:
    import torch


TRUE, PREDICTED = (3.0, 5.0, 2.5), (4.5, 5.0, 2.0)
"""The three samples."""


OUTLIER = (1.0, 2.0, 4.0, 6.0, 100.0)
"""Numbers in rising order, the last one far away."""


SMOOTH_ERROR, SMOOTH_BETA = 2.5, 1.0


HUBER_ERROR, HUBER_BETA = 5.0, 2.0
"""What two questions ask about."""


UNIT = 100
"""How many centimetres there are in a metre."""


CHORD, HALFWAY = (-1.0, 2.0), 0.5
"""Two errors between which a line is drawn, and where it is compared with the parabola."""


HUBER_JUMPS, HUBER_AGREES, HUBER_OUTSIDE = 2.0, 1.0, 3.0
"""δ where a faulty program jumps, δ where it does not, and an error on a straight arm."""


PULLED_AT, PULLED_BETA = (0.1, 1.0, 10.0), 1.0
"""The errors at which the pulls of the losses are compared."""


def _spread(rng: np.random.Generator, shape: tuple[int, ...]) -> Value:
    """Numbers in any order, none of them near another one."""
    return rng.permutation(np.cumsum(rng.uniform(0.3, 1.0, size=shape))).reshape(shape) - 2.0


def _predicted(world: World) -> Value:
    """Predictions that are not too near to the true numbers."""
    y = v.tensor(world.value(("y", (), None)))
    rng = world.rng("error")
    off = rng.uniform(0.2, 2.0, size=y.shape) * rng.choice([-1.0, 1.0], size=y.shape)
    return y.detach().numpy() + off


def _in_a_gap(world: World) -> float:
    """A number between two of the y, with more of them on one side than on the other."""
    y = np.sort(v.tensor(world.value(("y", (), None))).detach().numpy().reshape(-1))
    below = [count for count in range(1, len(y)) if 2 * count != len(y)]
    count = int(world.rng("gap").choice(below))
    return float((y[count - 1] + y[count]) / 2)


def _error(world: World, *, inside: bool = False) -> float:
    """An error within ±β or, on every other draw, outside, of both signs, near neither 0 nor ±β."""
    low, high = (1.2, 2.0) if world.index % 2 and not inside else (0.2, 0.8)
    sign = -1 if world.index // 2 % 2 else 1
    beta = v.number(world.value(("β", (), None)))
    return sign * beta * float(world.rng("error").uniform(low, high))


def _mean(world: World, name: str) -> torch.Tensor:
    """The mean loss of all samples, by torch's function of that name."""
    from torch.nn import functional

    y_hat, y = (v.tensor(world.value((key, (), None))) for key in ("hat y", "y"))
    loss: torch.Tensor = getattr(functional, name)(y_hat, y)
    return loss


def _smooth(world: World, e: Value) -> torch.Tensor:
    """Smooth L1 of an error, by torch."""
    from torch.nn import functional

    error, beta = v.tensor(e), v.number(world.value(("β", (), None)))
    return functional.smooth_l1_loss(error, v.tensor(0), beta=beta)


def _huber(world: World) -> torch.Tensor:
    """Huber's loss of the error e, by torch."""
    from torch.nn import functional

    error, beta = v.tensor(world.value(("e", (), None))), v.number(world.value(("β", (), None)))
    return functional.huber_loss(error, v.tensor(0), delta=beta)


def _other_error(world: World) -> float:
    """Any other error; on some draws the same one, where the line and the parabola meet."""
    a = v.number(world.value(("a", (), None)))
    return a + (world.index % 4) * float(world.rng("b").uniform(0.5, 1.5))


def _not_zero(world: World) -> float:
    """Any error but 0; 1 on some draws, so that 0 alone is left out."""
    return _error(world) if world.index % 4 else 1.0


def _example_beta(world: World) -> float:
    """The β that the program of the lesson writes."""
    from lessons.course.functions.regression_losses.programs import regression_losses

    found = re.search(r"beta=(\d+\.\d+)", inspect.getsource(regression_losses))
    assert found is not None
    return float(found[1])


def _any_beta(world: World) -> float:
    """1 on every other draw."""
    return float(world.rng("beta").uniform(1.3, 2.5)) if world.index % 2 else 1.0


DRAWN = (-2.5, 2.5)
"""The errors for which the losses are drawn."""

NOTATION = (
    Notation()
    .size("n", low=4)
    .drawn("y", "n", _spread)
    .computed(r"\hat y", _predicted, "n")
    .defined(r"e_i = \hat y_i - y_i", "", over="i")
    .computed(r"\text{MAE}", lambda world: _mean(world, "l1_loss"), "")
    .computed(r"\text{MSE}", lambda world: _mean(world, "mse_loss"), "")
    .defined(r"\bar y = \frac1n \sum_{i=1}^{n} y_i", "")
    .computed("c", _in_a_gap, "")
    .defined(r"r = \sum_{i=1}^{n} I\{y_i < c\}", "")
    .defined(r"s = \sum_{i=1}^{n} I\{y_i > c\}", "")
    .drawn(r"\beta", "", uniform(1.3, 2.5))
    .computed("e", _error, "")
    .computed(r"\ell", lambda world: _smooth(world, world.value(("e", (), None))), "")
    .computed(
        r"\ell_i", lambda world, i: _smooth(world, world.value(("e", (i,), None))), "", over="i"
    )
    .computed(r"\ell_{\text{Huber}}", _huber, "")
    .drawn("u", "", positive())
    .index("i k", "n")
)


SAMPLES = (
    NOTATION.fixed("n", len(TRUE))
    .fixed("y", TRUE)
    .fixed(r"\hat y", PREDICTED)
    .fixed(r"\beta", SMOOTH_BETA)
)


OUTLIERS = NOTATION.fixed("n", len(OUTLIER)).fixed("y", OUTLIER)


CHORDS = (
    NOTATION.drawn("a")
    .computed("b", _other_error, "")
    .drawn(r"\lambda", "", uniform(0.1, 0.9))
    .defined("e = a", "")
)
"""Two errors and a share."""


TWO_WEIGHTS = Notation().drawn("w_1").drawn("w_2").defined(r"\hat y = w_1 w_2", "")
"""A network of two weights, for the input 1."""


AT_MEAN = NOTATION.computed(
    "c",
    lambda world: v.number(world.value(("bar y", (), None))) + (world.index % 2) / 2,
    "",
)
"""c is the mean on every other draw."""


SCOPES = {
    "samples": SAMPLES,
    "regression_mse": SAMPLES,
    "unit_change": SAMPLES,
    "chord": CHORDS,
    "chord_gap": CHORDS.fixed("a", CHORD[0]).fixed("b", CHORD[1]).fixed(r"\lambda", HALFWAY),
    "two-weights": TWO_WEIGHTS,
    "convex_in_weights": TWO_WEIGHTS,
    "sign_of_low": SAMPLES,
    "mse_pull": SAMPLES,
    "at-mean": AT_MEAN,
    "outlier_mean": OUTLIERS.defined(r"c = \bar y", ""),
    "outlier_median": OUTLIERS.defined("c = y_3", ""),
    "not-zero": NOTATION.computed("e", _not_zero, ""),
    "inside": NOTATION.computed("e", lambda world: _error(world, inside=True), ""),
    "corner": NOTATION.given(e=0.0),
    "joint": NOTATION.defined(r"e = \beta", ""),
    "smooth_large": NOTATION.given(e=SMOOTH_ERROR).fixed(r"\beta", SMOOTH_BETA),
    "huber_three": NOTATION.given(e=HUBER_ERROR).fixed(r"\beta", HUBER_BETA),
    "any-beta": NOTATION.computed(r"\beta", _any_beta, ""),
    "example": NOTATION.computed(r"\beta", _example_beta, ""),
    "smoothl1-is-huber": NOTATION.fixed(r"\delta", HUBER_JUMPS).defined(r"e = \delta", ""),
    "pulls": NOTATION.fixed(r"\beta", PULLED_BETA),
}


ERRORS = np.array(PREDICTED) - np.array(TRUE)
"""Those of the three samples of the lesson."""


def _slope_of_third_loss() -> float:
    """How the absolute error of sample 3 moves with its prediction, by central differences."""
    h, predicted, true = 1e-6, PREDICTED[2], TRUE[2]
    return (abs(predicted + h - true) - abs(predicted - h - true)) / (2 * h)


def _mean_smooth(e: Array, beta: float) -> float:
    """The mean smooth L1 loss."""
    return float(np.mean(np.where(np.abs(e) < beta, e**2 / (2 * beta), np.abs(e) - beta / 2)))


def _huber_loss(e: float, beta: float) -> float:
    """Huber's loss of one error."""
    return 0.5 * e**2 if abs(e) < beta else beta * (abs(e) - beta / 2)


def _sample_loss(loss: str, e: float) -> float:
    """The loss of one sample."""
    if loss == "squared":
        return e**2
    return abs(e) if loss == "absolute" else _mean_smooth(np.array([e]), PULLED_BETA)


def _pull(loss: str, e: float) -> float:
    """The slope of the loss of one sample at the error e, by central differences."""
    h = 1e-6
    return (_sample_loss(loss, e + h) - _sample_loss(loss, e - h)) / (2 * h)


def _mse(e: Array) -> float:
    return float(np.mean(e**2))


def product_loss(w_1: float, w_2: float) -> float:
    """The squared error of the network of two weights, for the input 1 and the true number 1."""
    return (w_1 * w_2 - 1) ** 2


def _convex_in_weights() -> int:
    """The option that is right: is there a line that runs below the graph?"""
    line = (product_loss(1, 1) + product_loss(-1, -1)) / 2
    return 2 if line < product_loss(0, 0) else 0


def _torch_at_corner() -> float:
    """What PyTorch returns for the slope of |e| at 0."""
    import torch

    e = torch.tensor(0.0, requires_grad=True)
    (slope,) = torch.autograd.grad(e.abs(), e)
    return float(slope)


NUMBERS: Mapping[str, Callable[[], float]] = {
    "huber_agrees": lambda: HUBER_AGREES,
    "huber_outside": lambda: HUBER_OUTSIDE,
    **{
        f"pull_{loss}_{place}": partial(_pull, loss, e)
        for loss in ("squared", "absolute", "smooth")
        for place, e in enumerate(PULLED_AT, start=1)
    },
    **{f"pulled_at_{place}": partial(float, e) for place, e in enumerate(PULLED_AT, start=1)},
    **{
        f"regression_{what}_{place}": partial(float, number)
        for what, found in (("true", TRUE), ("predicted", PREDICTED), ("error", ERRORS))
        for place, number in enumerate(found, start=1)
    },
    "regression_mae": lambda: float(np.mean(np.abs(ERRORS))),
    "regression_rmse": lambda: float(np.sqrt(np.mean(ERRORS**2))),
    "regression_smooth": lambda: _mean_smooth(ERRORS, SMOOTH_BETA),
    "torch_at_corner": _torch_at_corner,
}


def _lab_outlier() -> int:
    """Whose minimum moves with the marked sample of the lab: that of MSE, of MAE, or both."""
    from lessons.course.functions.regression_losses.claims import lab_pole

    return 0 if lab_pole() else 2


QUESTIONS: Mapping[str, QuestionValues] = {
    "regression_mse": Number(
        lambda: float(np.mean(ERRORS**2)),
        slips={
            "no-mean": lambda: float(np.sum(ERRORS**2)),
            "half": lambda: float(np.mean(ERRORS**2) / 2),
            "root": lambda: float(np.sqrt(np.mean(ERRORS**2))),
            "absolute-for-squared": lambda: float(np.mean(np.abs(ERRORS))),
        },
    ),
    "unit_change": Number(
        lambda: round(_mse(UNIT * ERRORS) / _mse(ERRORS), 6),
        slips={
            "absolute-for-squared": lambda: float(UNIT),
            "sum-for-product": lambda: 2.0 * UNIT,
        },
        exact=True,
    ),
    "sign_of_low": Sign(_slope_of_third_loss),
    "mse_pull": Number(
        lambda: float(abs(2 / 3 * ERRORS[0]) / abs(2 / 3 * ERRORS[2])),
        slips={
            "losses-compared": lambda: float(ERRORS[0] ** 2 / ERRORS[2] ** 2),
            "absolute-for-squared": lambda: 1.0,
            "upside-down": lambda: float(abs(ERRORS[2] / ERRORS[0])),
        },
    ),
    "outlier_mean": Number(
        lambda: float(np.mean(OUTLIER)),
        slips={
            "median": lambda: float(np.median(OUTLIER)),
            "no-mean": lambda: float(np.sum(OUTLIER)),
            "outlier-left-out": lambda: float(np.mean(OUTLIER[:4])),
        },
    ),
    "outlier_median": Number(
        lambda: float(np.median(OUTLIER)),
        slips={
            "mean-for-median": lambda: float(np.mean(OUTLIER)),
            "place-for-value": lambda: (len(OUTLIER) + 1) / 2,
        },
    ),
    "smooth_large": Number(
        lambda: _mean_smooth(np.array([SMOOTH_ERROR]), SMOOTH_BETA),
        slips={
            "parabola-outside": lambda: SMOOTH_ERROR**2 / (2 * SMOOTH_BETA),
            "half-forgotten": lambda: SMOOTH_ERROR,
            "slope-for-value": lambda: 1.0,
            "whole-corner": lambda: SMOOTH_ERROR - SMOOTH_BETA,
        },
    ),
    "huber_three": Number(
        lambda: _huber_loss(HUBER_ERROR, HUBER_BETA),
        slips={
            "smoothl1-is-huber": lambda: _mean_smooth(np.array([HUBER_ERROR]), HUBER_BETA),
            "parabola-outside": (
                lambda: 0.5 * HUBER_ERROR**2,
                lambda: HUBER_ERROR**2 / (2 * HUBER_BETA),
            ),
            "half-forgotten": lambda: HUBER_BETA * HUBER_ERROR,
            "whole-corner": lambda: HUBER_BETA * (HUBER_ERROR - HUBER_BETA),
        },
    ),
    "chord_gap": Number(
        lambda: HALFWAY * (1 - HALFWAY) * (CHORD[0] - CHORD[1]) ** 2,
        slips={
            "line-height": lambda: HALFWAY * CHORD[0] ** 2 + (1 - HALFWAY) * CHORD[1] ** 2,
        },
    ),
    "convex_in_weights": Choice(_convex_in_weights),
    "lab_outlier": Choice(_lab_outlier),
}

"""What the formulas of `frameworks/numpy` speak of."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import lru_cache
from itertools import permutations
from types import SimpleNamespace

import numpy as np

from engine.activations import Array
from engine.formulas.world import World
from engine.recipes.two_layer_sizes import D_IN, D_OUT, H, N
from lessons.course.frameworks.two_layer import NETWORK, SIZED, by_hand
from lessons.judge.values import Choice, Fill, Number, Order, QuestionValues, Shape, Sign


def _rate(_: World) -> float:
    """The learning rate of the recipe."""
    from engine.recipes.catalog import find_recipe

    return float(find_recipe("two-layer-numpy").settings({})["lr"])


NOTATION = (
    NETWORK.defined(r"\mathbf{x} = X_{s,:}^\top", r"D_\mathrm{in} \times 1")
    .defined(r"\mathbf{z} = Z_{s,:}^\top", r"H \times 1")
    .computed(r"\eta", _rate)
    .defined(r"\sigma = \sqrt{D_\mathrm{in} \cdot 1}", "")
)


_SMALL = by_hand(0.0)


_ZERO = by_hand(1.0)


SCOPES = {
    "by_hand": _SMALL,
    "numpy_by_hand": _SMALL,
    "at_zero": _ZERO,
    "numpy_at_zero": _ZERO,
    "numpy_low_output": _SMALL,
    "numpy_spread": SIZED.defined(r"\sigma = \sqrt{D_\mathrm{in} \cdot 1}", ""),
    "sized": SIZED,
    "numpy_w1_shape": SIZED,
}


def _variance() -> float:
    """Of the product of two numbers from N(0, 1); Gauss-Hermite quadrature is exact for it."""
    places, weights = np.polynomial.hermite_e.hermegauss(4)
    chances = weights / weights.sum()
    products = np.multiply.outer(places, places)
    return float(chances @ products**2 @ chances - (chances @ products @ chances) ** 2)


def small(corner: float = 0.0) -> SimpleNamespace:
    """The small network of the lesson, forward; `corner` stands in row 2, column 1 of W1."""
    from lessons.course.frameworks.numpy.programs import W2, T, X, first_weights

    W1 = first_weights(corner)
    Z = X @ W1
    A = np.maximum(0, Z)
    return SimpleNamespace(X=X, W1=W1, W2=W2, T=T, Z=Z, A=A, Y=A @ W2, into=2 * (A @ W2 - T))


def _gradient_shape() -> tuple[int, ...]:
    return (np.zeros((N, D_IN)).T @ np.zeros((N, H))).shape


ROW, COLUMN = 2, 1
"""The entry of ∂L/∂W1 that is asked for; there the corner stands as well."""


def _entry_of_w1(
    *, two: float = 2.0, masked: bool = True, row: int = ROW, column: int = COLUMN
) -> float:
    """∂L/∂W1 in a row and column, with or without its 2 and its mask."""
    net = small()
    into_a = two * (net.Y - net.T) @ net.W2.T
    into_z = into_a * (net.Z > 0) if masked else into_a
    return float((net.X.T @ into_z)[row - 1, column - 1])


def _into_z() -> float:
    """∂L/∂Z of sample 1, unit 1."""
    return float((small().into @ small().W2.T)[0, 0])


def _error(v: SimpleNamespace) -> None:
    v.grad_y_pred = 2 * (v.y_pred - v.y)


def _through_w2(v: SimpleNamespace) -> None:
    v.grad_h_relu = v.grad_y_pred.dot(v.w2.T)


def _copy(v: SimpleNamespace) -> None:
    v.grad_h = v.grad_h_relu.copy()


def _mask(v: SimpleNamespace) -> None:
    v.grad_h[v.h < 0] = 0


def _to_w1(v: SimpleNamespace) -> None:
    v.grad_w1 = v.x.T.dot(v.grad_h)


def _move(v: SimpleNamespace) -> None:
    v.w1 = v.w1 - 0.01 * v.grad_w1


_LINES: tuple[Callable[[SimpleNamespace], None], ...] = (
    _error, _through_w2, _copy, _mask, _to_w1, _move,
)  # fmt: skip


def _after(order: tuple[int, ...]) -> Array | None:
    """w1 after the lines in this order; None where one needs what is not there yet."""
    net = small()
    v = SimpleNamespace(x=net.X, y=net.T, w1=net.W1, w2=net.W2, h=net.Z, y_pred=net.Y)
    try:
        for place in order:
            _LINES[place](v)
    except AttributeError:
        return None
    return np.asarray(v.w1)


def _only_order() -> tuple[int, ...]:
    """The only order of the lines that runs and moves w1 as the recipe does."""
    from engine.recipes.two_layer_numpy import train_step

    net = small()
    wanted = net.W1.copy()
    train_step(net.X, net.T, wanted, net.W2.copy(), 0.01)
    found = []
    for order in permutations(range(len(_LINES))):
        moved = _after(order)
        if moved is not None and np.allclose(moved, wanted):
            found.append(order)
    (only,) = found
    return only


def _loss_is_not_needed() -> int:
    """Move the weights without ever computing the loss; 1 where they end at the same place."""
    from engine.recipes.two_layer_numpy import train_step

    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(4, 5)).astype("f4"), rng.normal(size=(4, 2)).astype("f4")
    w1, w2 = rng.normal(size=(5, 3)).astype("f4"), rng.normal(size=(3, 2)).astype("f4")
    moved1, moved2 = w1.copy(), w2.copy()
    train_step(x, y, moved1, moved2, 0.01)
    h = x @ w1
    into_y = 2 * (np.maximum(h, 0) @ w2 - y)
    w1_after = w1 - 0.01 * (x.T @ ((into_y @ w2.T) * (h > 0)))
    w2_after = w2 - 0.01 * (np.maximum(h, 0).T @ into_y)
    return int(np.allclose(moved1, w1_after) and np.allclose(moved2, w2_after))


CORNER = 1.0


def _at_zero_by_autograd() -> float:
    """What `torch.relu` lets through where Z is 0: sample 2, unit 1."""
    import torch

    net = small(CORNER)
    Z = torch.tensor(net.Z, requires_grad=True)
    loss = ((torch.relu(Z) @ torch.tensor(net.W2) - torch.tensor(net.T)) ** 2).sum()
    (slopes,) = torch.autograd.grad(loss, Z)
    return float(slopes[1, 0])


def _at_zero_by_hand() -> float:
    """What the mask h < 0 lets through where h is 0: sample 2, unit 1."""
    net = small(CORNER)
    grad_h = net.into @ net.W2.T
    grad_h[net.Z < 0] = 0
    return float(grad_h[1, 0])


def _new_samples() -> int:
    """Train for a while: 1 where the loss falls on these samples and new ones gain nothing."""
    from engine.recipes.two_layer_numpy import squared_error, train_step
    from lessons.course.frameworks.numpy.programs import loss_of, start

    x, y, w1, w2, new_x, new_y = start()
    first = loss_of(x, y, w1, w2)
    for _ in range(60):
        train_step(x, y, w1, w2, 1e-6)
    learned = loss_of(x, y, w1, w2) < 1e-3 * first
    # Always to answer 0 is better than what was learned.
    worse = loss_of(new_x, new_y, w1, w2) > squared_error(0 * new_y, new_y)
    return 1 if learned and worse else 0


@lru_cache(maxsize=1)
def _zeros_and_first_loss() -> tuple[int, float]:
    """How many of the 6400 hidden sums are 0 at the start of the training, and its loss."""
    from lessons.course.frameworks.numpy.programs import start

    x, y, w1, w2, *_ = start("f8")
    Z = x @ w1
    return int((Z == 0).sum()), float(np.square(np.maximum(0, Z) @ w2 - y).sum())


def _steps() -> float:
    """Steps of the training."""
    from engine.recipes.catalog import find_recipe

    return float(find_recipe("two-layer-numpy").settings({})["epochs"])


def _steps_here() -> float:
    """Steps of the program that runs inside the lesson."""
    from lessons.course.frameworks.numpy.programs import STEPS

    return float(STEPS)


NUMBERS: Mapping[str, Callable[[], float]] = {
    "features": lambda: D_IN,
    "numpy_column": lambda: COLUMN,
    "numpy_corner": lambda: small(CORNER).W1[ROW - 1, COLUMN - 1],
    "numpy_expected": lambda: N * D_OUT * (H * D_IN / 2 + 1) / 1e6,
    "numpy_first_loss": lambda: _zeros_and_first_loss()[1] / 1e6,
    "numpy_first_shown": lambda: _zeros_and_first_loss()[1] / N,
    "numpy_first_out": lambda: float(small().W2[0, 0]),
    "numpy_h_size": lambda: math.sqrt(D_IN),
    "numpy_hidden_count": lambda: N * H,
    "numpy_into_1": lambda: small().into[0, 0],
    "numpy_into_2": lambda: small().into[1, 0],
    "numpy_into_z_1": _into_z,
    "numpy_low_t": lambda: float(small().T[1, 0]),
    "numpy_low_y": lambda: float(small().Y[1, 0]),
    "numpy_other_feature": lambda: float(small().X[1, 1]),
    "numpy_own_feature": lambda: float(small().X[0, 1]),
    "numpy_row": lambda: ROW,
    "numpy_steps": _steps,
    "numpy_steps_here": _steps_here,
    "numpy_target_count": lambda: N * D_OUT,
    "numpy_variance": _variance,
    "numpy_weight_count": lambda: D_IN * H + H * D_OUT,
    "numpy_y_size": lambda: math.sqrt(H * D_IN / 2),
    "numpy_zero_into": lambda: small(CORNER).into[1, 0],
    "numpy_zero_output": lambda: float(small(CORNER).Y[1, 0]),
    "numpy_zero_sample": lambda: float(np.argwhere(small(CORNER).Z == 0)[0, 0] + 1),
    "numpy_zero_target": lambda: float(small(CORNER).T[1, 0]),
    "numpy_zero_unit": lambda: float(np.argwhere(small(CORNER).Z == 0)[0, 1] + 1),
    "numpy_zeros": lambda: _zeros_and_first_loss()[0],
    "outputs": lambda: D_OUT,
    "samples": lambda: N,
    "units": lambda: H,
}


def _train_powers_of_ten() -> int:
    """The loss per sample at the end: around 1000, around 1, or as small as the claim says."""
    from lessons.course.frameworks.numpy.claims import last_loss

    loss = last_loss()
    return 0 if loss > 100 else 1 if loss > 0.1 else 2


QUESTIONS: Mapping[str, QuestionValues] = {
    "numpy_spread": Number(
        lambda: math.sqrt(D_IN * _variance()),
        slips={
            "no-root": lambda: float(D_IN),
            "outputs-counted": lambda: math.sqrt(H),
            "samples-for-features": lambda: math.sqrt(N),
            "mean": lambda: 1 / math.sqrt(D_IN),
        },
    ),
    "numpy_low_output": Sign(lambda: float(small().into[1, 0])),
    "numpy_missing_factor": Fill(NOTATION),
    "numpy_w1_shape": Shape(
        _gradient_shape,
        slips={
            "row-for-column": lambda: _gradient_shape()[::-1],
            "delta-alone": lambda: (N, H),
        },
    ),
    "numpy_by_hand": Number(
        _entry_of_w1,
        slips={
            "no-derivative": lambda: _entry_of_w1(masked=False),
            "no-two": lambda: _entry_of_w1(two=1.0),
            "delta-alone": _into_z,
            "swapped": lambda: _entry_of_w1(row=COLUMN, column=ROW),
            "other-feature": lambda: _entry_of_w1(row=1),
        },
        tolerance=0,
    ),
    "numpy_order": Order(_only_order),
    "numpy_without_loss": Choice(_loss_is_not_needed),
    "numpy_at_zero": Number(
        _at_zero_by_autograd,
        slips={
            "one-side-right": _at_zero_by_hand,
            "relu-at-zero": lambda: _at_zero_by_hand() / 2,
        },
        tolerance=0,
    ),
    "numpy_new_samples": Choice(_new_samples),
    "train_powers_of_ten": Choice(_train_powers_of_ten),
}

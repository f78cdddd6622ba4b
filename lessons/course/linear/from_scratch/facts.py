"""What the formulas of `linear/from-scratch` speak of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from itertools import permutations
from types import SimpleNamespace

import numpy as np

from engine.formulas import values as v
from engine.formulas.draws import normal, ones, positive
from engine.formulas.notation import Notation
from engine.formulas.values import Value
from engine.formulas.world import World
from engine.recipes.catalog import find_recipe
from lessons.course.linear.model.facts import symbol
from lessons.judge.values import Choice, Number, Order, QuestionValues, Shape

NOISE = 0.01


SAMPLES, BATCH = 1000, 64


SQUARE_AT = 3.0
"""The weight whose square is differentiated."""


FEW_SAMPLES = 250
"""A quarter of the samples."""


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


FEATURES = 2
"""The features of a sample."""

NOTATION = (
    Notation()
    .distribution("N")
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
    "loss_spread": NOTATION.fixed("n", FEW_SAMPLES),
    "noise_floor_double": NOTATION.fixed(r"\sigma", 2 * NOISE)
    .computed(r"\boldsymbol{\epsilon}", _real_noise, "n")
    .defined(r"\ell^{(i)} = \frac12 (\mathbf{y}_i - \hat{\mathbf{y}}_i)^2", "", over="i"),
    "divide-twice": NOTATION.drawn(r"\mathbf{y}", "n")
    .defined(r"L = \frac{1}{2n} \| X \mathbf{w} - \mathbf{y} \|^2", "")
    .with_gradient(r"\mathbf{w}"),
}


def _last_batch(samples: int, batch: int) -> float:
    """Samples in the last mini-batch of an epoch."""
    return float(samples % batch or batch)


def _difference_shape(left: tuple[int, ...], right: tuple[int, ...]) -> tuple[int, ...]:
    """The shape that PyTorch gives to a difference of two tensors of these shapes."""
    import torch

    return tuple((torch.zeros(left) - torch.zeros(right)).shape)


def _predict(v: SimpleNamespace) -> None:
    v.y_hat = v.X @ v.w


def _add_losses(v: SimpleNamespace) -> None:
    v.loss = ((v.y_hat - v.y) ** 2 / 2).sum()


def _gradients(v: SimpleNamespace) -> None:
    v.loss.backward()


def _move(v: SimpleNamespace) -> None:
    v.w.data -= 0.1 * v.w.grad / len(v.y)


def _empty(v: SimpleNamespace) -> None:
    v.w.grad.zero_()


_STEPS: tuple[Callable[[SimpleNamespace], None], ...] = (
    _predict, _add_losses, _gradients, _move, _empty,
)  # fmt: skip


def _only_order_that_learns() -> tuple[int, ...]:
    """Run the steps in every order; the one that moves as it should and leaves no gradient."""
    import torch

    X = torch.tensor([[1.0, 2.0], [-1.0, 0.5], [0.5, -1.5]], dtype=torch.float64)
    y = torch.tensor([1.0, -2.0, 3.0], dtype=torch.float64)
    start = torch.tensor([0.3, -0.2], dtype=torch.float64)
    wanted = start - 0.1 * X.T @ (X @ start - y) / len(y)
    found = []
    for order in permutations(range(len(_STEPS))):
        w = start.clone().requires_grad_()
        w.grad = torch.zeros_like(w)
        v = SimpleNamespace(X=X, y=y, w=w)
        try:
            for place in order:
                _STEPS[place](v)
        except AttributeError:
            # A step asked for what no step before it had computed.
            continue
        if torch.allclose(w.detach(), wanted) and not w.grad.any():
            found.append(order)
    (only,) = found
    return only


def _spread(samples: int) -> float:
    """Standard deviation of the mean of ½ε², in per cent of ½σ², from the moments of ε.

    A normal ε has E ε² = σ² and E ε⁴ = 3σ⁴.
    """
    second, fourth = NOISE**2, 3 * NOISE**4
    variance = (fourth - second**2) / 4 / samples
    return float(100 * np.sqrt(variance) / (second / 2))


def _setting(name: str) -> float:
    """What the training of this lesson is set to."""
    return float(find_recipe("linear").settings()[name])


NUMBERS: Mapping[str, Callable[[], float]] = {
    "fit_updates": lambda: FIT_UPDATES,
    "fitted": lambda: FITTED,
    "in_whole_batches": lambda: SAMPLES // BATCH * BATCH,
    "label_noise": lambda: NOISE,
    "linear_batch": lambda: _setting("batch_size"),
    "linear_epochs": lambda: _setting("epochs"),
    "linear_rate": lambda: _setting("lr"),
    "long_fit": lambda: LONG_FIT,
    "noise_floor": lambda: NOISE**2 / 2,
    "noise_mean": partial(float, 0),
    "pairs": lambda: PAIRS,
    "samples": lambda: SAMPLES,
    "square_at": lambda: SQUARE_AT,
    "slope_of_square": lambda: 2 * SQUARE_AT,
    "spread_percent": lambda: _spread(SAMPLES),
    "reported": lambda: REPORTED,
    "reported_batch": lambda: REPORTED / REPORTED_BATCHES,
    "reported_batches": lambda: REPORTED_BATCHES,
    "whole_batches": lambda: SAMPLES // BATCH,
}


def _lab_thin_line() -> int:
    """Whether all samples lie close to one plane, as the lesson claims."""
    from lessons.course.linear.from_scratch.claims import near_a_plane

    return 1 if near_a_plane() else 0


def _train_true_parameters() -> int:
    """How near the recipe comes to the truth: as near as the noise, ten times nearer, exactly."""
    from lessons.course.linear.from_scratch.claims import default_run, farthest_off

    off = farthest_off()
    return 2 if off < 1e-6 else 1 if default_run() and off < NOISE / 10 else 0


QUESTIONS: Mapping[str, QuestionValues] = {
    "last_batch": Number(
        lambda: _last_batch(SAMPLES, BATCH),
        slips={
            "last-batch": lambda: float(BATCH),
            "batch-count": (
                lambda: float(SAMPLES // BATCH),
                lambda: float(-(-SAMPLES // BATCH)),
            ),
            "missing": lambda: float(-SAMPLES % BATCH),
            "fraction-of-batch": (lambda: SAMPLES / BATCH, lambda: SAMPLES / BATCH % 1),
        },
        tolerance=0,
    ),
    "broadcast": Shape(
        lambda: _difference_shape((PAIRS, 1), (PAIRS,)),
        slips={
            "broadcast-n-by-n": (
                lambda: _difference_shape((PAIRS,), (PAIRS,)),
                lambda: _difference_shape((PAIRS, 1), (PAIRS, 1)),
            ),
            "row-only": lambda: (1, PAIRS),
        },
    ),
    "divide_twice": Number(
        lambda: TWICE_RATE / TWICE_DIVIDED,
        slips={
            "divide-twice": lambda: TWICE_RATE,
            "multiply": lambda: TWICE_RATE * TWICE_DIVIDED,
            "one-too-many": lambda: TWICE_RATE / TWICE_DIVIDED**2,
            "upside-down": lambda: TWICE_DIVIDED / TWICE_RATE,
        },
    ),
    "update_steps": Order(_only_order_that_learns),
    "loss_spread": Number(
        lambda: _spread(FEW_SAMPLES),
        slips={
            "no-root": lambda: 100 * 2 / FEW_SAMPLES,
            "four-times": lambda: 4 * _spread(4 * FEW_SAMPLES),
            "no-change": lambda: _spread(4 * FEW_SAMPLES),
            "shrinks": lambda: _spread(4 * FEW_SAMPLES) / 2,
            "no-two": lambda: float(100 * np.sqrt(1 / FEW_SAMPLES)),
        },
        tolerance=1e-2,
        percent=True,
        digits=2,
    ),
    "noise_floor_double": Number(
        lambda: (2 * NOISE) ** 2 / 2,
        slips={
            "no-half": lambda: (2 * NOISE) ** 2,
            "not-squared": (lambda: 2 * NOISE**2 / 2, lambda: 2 * NOISE / 2),
            "no-change": lambda: NOISE**2 / 2,
        },
    ),
    "lab_thin_line": Choice(_lab_thin_line),
    "train_true_parameters": Choice(_train_true_parameters),
}

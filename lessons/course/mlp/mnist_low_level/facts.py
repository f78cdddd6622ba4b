"""What the formulas of `mlp/mnist-low-level` speak of."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

import numpy as np

from engine.formulas.declarations import Maker
from engine.formulas.draws import choice, integer, ones
from engine.formulas.errors import NoValueError
from engine.formulas.notation import Notation
from engine.formulas.values import Value, number, whole
from engine.formulas.world import Place, World
from engine.recipes.catalog import find_recipe
from lessons.course.mlp.chance import mean_over, uncorrelated
from lessons.judge.values import Choice, Number, QuestionValues, Shape

PIXELS, UNITS, CLASSES = 784, 200, 10


_V: Place = ("v", (), None)


def _distribution(*_: Any) -> NoReturn:
    raise NoValueError("A distribution has no value.")


def _weights(world: World) -> list[Value]:
    """The weights that a unit may get; those of the draw itself are one more."""
    d, s = (world.value((name, (), None)) for name in ("d", "s"))
    return uncorrelated(world, whole(d), number(s))


def _mean_square_1(rng: np.random.Generator, shape: tuple[int, ...]) -> Value:
    found = rng.normal(size=shape)
    return found / np.sqrt((found**2).mean())


def _zeros(_: np.random.Generator, shape: tuple[int, ...]) -> Value:
    return np.zeros(shape)


def _network(
    pixels: str, units: str, classes: str, weights: Maker | None = None, biases: Maker | None = None
) -> Notation:
    return (
        Notation()
        .size("n")
        .drawn(r"\mathbf{1}", r"n \times 1", ones())
        .drawn("X", rf"n \times {pixels}")
        .drawn("w_1", rf"{units} \times {pixels}", weights)
        .drawn("w_2", rf"{units} \times {units}", weights)
        .drawn("w_3", rf"{classes} \times {units}", weights)
        .drawn("b_1", rf"{units} \times 1", biases)
        .drawn("b_2", rf"{units} \times 1", biases)
        .drawn("b_3", rf"{classes} \times 1", biases)
        .defined(r"H_1 = \max(0, X w_1^\top + \mathbf{1} b_1^\top)", rf"n \times {units}")
        .defined(r"H_2 = \max(0, H_1 w_2^\top + \mathbf{1} b_2^\top)", rf"n \times {units}")
        .defined(r"O = H_2 w_3^\top + \mathbf{1} b_3^\top", rf"n \times {classes}")
        .drawn("y", r"n \times 1", choice(1, 2, 3))
        .defined(
            rf"L = \frac1n \sum_{{i=1}}^{{n}} \left( \ln \sum_{{k=1}}^{{{classes}}} \exp(O_{{ik}}) "
            r"- O_{i,y_i} \right)"
        )
        .index("i", "n")
    )


_UNIT = (
    Notation()
    .size("d", low=2)
    .drawn("x", r"d \times 1")
    .drawn("v", r"d \times 1")
    .defined(r"s = \sqrt{2 / d}", "")
    .defined(r"z = \sum_j v_j x_j", "")
    .defined(r"a = \max(0, z)", "")
    .operator(r"\mathbb{E}", mean_over(_V, _weights))
    .operator("N", _distribution)
    .index("j k", "d")
)
"""One unit: its weights v are drawn, its bias is 0."""


NOTATION = (
    _network("784", "200", "10")
    .including(_UNIT)
    .drawn("p", make=integer(0, 255))
    .defined(r"\tilde p = \frac{p / 255 - 0.1307}{0.3081}", "")
    .fixed(r"\mu", 0.1307)
    .fixed(r"\tau", 0.3081)
    .defined(r"q = \mu^2 + \tau^2", "")
)


_DEVIATION = _UNIT.defined(r"\sigma = \sqrt{s^2 \sum_j x_j^2}", "")


SCOPES = {
    "unit": _UNIT,
    "mnist_kaiming": _UNIT,
    "mnist_black": NOTATION.fixed("p", 0),
    "mnist_kaiming_std": _UNIT.fixed("d", PIXELS),
    "mnist_growth": _DEVIATION.fixed("d", PIXELS)
    .fixed("s", 1)
    .drawn("x", r"d \times 1", _mean_square_1),
    "mnist_zero_start": _network("d", "h", "c", _zeros, _zeros).size("d").size("h").size("c"),
}


def _normalised(grey: int) -> float:
    """What the recipe makes of a grey value."""
    import torch

    from engine.recipes.mnist_mlp import normalise

    return float(normalise(torch.full((1, 1, 1), grey, dtype=torch.uint8)))


def _by_constants(with_mean: bool, with_deviation: bool) -> float:
    """What a black pixel becomes where a constant is forgotten."""
    from engine.recipes.mnist_mlp import MEAN, STD

    return (0 - MEAN * with_mean) / (STD if with_deviation else 1)


def _last_weight() -> tuple[int, ...]:
    import torch

    from engine.recipes.mnist_mlp import init_params

    return tuple(init_params("zeros", torch.Generator())["w3"].shape)


def _gain() -> float:
    """The factor that PyTorch's Kaiming puts over the root of the inputs, for ReLU."""
    from torch.nn.init import calculate_gain

    return float(calculate_gain("relu"))


def _what_moves_from_zeros() -> int:
    """Make one update from zeros: the index of the option that says what moved."""
    import torch
    from torch.nn.functional import relu

    from engine.recipes.mnist_mlp import init_params, update

    params = init_params("zeros", torch.Generator())
    for param in params.values():
        param.requires_grad_()
    x = torch.randn(20, 784, generator=torch.Generator().manual_seed(0))
    optimizer = torch.optim.SGD(params.values(), lr=0.01)
    update(x, torch.arange(20) % 7, params, relu, optimizer)
    moved = {name for name, param in params.items() if param.detach().any()}
    return {frozenset(params): 0, frozenset({"b1", "b2", "b3"}): 1, frozenset({"b3"}): 2}[
        frozenset(moved)
    ]


def _constants() -> tuple[float, float]:
    """Mean and standard deviation of the pixels, as the recipe has them."""
    from engine.recipes.mnist_mlp import MEAN, STD

    return MEAN, STD


def _mean_square() -> float:
    """Of numbers with the mean and the standard deviation of the pixels."""
    mean, std = _constants()
    found = np.array([mean - std, mean + std])
    return float((found**2).mean())


IMAGES, TEST_IMAGES, BATCH, EPOCHS = 60_000, 10_000, 200, 10


MEAN_LOSS = 0.15


def _sum_of_batch_means() -> float:
    """The same loss for each image, a mean a batch, added up and divided by the images."""
    losses = np.full(TEST_IMAGES, MEAN_LOSS)
    means = losses.reshape(-1, BATCH).mean(axis=1)
    return float(means.sum() / len(losses))


EXPECTED, ADAM_RATE, LINES = 0.945, 0.001, 100
"""Test accuracy to expect; the rate with Adam; updates from one printed loss to the next."""


MLP_RATE = float(find_recipe("mlp").settings({})["lr"])
"""The learning rate of the lesson before."""


def _setting(name: str) -> float:
    return float(find_recipe("mnist-mlp").settings({})[name])


def _shape(name: str) -> tuple[int, ...]:
    import torch

    from engine.recipes.mnist_mlp import init_params

    return tuple(init_params("zeros", torch.Generator())[name].shape)


def _deviation(init: str) -> float:
    """What the recipe's weights are drawn with."""
    import torch

    from engine.recipes.mnist_mlp import init_weight

    w = torch.empty(UNITS, PIXELS)
    init_weight(w, init, torch.Generator().manual_seed(0))
    return float(w.std())


NUMBERS: Mapping[str, Callable[[], float]] = {
    "mnist_adam_rate": lambda: ADAM_RATE,
    "mnist_batch": lambda: _setting("batch_size"),
    "mnist_classes": lambda: _shape("w3")[0],
    "mnist_epoch_batches": lambda: IMAGES / BATCH,
    "mnist_epochs": lambda: _setting("epochs"),
    "mnist_expected": lambda: EXPECTED,
    "mnist_images": lambda: IMAGES,
    "mnist_kaiming_factor": lambda: _gain() ** 2,
    "mnist_lines": lambda: LINES,
    "mnist_log_10": lambda: math.log(CLASSES),
    "mnist_mean_loss": lambda: MEAN_LOSS,
    "mnist_pixels": lambda: _shape("w1")[1],
    "mnist_rate": lambda: _setting("lr"),
    "mnist_side": lambda: math.sqrt(_shape("w1")[1]),
    "mnist_rate_share": lambda: MLP_RATE / _setting("lr"),
    "mnist_small_std": lambda: _deviation("small_normal"),
    "mnist_test_batches": lambda: TEST_IMAGES / BATCH,
    "mnist_test_images": lambda: TEST_IMAGES,
    "mnist_units": lambda: _shape("w1")[0],
    "mnist_white": lambda: 2**8 - 1,
}


def _lab_standard_start() -> int:
    """The accuracy from N(0, 1) beside that from Kaiming's weights: behind, as claimed, or not."""
    from lessons.course.mlp.mnist_low_level.claims import standard_behind

    return 1 if standard_behind() else 0


def _lab_adam_epoch() -> int:
    """One epoch of Adam beside three of SGD: farther, as the claim of the lesson says, or not."""
    from lessons.course.mlp.mnist_low_level.claims import adam_faster

    return 2 if adam_faster() else 1


def _train_first_loss() -> int:
    """Where the loss begins from Kaiming's weights: above ln 10, as the claim says, or at it."""
    from lessons.course.mlp.mnist_low_level.claims import kaiming_first_loss

    return 1 if kaiming_first_loss() else 0


def _train_small_start() -> int:
    """What small first weights learn in an epoch: next to nothing, as the claim says, or much."""
    from lessons.course.mlp.mnist_low_level.claims import small_slow

    return 1 if small_slow() else 0


def _train_two_sigmoids() -> int:
    """Sigmoids after one epoch beside ReLU: far behind, as the claim says, or level."""
    from lessons.course.mlp.mnist_low_level.claims import sigmoid_slower

    return 1 if sigmoid_slower() else 0


QUESTIONS: Mapping[str, QuestionValues] = {
    "mnist_black": Number(
        lambda: _normalised(0),
        slips={
            "mean-forgotten": lambda: _by_constants(with_mean=False, with_deviation=True),
            "deviation-forgotten": lambda: _by_constants(with_mean=True, with_deviation=False),
            "white-for-black": lambda: _normalised(255),
            "multiply": lambda: -_constants()[0] * _constants()[1],
        },
    ),
    "mnist_last_weight": Shape(
        _last_weight,
        slips={
            "row-for-column": lambda: _last_weight()[::-1],
            "first-layer": lambda: (UNITS, PIXELS),
            "hidden-layer": lambda: (UNITS, UNITS),
        },
    ),
    "mnist_kaiming_std": Number(
        lambda: _gain() / math.sqrt(PIXELS),
        slips={
            "variance": lambda: 2 / PIXELS,
            "outputs-for-inputs": lambda: math.sqrt(2 / UNITS),
            "relu-halves-forgotten": lambda: math.sqrt(1 / PIXELS),
            "glorot": lambda: math.sqrt(2 / (PIXELS + UNITS)),
            "no-root-of-d": lambda: math.sqrt(2) / PIXELS,
            "four-for-two": lambda: 2 * math.sqrt(1 / PIXELS),
        },
    ),
    "mnist_growth": Number(
        lambda: math.sqrt(PIXELS),
        slips={
            "variance": lambda: float(PIXELS),
            "spread-stays": lambda: 1.0,
            "after-relu": lambda: math.sqrt(PIXELS / 2),
        },
    ),
    "mnist_zero_start": Choice(_what_moves_from_zeros),
    "mnist_updates": Number(
        lambda: float(EPOCHS * math.ceil(IMAGES / BATCH)),
        slips={
            "one-epoch": lambda: IMAGES / BATCH,
            "samples-for-updates": lambda: float(EPOCHS * IMAGES),
            "test-for-train": lambda: float(EPOCHS * TEST_IMAGES // BATCH),
            "divided-by-epochs": lambda: IMAGES / BATCH / EPOCHS,
        },
        tolerance=0,
    ),
    "mnist_wrong_loss": Number(
        _sum_of_batch_means,
        slips={
            "right-mean-expected": lambda: MEAN_LOSS,
            "sum-for-mean": lambda: MEAN_LOSS * TEST_IMAGES / BATCH,
            "one-mean-only": lambda: MEAN_LOSS / TEST_IMAGES,
            "batch-for-images": lambda: MEAN_LOSS * TEST_IMAGES / BATCH / BATCH,
        },
    ),
    "mnist_plain_square": Number(
        _mean_square,
        slips={
            "variance-only": lambda: _constants()[1] ** 2,
            "mean-only": lambda: _constants()[0] ** 2,
            "square-of-sum": lambda: sum(_constants()) ** 2,
            "not-squared-each": lambda: sum(_constants()),
            "root": lambda: math.sqrt(_mean_square()),
            "squares-subtracted": lambda: _constants()[1] ** 2 - _constants()[0] ** 2,
        },
        digits=3,
    ),
    "lab_standard_start": Choice(_lab_standard_start),
    "lab_adam_epoch": Choice(_lab_adam_epoch),
    "train_first_loss": Choice(_train_first_loss),
    "train_small_start": Choice(_train_small_start),
    "train_two_sigmoids": Choice(_train_two_sigmoids),
}

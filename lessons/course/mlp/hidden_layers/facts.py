"""What the formulas of `mlp/hidden-layers` speak of."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import lru_cache, partial

import numpy as np

from engine.formulas.draws import integer, normal, ones, uniform
from engine.formulas.notation import Notation
from engine.formulas.proving import shape_of, value_of
from engine.formulas.values import Value
from engine.playground.model import SAME
from lessons.judge.values import Choice, Fill, Number, QuestionValues, Shape, Sign

WEIGHTS = normal(0.6)


def _both_signs(rng: np.random.Generator, shape: tuple[int, ...]) -> Value:
    """Numbers on both sides of 0, some of them far from it."""
    return rng.choice((-1.0, 1.0)) * rng.uniform(0.2, 3.0, size=shape)


HAND_MADE, SQUARE = (2, 2, 1), ((-0.5, 1.5), (-0.5, 1.5))
"""The widths of the network for XOR, and the inputs for which its output is drawn."""

NOTATION = (
    Notation()
    .drawn("w_1")
    .drawn("w_2")
    .drawn("b")
    .defined("z(x_1, x_2) = w_1 x_1 + w_2 x_2 + b", "")
    .drawn("z", "", _both_signs)
    .drawn("u", "", uniform(0.3, 3.0))
    .drawn("l", make=integer(2, 3))
    .size("S_l", over="l")
    .size("n")
    .drawn("X", r"n \times S_1")
    .defined(r"\mathbf{x} = (X_{s,:})^\top", "S_1")
    .defined(r"x_j = \mathbf{x}_j", "", over="j")
    .drawn(r"W^{(l)}", r"S_l \times S_{l+1}", WEIGHTS, over="l")
    .defined(r"W_{ij}^{(l)} = (W^{(l)})_{ji}", "", over="i j l")
    .drawn(r"\mathbf{b}^{(l)}", "S_{l+1}", WEIGHTS, over="l")
    .defined(r"b_i^{(l)} = (\mathbf{b}^{(l)})_i", "", over="i l")
    .defined(
        r"\mathbf{z}^{(l)} = (W^{(l-1)})^\top \mathbf{a}^{(l-1)} + \mathbf{b}^{(l-1)}",
        "S_l",
        over="l",
    )
    .defined(r"z_i^{(l)} = (\mathbf{z}^{(l)})_i", "", over="i l")
    .defined(r"\mathbf{a}^{(1)} = \mathbf{x}", "S_1", over="l")
    .defined(r"\mathbf{a}^{(l)} = \sigma(\mathbf{z}^{(l)})", "S_l", over="l")
    .defined(r"a_i^{(l)} = (\mathbf{a}^{(l)})_i", "", over="i l")
    .entrywise(r"\sigma", "sigmoid")
    .defined("W = W^{(1)} W^{(2)}", r"S_1 \times S_3")
    .defined(r"\mathbf{b} = (W^{(2)})^\top \mathbf{b}^{(1)} + \mathbf{b}^{(2)}", "S_3")
    .drawn(r"\mathbf{1}", "n", ones())
    .defined(r"B^{(l)} = \mathbf{1} (\mathbf{b}^{(l)})^\top", r"n \times S_{l+1}", over="l")
    # Every sample by the formula for columns.
    .defined(
        r"Z^{(l)} = \left( (W^{(l-1)})^\top (A^{(l-1)})^\top"
        r" + \mathbf{b}^{(l-1)} \mathbf{1}^\top \right)^\top",
        r"n \times S_l",
        over="l",
    )
    .defined("A^{(1)} = X", r"n \times S_1", over="l")
    .defined(r"A^{(l)} = \sigma(Z^{(l)})", r"n \times S_l", over="l")
    .defined(r"V = (W^{(1)})^\top", r"S_2 \times S_1")
    .drawn("y", "S_3", uniform(0.1, 0.9))
    .defined(r"L = \frac12 \| \mathbf{a}^{(3)} - y \|^2", "")
    .defined(r"\delta_i^{(l)} = \frac{\partial L}{\partial z_i^{(l)}}", "", over="i l")
    .fixed(r"\infty", float("inf"))
    .index("i j k")
    .index("s", "n")
)
"""A network of three layers: x is the sample s of the batch X. The loss stands for any."""


def _sized(notation: Notation, **sizes: int) -> Notation:
    for name, size in sizes.items():
        if name == "n":
            notation = notation.fixed("n", size)
        else:
            notation = notation.defined(f"{name} = {size}", "", over="l")
    return notation


def _twin_columns(rng: np.random.Generator, shape: tuple[int, ...]) -> Value:
    """Weights into units of which the first two have the same ones."""
    found = np.asarray(WEIGHTS(rng, shape))
    found[:, 1] = found[:, 0]
    return found


def _twin_rows(rng: np.random.Generator, shape: tuple[int, ...]) -> Value:
    """Weights, or biases, of which the first two rows are the same."""
    return np.asarray(_twin_columns(rng, shape[::-1])).T


TWINS = (
    NOTATION.drawn(r"W^{(1)}", r"S_1 \times S_2", _twin_columns, over="l")
    .drawn(r"\mathbf{b}^{(1)}", "S_2", _twin_rows, over="l")
    .drawn(r"W^{(2)}", r"S_2 \times S_3", _twin_rows, over="l")
)
"""The first two hidden units have the same weights."""


NO_ACTIVATION = NOTATION.defined(r"\mathbf{a}^{(2)} = \mathbf{z}^{(2)}", "S_2", over="l")


BY_HAND = (
    _sized(NOTATION, S_1=2, S_2=2, S_3=1)
    .entrywise(r"\sigma", "relu")
    .fixed(r"W^{(1)}", ((1, 1), (1, 1)), r"S_1 \times S_2")
    .fixed(r"\mathbf{b}^{(1)}", (0, -1), "S_2")
    .fixed(r"W^{(2)}", ((1,), (-2,)), r"S_2 \times S_3")
    .fixed(r"\mathbf{b}^{(2)}", 0, "S_3")
)
"""The ReLU network that computes XOR."""


COUNT = _sized(NOTATION, S_1=784, S_2=256, S_3=10)


BATCH = (
    _sized(NOTATION, n=128, S_1=784, S_2=256, S_3=10)
    .drawn("X", r"n \times S_1", ones())
    .drawn(r"W^{(l)}", r"S_l \times S_{l+1}", ones(), over="l")
)
"""Only the shapes matter."""


def _xor(start: float) -> Notation:
    """Three tanh units learn a sample of XOR; all weights and biases are alike."""

    def alike(rng: np.random.Generator, shape: tuple[int, ...]) -> Value:
        return np.full(shape, start)

    return (
        _sized(NOTATION, S_1=2, S_2=3, S_3=1)
        .entrywise(r"\sigma", "tanh")
        .drawn(r"W^{(l)}", r"S_l \times S_{l+1}", alike, over="l")
        .drawn(r"\mathbf{b}^{(l)}", "S_{l+1}", alike, over="l")
        .computed("x_j", lambda world, j: (world.index >> (j - 1)) % 2, "", over="j")
        .defined(r"\mathbf{x} = (x_1, x_2)", "S_1")
        .defined("y = | x_1 - x_2 |", "")
        .defined(r"L = \ln(1 + e^{z_1^{(3)}}) - y z_1^{(3)}", "")
    )


FAR_LEFT = NOTATION.given(z=-100)


UNBIASED = NOTATION.fixed(r"\mathbf{b}^{(1)}", np.zeros(2), "S_2").fixed(
    r"\mathbf{b}^{(2)}", np.zeros(2), "S_3"
)
"""Two hidden units, two outputs, and no biases."""


SCOPES = {
    "batch_network/numbers": UNBIASED,
    "equal_units/numbers": TWINS.fixed(r"\mathbf{b}^{(1)}", np.zeros(2), "S_2"),
    "xor_output": BY_HAND.fixed(r"\mathbf{x}", (1, 1), "S_1"),
    "no_activation": NO_ACTIVATION,
    "one_matrix": NO_ACTIVATION,
    "one_layer_count": COUNT,
    "hidden_shape": BATCH,
    "far_left": FAR_LEFT,
    "tanh_far_left": FAR_LEFT,
    "sigmoid_far_left": FAR_LEFT,
    "twins": TWINS,
    "all_zero": _xor(0.0),
    "equal_start": _xor(0.5),
}


def _hand_made(x1: float, x2: float) -> float:
    import torch

    from lessons.course.mlp.hidden_layers.programs import hidden_then_output

    return float(hidden_then_output(torch.tensor([x1, x2]))[1])


XOR_OUTPUT = SCOPES["xor_output"]


NO_BIAS = r"a_1^{(2)} - 2 \max(0, x_1 + x_2)"


ONE_LAYER = "S_1 S_3 + S_3"


BOTH_LAYERS = "S_1 S_2 + S_2 + S_2 S_3 + S_3"


def _tanh_as_written() -> int:
    """What the formula gives at −100 in float32: the index of the option."""
    import torch

    from lessons.course.mlp.hidden_layers.programs import tanh

    value = float(tanh(torch.tensor(-100.0)))
    return 2 if math.isnan(value) else 0 if value == -1 else 1


def _sigmoid_slope_as_written() -> int:
    """Value and slope of the formula at −100 in float32: the index of the option."""
    import torch

    from lessons.course.mlp.hidden_layers.programs import sigmoid as written

    z = torch.tensor(-100.0, requires_grad=True)
    value = written(z)
    (slope,) = torch.autograd.grad(value, z)
    if not math.isfinite(value.item()):
        return 2
    return 1 if math.isnan(slope.item()) else 0


SILENT_WEIGHT, SILENT_INPUT = -0.25, 2.0
"""They make a hidden ReLU unit whose sum is below 0."""


def _slope_of_silent_unit() -> float:
    """The slope of a squared loss for a weight into a ReLU unit whose sum is below 0."""
    import torch

    from lessons.course.mlp.hidden_layers.programs import relu

    w = torch.tensor(SILENT_WEIGHT, requires_grad=True)
    loss = (3 * relu(SILENT_INPUT * w) - 1) ** 2
    (slope,) = torch.autograd.grad(loss, w)
    return abs(float(slope))


@lru_cache(maxsize=3)
def _trained(kind: str) -> tuple[float, float]:
    """The loss after training XOR, and the largest difference of two hidden units' weights."""
    from lessons.course.mlp.hidden_layers.programs import train_xor

    W1, loss = train_xor(kind)
    return loss, float((W1 - W1[:, :1]).abs().max())


def _what_zero_learns() -> int:
    """Train from zeros: the index of the option that describes it."""
    loss, apart = _trained("zero")
    stuck = apart == 0 and abs(loss - math.log(2)) < 1e-12
    return 1 if stuck else 0


def _starts_at(kind: str) -> float:
    """What all weights of a start are."""
    from lessons.course.mlp.hidden_layers.programs import start

    (value,) = {number for param in start(kind) for number in param.reshape(-1).tolist()}
    return float(value)


def _log_of_largest(dtype: type[np.float32] | type[np.float64]) -> float:
    """The largest power that e can be taken to."""
    return math.log(float(np.finfo(dtype).max))


def _slope_of_relu(z: float) -> float:
    import torch

    from lessons.course.mlp.hidden_layers.programs import relu

    point = torch.tensor(z, requires_grad=True)
    (slope,) = torch.autograd.grad(relu(point), point)
    return float(slope)


XOR = ((0.0, 0.0, 0.0), (0.0, 1.0, 1.0), (1.0, 0.0, 1.0), (1.0, 1.0, 0.0))
"""The four samples: x1, x2 and the class. The programs train on them."""


def _xor_table() -> dict[str, Callable[[], float]]:
    """The four samples, entry by entry: `xor_2_y` is the class of the second one."""
    return {
        f"xor_{row}_{name}": partial(float, value)
        for row, sample in enumerate(XOR, start=1)
        for name, value in zip(("x1", "x2", "y"), sample, strict=True)
    }


def _updates() -> int:
    """How often the weights are moved."""
    from inspect import signature

    from lessons.course.mlp.hidden_layers.programs import train_xor

    return int(signature(train_xor).parameters["updates"].default)


NUMBERS: Mapping[str, Callable[[], float]] = {
    "exp_limit_32": lambda: _log_of_largest(np.float32),
    "exp_limit_64": lambda: _log_of_largest(np.float64),
    "play_start_equal": lambda: SAME,
    "relu_left": lambda: _slope_of_relu(-1.0),
    "relu_right": lambda: _slope_of_relu(1.0),
    "silent_sum": lambda: SILENT_WEIGHT * SILENT_INPUT,
    "tanh_limit_32": lambda: -_log_of_largest(np.float32) / 2,
    "two_layers": lambda: value_of(BOTH_LAYERS, COUNT),
    **_xor_table(),
    "xor_loss_equal": lambda: _trained("equal")[0],
    "xor_loss_random": lambda: _trained("random")[0],
    "xor_loss_zero": lambda: _trained("zero")[0],
    "xor_start_equal": lambda: _starts_at("equal"),
    "xor_start_zero": lambda: _starts_at("zero"),
    "xor_updates": _updates,
}


def _lab_without_hidden() -> int:
    """The share that the lab has right after a hundred epochs: about half, three of four, all."""
    from lessons.course.mlp.hidden_layers.claims import playground_without

    return 0 if playground_without() else 1


def _lab_equal_start() -> int:
    """The share that the lab has right from equal weights: about half, three of four, all."""
    from lessons.course.mlp.hidden_layers.claims import played

    share = played("4", "equal").frame.now.train_accuracy
    assert share is not None
    return 0 if share < 0.66 else 1 if share < 0.85 else 2


QUESTIONS: Mapping[str, QuestionValues] = {
    "xor_output": Number(
        lambda: _hand_made(1.0, 1.0),
        slips={
            "first-unit-only": lambda: value_of("a_1^{(2)}", XOR_OUTPUT),
            "bias-forgotten": lambda: value_of(NO_BIAS, XOR_OUTPUT),
            "weight-forgotten": lambda: value_of("a_1^{(2)} - a_2^{(2)}", XOR_OUTPUT),
        },
    ),
    "one_matrix": Fill(NO_ACTIVATION),
    "one_layer_count": Number(
        lambda: value_of(ONE_LAYER, COUNT),
        slips={
            "both-layers": lambda: value_of(BOTH_LAYERS, COUNT),
            "no-bias": lambda: value_of("S_1 S_3", COUNT),
            "bias-per-input": lambda: value_of("S_1 S_3 + S_1", COUNT),
            "first-layer-only": lambda: value_of("S_1 S_2 + S_2", COUNT),
        },
        tolerance=1e-9,
    ),
    "hidden_shape": Shape(
        lambda: shape_of(r"X W^{(1)}", BATCH),
        slips={
            "shape-of-weights": lambda: shape_of("W^{(1)}", BATCH),
            "shape-of-input": lambda: shape_of("X", BATCH),
            "shape-of-output": lambda: shape_of("Z^{(3)}", BATCH),
            "samples-as-columns": lambda: shape_of(r"(W^{(1)})^\top X^\top", BATCH),
        },
    ),
    "tanh_far_left": Choice(_tanh_as_written),
    "sigmoid_far_left": Choice(_sigmoid_slope_as_written),
    "silent_unit": Sign(_slope_of_silent_unit),
    "all_zero": Choice(_what_zero_learns),
    "equal_start": Number(
        lambda: round(_trained("equal")[1], 9),
        slips={
            "xor-symmetry": lambda: _starts_at("equal"),
        },
    ),
    "lab_without_hidden": Choice(_lab_without_hidden),
    "lab_equal_start": Choice(_lab_equal_start),
}

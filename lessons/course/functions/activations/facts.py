"""What the formulas of `functions/activations` speak of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np

from engine.activations import ACTIVATIONS, Array, LeakyRelu, Selu, activation
from engine.formulas import values as v
from engine.formulas.draws import negative, positive, uniform
from engine.formulas.notation import Notation
from engine.formulas.values import Value
from engine.formulas.world import World
from engine.labs.activations import INPUTS, SATURATED_BELOW
from lessons.course.functions.activations.values import (
    FAR,
    INPUT_MEAN,
    INPUT_VARIANCE,
    lowest,
    lowest_at,
    moment,
    percent_of_zeros,
    relu_central,
    share_of_zeros,
    slope_at,
    value_at,
    variance,
)
from lessons.judge.values import Choice, Number, QuestionValues

SIGMOID_OUTPUT = 0.6
"""The output whose slope is asked for."""


SIGMOID_LAYERS = 8


PLACES = {"m5": -5.0, "0": 0.0, "h": 0.5, "2": 2.0, "5": 5.0, "10": 10.0}
"""Where values and slopes are shown, by the label that their numbers bear."""


DEAD_WEIGHT, DEAD_BIAS, DEAD_TARGET, DEAD_RATE = 1.0, -3.0, 1.0, 100.0


DEAD_INPUTS = (0.5, 1.0, 1.5, 2.0)
"""The unit that never wakes up, and its inputs."""


LEAKY_ALPHA, LEAKY_INPUT = 0.1, -3.0


ZEROS_INPUTS = (-2.0, 0.0, 1.0, -0.5, 3.0, 0.25, -1.0, 4.0, 2.0, 5.0)
"""Inputs of a layer of ReLU units; the question asks for the share of zeros among the outputs."""


ZEROS_MEANS = {"low": -1.0, "middle": 0.0, "high": 1.0}
"""Means of normally distributed inputs of variance 1, for which the share of zeros is told."""


SILU_INPUT = 2.0


def _signed(world: World) -> Value:
    """An input on either side of 0, and at least 0.1 away from it."""
    # Small ones and large ones, so that a boundary other than 0 shows.
    low, high = (0.1, 0.9) if world.index % 4 < 2 else (1.1, 2.5)
    size = world.rng("input").uniform(low, high)
    return size if world.index % 2 else -size


def _with_zero(world: World) -> Value:
    """The same, and 0 itself on some draws."""
    return 0.0 if world.index % 8 == 7 else _signed(world)


def _small_step(world: World) -> Value:
    """A step to either side, smaller than every input."""
    return world.rng("step").uniform(0.01, 0.09) * (1 if world.index % 8 < 4 else -1)


def _slope_below_1(world: World) -> Value:
    """A slope from 0 to nearly 1, both ends among the draws."""
    middle = float(world.rng("slope").uniform(0.05, 0.9))
    return {0: 0.0, 1: 0.97}.get(world.index % 4, middle)


def _leaky(world: World) -> Value:
    """PyTorch's own leaky ReLU."""
    from torch.nn import functional

    slope = v.number(world.value(("α", (), None)))
    return functional.leaky_relu(v.tensor(world.bound["z"]), slope)


def _softplus(world: World) -> Value:
    """PyTorch's own softplus."""
    from torch.nn import functional

    return functional.softplus(v.tensor(world.bound["z"]))


def _silu(world: World) -> Value:
    """PyTorch's own SiLU."""
    from torch.nn import functional

    return functional.silu(v.tensor(world.bound["z"]))


def _gelu(world: World) -> Value:
    """PyTorch's own GELU."""
    from torch.nn import functional

    return functional.gelu(v.tensor(world.bound["z"]))


def _below(world: World) -> Value:
    """PyTorch's own probability that a standard normal number is at most z."""
    import torch

    return torch.special.ndtr(v.tensor(world.bound["z"]))


DRAWN = (-5.0, 5.0)
"""The inputs for which the functions are drawn."""

NOTATION = (
    Notation()
    .computed("z", _signed, "")
    .entrywise(r"\sigma", "sigmoid")
    .defined(r"f(z) = \sigma(z)")
    .defined("a = f(z)", "")
    .computed("h", _small_step, "")
    .drawn("u", "", positive())
    .drawn(r"\eta", "", positive())
    .fixed(r"\lambda", Selu.scale)
    .fixed(r"\alpha", Selu.alpha)
    .computed(r"\Phi(z)", _below)
    .defined(r"\varphi(z) = \frac{1}{\sqrt{2 \pi}} \, e^{-z^2/2}")
    .size("n")
    .index("i", "n")
    .with_tolerance(5e-4)
)
"""Where a step speaks of no other function, f is the sigmoid; λ and α are those of SELU."""


RELU = NOTATION.entrywise("f", "relu")


LEAKY = NOTATION.drawn(r"\alpha", "", uniform(0.05, 0.9)).computed("f(z)", _leaky)


SELU = NOTATION.entrywise("f", "selu")


SOFTPLUS = NOTATION.computed("f(z)", _softplus)


SILU = NOTATION.computed("f(z)", _silu)


GELU = NOTATION.computed("f(z)", _gelu)


SCOPES = {
    "slope_from_output": NOTATION.defined(r"z = \ln \frac{a}{1 - a}", "").given(a=SIGMOID_OUTPUT),
    "ten_sigmoids": NOTATION.given(z=0.0).with_tolerance(5e-2),
    "relu": RELU.computed("z", _with_zero, ""),
    "relu_slope": RELU,
    "relu_at_0": RELU.given(z=0.0),
    "relu_right": RELU.drawn("h", "", positive(0.01, 1.0)),
    "relu_left": RELU.drawn("h", "", negative(-1.0, -0.01)),
    "relu_central": RELU.given(z=0.0).drawn("h", "", positive(0.01, 1.0)),
    "relu_mask": RELU.computed("z", _with_zero, ""),
    "relu-at-zero": RELU.given(z=0.0),
    "dead_slope": RELU.computed(
        "z", lambda world: DEAD_WEIGHT * DEAD_INPUTS[world.index % 4] + DEAD_BIAS, ""
    ).fixed(r"\eta", DEAD_RATE),
    "leaky": LEAKY,
    "leaky_max": LEAKY.computed(r"\alpha", _slope_below_1, "").computed("z", _with_zero, ""),
    "leaky_negative": LEAKY.fixed(r"\alpha", LEAKY_ALPHA).given(z=LEAKY_INPUT),
    "selu": SELU.computed("z", _with_zero, ""),
    "selu_slope": SELU.drawn("z", "", negative()),
    "softplus": SOFTPLUS,
    "softplus_gap": SOFTPLUS.drawn("z", "", positive(0.1, 3.0)),
    "softplus_zero": SOFTPLUS.given(z=0.0)
    .defined(r"\log_{10}(u) = \frac{\ln u}{\ln 10}")
    .defined(r"\log_{2}(u) = \frac{\ln u}{\ln 2}"),
    "silu": SILU,
    "silu_by_hand": SILU.given(z=SILU_INPUT),
    "gelu": GELU,
    "relu_zeros": RELU.fixed("n", len(ZEROS_INPUTS)).fixed("z", list(ZEROS_INPUTS), r"n \times 1"),
    "side_by_side": NOTATION.fixed(r"\alpha", LeakyRelu().slope).given(z=PLACES["5"]),
    "which_saturates": NOTATION.given(z=PLACES["5"]),
}


def _mask_differs() -> int:
    """The option that is right: the masks z < 0 and z ≤ 0 differ where z is exactly 0."""
    z = np.array([-1e-300, 0.0, 1e-300])
    differs = (z < 0) != (z <= 0)
    return 2 if differs.tolist() == [False, True, False] else 0


def _dead_bias_step() -> float:
    """The update of the bias of the dead unit: against its gradient, times the rate."""
    z = _dead_z()
    relu = activation("relu")
    return float(-DEAD_RATE * np.mean((relu.value(z) - DEAD_TARGET) * relu.derivative(z)))


def _dead_z() -> Array:
    """The weighted sums of the dead unit."""
    return DEAD_WEIGHT * np.array(DEAD_INPUTS) + DEAD_BIAS


def _leaky_value() -> float:
    """Leaky ReLU of the input of the question."""
    return float(LeakyRelu(LEAKY_ALPHA).value(np.array(LEAKY_INPUT)))


def _silu_part(kind: str) -> float:
    """What the question about the slope of SiLU leads to, by the part that is taken."""
    z = SILU_INPUT
    s, slope = value_at("sigmoid", z), slope_at("sigmoid", z)
    return {
        "first": s,
        "second": z * slope,
        "sigmoid": slope,
        "factor": s + slope,
        "value": z * s,
    }[kind]


def _fastest() -> int:
    """The option with the largest slope at the place of the question."""
    return int(np.argmax([slope_at(name, PLACES["5"]) for name in ("sigmoid", "tanh", "relu")]))


GIVEN = {
    **{f"place_{label}": z for label, z in PLACES.items()},
    **{f"dead_input_{place}": x for place, x in enumerate(DEAD_INPUTS, start=1)},
    "dead_weight": DEAD_WEIGHT,
    "dead_bias": DEAD_BIAS,
    "dead_target": DEAD_TARGET,
    "sigmoid_layers": SIGMOID_LAYERS,
    "leaky_alpha": LeakyRelu().slope,
    "leaky_larger_alpha": LEAKY_ALPHA,
    "input_mean": INPUT_MEAN,
    "input_variance": INPUT_VARIANCE,
    "saturated_below": SATURATED_BELOW,
    "lab_inputs": INPUTS,
    **{f"zeros_z{place}": z for place, z in enumerate(ZEROS_INPUTS, start=1)},
    **{f"zeros_mean_{label}": mean for label, mean in ZEROS_MEANS.items()},
    "zeros_count": len(ZEROS_INPUTS),
}
"""What the lesson computes with."""


LAMBDA, ALPHA = Selu.scale, Selu.alpha


NUMBERS: Mapping[str, Callable[[], float]] = {
    **{name: partial(float, value) for name, value in GIVEN.items()},
    **{
        f"{name}_slope_{label}": partial(slope_at, name, z)
        for name in ACTIVATIONS
        for label, z in PLACES.items()
    },
    **{
        f"{name}_{kind}": partial(value_at, name, z)
        for name in ("sigmoid", "tanh", "relu", "selu", "softplus")
        for kind, z in (("floor", -FAR), ("ceiling", FAR))
    },
    **{
        f"{name}_{kind}": value
        for name in ("sigmoid", "tanh", "relu", "selu")
        for kind, value in (
            ("mean", partial(moment, name, 1)),
            ("variance", partial(variance, name)),
        )
    },
    **{f"zeros_{label}": partial(percent_of_zeros, mean) for label, mean in ZEROS_MEANS.items()},
    **{f"{name}_lowest_at": partial(lowest_at, name) for name in ("silu", "gelu")},
    **{f"{name}_lowest": partial(lowest, name) for name in ("silu", "gelu")},
    "selu_alpha": lambda: ALPHA,
    "selu_lambda": lambda: LAMBDA,
    "selu_left": lambda: LAMBDA * ALPHA,
    **{f"sigmoid_{z}": partial(value_at, "sigmoid", PLACES[z]) for z in ("0", "2", "5", "10")},
    "softplus_gap_5": lambda: value_at("softplus", 5.0) - 5.0,
}


def _lab_spread() -> int:
    """Whose share of saturated inputs is the same for s = 1 and for s = 20."""
    from engine.labs.activations import Choice as LabChoice
    from engine.labs.activations import rows

    one, other = ({row.name: row for row in rows(LabChoice(spread=s))} for s in (1.0, 20.0))
    names = ("sigmoid", "tanh", "relu")
    (found,) = [n for n, name in enumerate(names) if one[name].saturated == other[name].saturated]
    return found


def _lab_steepest() -> int:
    """Where the sigmoid is steepest: in the middle, at the right end, or everywhere alike."""
    middle, right = (float(slope_at("sigmoid", z)) for z in (0.0, DRAWN[1]))
    return 0 if middle > right else 1 if middle < right else 2


QUESTIONS: Mapping[str, QuestionValues] = {
    "slope_from_output": Number(
        lambda: SIGMOID_OUTPUT * (1 - SIGMOID_OUTPUT),
        slips={
            "sigmoid-of-activation": lambda: slope_at("sigmoid", SIGMOID_OUTPUT),
            "half-formula": lambda: 1 - SIGMOID_OUTPUT,
            "tanh-slope": lambda: 1 - SIGMOID_OUTPUT**2,
        },
    ),
    "ten_sigmoids": Number(
        lambda: slope_at("sigmoid", 0.0) ** SIGMOID_LAYERS,
        slips={
            "value-for-slope": lambda: value_at("sigmoid", 0.0) ** SIGMOID_LAYERS,
            "sum-for-product": lambda: SIGMOID_LAYERS * slope_at("sigmoid", 0.0),
            "layer-miscounted": (
                lambda: slope_at("sigmoid", 0.0) ** (SIGMOID_LAYERS - 1),
                lambda: slope_at("sigmoid", 0.0) ** (SIGMOID_LAYERS + 1),
            ),
            "tanh-slope": lambda: slope_at("tanh", 0.0) ** SIGMOID_LAYERS,
        },
        tolerance=5e-2,
        digits=1,
    ),
    "relu_central": Number(
        relu_central,
        slips={
            "one-side-right": lambda: 1.0,
            "one-side-left": lambda: 0.0,
        },
    ),
    "relu_mask": Choice(_mask_differs),
    "dead_slope": Number(
        _dead_bias_step,
        slips={
            "no-derivative": (
                lambda: DEAD_RATE * DEAD_TARGET,
                lambda: -DEAD_RATE * DEAD_TARGET,
                lambda: DEAD_RATE * DEAD_TARGET * len(DEAD_INPUTS),
            ),
            "sum-taken": lambda: float(-DEAD_RATE * np.mean(_dead_z() - DEAD_TARGET)),
            "bias-itself": lambda: DEAD_BIAS,
        },
        tolerance=0,
    ),
    "leaky_negative": Number(
        _leaky_value,
        slips={
            "relu": lambda: 0.0,
            "slope-for-value": lambda: LEAKY_ALPHA,
            "identity": lambda: LEAKY_INPUT,
            "other-slope": lambda: LeakyRelu().slope * LEAKY_INPUT,
            "divided": lambda: LEAKY_INPUT / LEAKY_ALPHA,
        },
    ),
    "softplus_zero": Number(
        lambda: float(np.log(1 + np.exp(0.0))),
        slips={
            "exp-of-zero": lambda: 0.0,
            "slope-for-value": lambda: 0.5,
            "log-base-10": lambda: float(np.log10(2)),
            "log-base-2": lambda: 1.0,
            "no-logarithm": lambda: 2.0,
        },
    ),
    "relu_zeros": Number(
        partial(share_of_zeros, ZEROS_INPUTS),
        slips={
            "zero-overlooked": lambda: float(np.mean(np.array(ZEROS_INPUTS) < 0)),
            "others-counted": lambda: 1 - share_of_zeros(ZEROS_INPUTS),
            "count-for-share": lambda: share_of_zeros(ZEROS_INPUTS) * len(ZEROS_INPUTS),
        },
    ),
    "silu_by_hand": Number(
        lambda: slope_at("silu", SILU_INPUT),
        slips={
            "first-term-only": partial(_silu_part, "first"),
            "second-term-only": partial(_silu_part, "second"),
            "slope-of-sigmoid": partial(_silu_part, "sigmoid"),
            "factor-forgotten": partial(_silu_part, "factor"),
            "slope-for-value": partial(_silu_part, "value"),
        },
    ),
    "which_saturates": Choice(_fastest),
    "lab_spread": Choice(_lab_spread),
    "lab_steepest": Choice(_lab_steepest),
}

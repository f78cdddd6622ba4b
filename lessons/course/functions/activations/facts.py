"""What the formulas of `functions/activations` speak of."""

from __future__ import annotations

from engine.activations import LeakyRelu, Selu
from engine.formulas import values as v
from engine.formulas.draws import negative, positive, uniform
from engine.formulas.notation import Notation
from engine.formulas.values import Value
from engine.formulas.world import World

SIGMOID_OUTPUT = 0.6
"""The output whose slope is asked for."""
SIGMOID_LAYERS = 10
PLACES = {"m5": -5.0, "0": 0.0, "h": 0.5, "2": 2.0, "5": 5.0, "10": 10.0}
"""Where values and slopes are shown, by the label that their numbers bear."""
DEAD_WEIGHT, DEAD_BIAS, DEAD_TARGET, DEAD_RATE = 1.0, -3.0, 1.0, 100.0
DEAD_INPUTS = (0.5, 1.0, 1.5, 2.0)
"""The unit that never wakes up, and its inputs."""
LEAKY_ALPHA, LEAKY_INPUT = 0.1, -3.0
INPUT_MEAN, INPUT_VARIANCE = 0.0, 1.0
"""Of the normally distributed inputs that SELU is made for."""


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
    .with_tolerance(5e-4)
)
"""Where a step speaks of no other function, f is the sigmoid; λ and α are those of SELU."""

RELU = NOTATION.entrywise("f", "relu")
LEAKY = NOTATION.drawn(r"\alpha", "", uniform(0.05, 0.9)).computed("f(z)", _leaky)
SELU = NOTATION.entrywise("f", "selu")
SOFTPLUS = NOTATION.computed("f(z)", _softplus)

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
    "softplus_zero": SOFTPLUS.given(z=0.0).defined(r"\log_{10}(u) = \frac{\ln u}{\ln 10}"),
    "side_by_side": NOTATION.fixed(r"\alpha", LeakyRelu().slope).given(z=PLACES["5"]),
    "which_saturates": NOTATION.given(z=PLACES["5"]),
}

"""What the formulas of `backprop/update-loop` speak of: a network as a function of all θ."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from engine.formulas.draws import normal, ones, uniform
from engine.formulas.notation import Notation
from engine.formulas.proving import value_of
from engine.formulas.values import Value
from engine.network import BiasMode
from engine.slips import Slip as WorkedSlip
from engine.slips import slip_round
from engine.trace import Phase
from engine.worked_example import worked_example
from lessons.course.backprop.update_loop.loops import Loop, after
from lessons.course.layers import NETWORK
from lessons.course.layers import WORKED as WORKED_LAYERS
from lessons.course.worked_network import WORKED
from lessons.judge.values import Choice, Number, Order, QuestionValues

if TYPE_CHECKING:
    from engine.formulas.world import World


def _sizes(world: World) -> list[int]:
    """The numbers of units, layer by layer."""
    layers = int(world.value(("n", (), None)))
    return [int(world.value(("S", (layer,), None))) for layer in range(1, layers + 1)]


def _count(world: World) -> int:
    """The number of all weights and biases."""
    sizes = _sizes(world)
    return sum((rows + 1) * columns for rows, columns in pairwise(sizes))


def _part(world: World, layer: int, *, bias: bool) -> Value:
    """The weights or the biases between a layer and the next, as they stand in θ."""
    sizes = _sizes(world)
    first = sum((sizes[at] + 1) * sizes[at + 1] for at in range(layer - 1))
    rows, columns = sizes[layer - 1], sizes[layer]
    if bias:
        first += rows * columns
        rows = 1
    found = world.value(("θ", (), None))[first : first + rows * columns]
    return found.reshape(columns, 1) if bias else found.reshape(rows, columns)


def _loss_elsewhere(world: World) -> Value:
    """L(t): the loss where all weights and biases are those in t."""
    return world.child({("θ", (), None): world.bound["t"]}).value(("L", (), None))


def _of_all_parameters(notation: Notation) -> Notation:
    """L as a function of θ, with its gradient."""
    return _with_gradient(notation.computed("L(t)", _loss_elsewhere))


def _with_gradient(notation: Notation) -> Notation:
    """The gradient g of L by θ, and what one step against it makes of θ."""
    return (
        notation.with_gradient(r"\theta")
        .defined(r"g = \nabla L")
        .defined(r"\theta^{+} = \theta - \eta \nabla L")
    )


def _network(network: Notation) -> Notation:
    """The network of the course, with all its weights and biases in one column θ."""
    return _of_all_parameters(
        network.computed("P", _count, "")
        .drawn(r"\theta", r"P \times 1", normal(0.6))
        .computed(
            "W^{(l)}", lambda world, l: _part(world, l, bias=False), r"S_l \times S_{l+1}", over="l"
        )
        .computed(
            "b^{(l)}", lambda world, l: _part(world, l, bias=True), r"S_{l+1} \times 1", over="l"
        )
        .drawn(r"\eta", make=uniform(0.2, 2.0))
    )


REACH = 8.0
"""How far the weight whose loss is drawn moves to either side."""

NOTATION = (
    _network(NETWORK)
    .defined(
        r"\tilde W^{(l)} = W^{(l)} - \eta \frac{\partial L}{\partial W^{(l)}}",
        r"S_l \times S_{l+1}",
        over="l",
    )
    .defined(
        r"\tilde b^{(l)} = b^{(l)} - \eta \frac{\partial L}{\partial b^{(l)}}",
        r"S_{l+1} \times 1",
        over="l",
    )
    .defined(
        r"\tilde\delta^{(l)} = (\tilde W^{(l)} \delta^{(l+1)}) \odot \sigma'(z^{(l)})",
        r"S_l \times 1",
        over="l",
    )
    # What the table of symbols speaks of: the loss, any weight, any vector.
    .defined("E = L", "")
    .defined("w = W_{ij}")
    .drawn("v", "S_l")
    # Where a layer shares its bias.
    .size("S")
    .drawn("b")
    .drawn(r"\mathbf{1}", r"S \times 1", ones())
)


_SMALL = _with_gradient(
    Notation()
    .size("P", low=2)
    .size("m", low=2)
    .drawn(r"\theta", r"P \times 1", normal(0.6))
    .drawn("X", r"m \times P")
    .drawn("y", r"m \times 1", uniform(0.1, 0.9))
    .entrywise(r"\sigma", "sigmoid")
    .defined(r"L(t) = \frac12 \| \sigma(X t) - y \|^2")
    .defined(r"L = L(\theta)", "")
    .drawn(r"\eta", make=uniform(0.2, 2.0))
    .index("k")
)
"""One unit with P weights on m samples: small, for the derivatives are taken one by one."""


_SHARED = (
    Notation()
    .size("S")
    .drawn("b")
    .drawn(r"\mathbf{1}", r"S \times 1", ones())
    .entrywise(r"\sigma", "sigmoid")
    .index("i")
    .drawn("q", r"S \times 1")
    .drawn("y", r"S \times 1", uniform(0.1, 0.9))
    .defined(r"z = q + b \mathbf{1}", r"S \times 1")
    .defined(r"L = \frac12 \| \sigma(z) - y \|^2", "")
    .defined(r"\delta = \frac{\partial L}{\partial z}", r"S \times 1")
)
"""One layer with one bias: q are the sums without it."""


_WORKED = (
    _of_all_parameters(WORKED.defined("L = E", ""))
    .defined(r"\tilde\delta_{h1} = (\delta_{o1} w_5^{+} + \delta_{o2} w_7^{+}) \sigma'(z_{h1})", "")
    .with_tolerance(0.012)
)


_BOWL = _with_gradient(
    Notation()
    .size("P", low=2)
    .drawn(r"\theta", r"P \times 1")
    .defined(r"L(t) = \frac12 \| t \|^2")
    .defined(r"L = L(\theta)", "")
    .drawn(r"\eta", make=uniform(0.001, 0.003))
    .index("k")
)
"""The simplest loss that has a lowest point."""


_MOVED_FIRST = (
    WORKED_LAYERS.drawn(r"\eta", make=uniform(0.2, 2.0))
    .defined(
        r"\tilde W^{(l)} = W^{(l)} - \eta \frac{\partial L}{\partial W^{(l)}}",
        r"S_l \times S_{l+1}",
        over="l",
    )
    .defined(
        r"\tilde\delta^{(l)} = (\tilde W^{(l)} \delta^{(l+1)}) \odot \sigma'(z^{(l)})",
        r"S_l \times 1",
        over="l",
    )
)
"""The worked network, whose weights move before the deltas are computed."""


_OUTPUT = (
    Notation()
    .entrywise(r"\sigma", "sigmoid")
    .drawn("z")
    .drawn("y", make=uniform(0.1, 0.9))
    .defined(r"a = \sigma(z)", "")
    .defined(r"L = \frac12 (a - y)^2", "")
    .defined(r"\delta = \frac{\partial L}{\partial z}", "")
)
"""One output."""


SCOPES = {
    "worked": _WORKED,
    "bowl": _BOWL,
    "step_slope/numbers": _BOWL,
    "step_change/numbers": _BOWL,
    "updated_first/numbers": _MOVED_FIRST,
    "loop_new_bias": _WORKED.with_tolerance(1e-8),
    "step_slope": _SMALL,
    # ≈ leaves out what grows with η².
    "step_change": _SMALL.drawn(r"\eta", make=uniform(0.001, 0.003)),
    "loop_predicted_change": _WORKED,
    "loop_slip_rate": _WORKED,
    "shared_bias": _SHARED,
    "loop_shared_gradient": (
        _WORKED.fixed("b", worked_example().b[1][0], "")
        .defined("b_{o1} = b", "")
        .defined("b_{o2} = b", "")
    ),
    "updated-weights-first": _OUTPUT,
}


def _order_of_phases() -> tuple[int, ...]:
    """Where each part of a round first stands in the trace, and the next round after all."""
    first = worked_example().trace()
    phases = [operation.phase for operation in first.operations]
    starts = [
        phases.index(phase) for phase in (Phase.FORWARD, Phase.LOSS, Phase.BACKWARD, Phase.UPDATE)
    ]
    # The next round begins with the weights that the last operation of this one gives.
    next_round = worked_example().after(1).trace()
    assert next_round.givens["w5"] == first.values()["w5⁺"]
    starts.append(len(phases))
    return tuple(int(place) for place in np.argsort(starts))


def _value(symbol: str, mode: BiasMode = BiasMode.PER_UNIT) -> float:
    return worked_example(mode).trace().values()[symbol]


def _squared_norm() -> float:
    """‖∇E‖² over all weights and biases of the worked network."""
    gradients = worked_example().trace().backward.gradients.flat()
    return float(gradients @ gradients)


def _slip_grows_with_rate() -> int:
    """By which factor the error in δ grows where η doubles, 1, 2 or 4: the index of the option."""
    wrong_part = r"\| \tilde\delta^{(l)} - \delta^{(l)} \|"
    once, twice = (value_of(wrong_part, NOTATION.fixed(r"\eta", rate)) for rate in (1.0, 2.0))
    return [abs(twice / once - factor) < 1e-9 for factor in (1.0, 2.0, 4.0)].index(True)


_FIRST = WorkedSlip.UPDATED_WEIGHTS_FIRST


def _real_change() -> float:
    """By how much E really changes with one update."""
    return worked_example().after(1).trace().loss - worked_example().trace().loss


def _loss_after_one(mode: BiasMode, lr: float = worked_example().lr) -> Callable[[], float]:
    return lambda: replace(worked_example(mode), lr=lr).after(1).trace().loss


UPDATES = 10_000
LARGE_RATE = 50.0
"""So large that the first update lifts the loss where a layer shares its bias."""


def _end(loop: Loop) -> Callable[[], float]:
    return lambda: after(UPDATES)[loop].loss


def _output_at_end(loop: Loop, unit: int) -> Callable[[], float]:
    return lambda: after(UPDATES)[loop].outputs[unit]


NUMBERS: Mapping[str, Callable[[], float]] = {
    "loop_change": _real_change,
    "loop_delta_o1": lambda: _value("δ_o1"),
    "loop_delta_o2": lambda: _value("δ_o2"),
    "loop_delta_right": lambda: _value("δ_h1"),
    "loop_delta_slip": lambda: slip_round(worked_example(), _FIRST).values()["δ_h1"],
    "loop_frozen_1": _loss_after_one(BiasMode.FROZEN),
    "loop_frozen_end": _end(Loop.FROZEN),
    "loop_large_after": _loss_after_one(BiasMode.SHARED, LARGE_RATE),
    "loop_large_rate": lambda: LARGE_RATE,
    "loop_norm": _squared_norm,
    "loop_o1": _output_at_end(Loop.FROZEN, 0),
    "loop_o2": _output_at_end(Loop.FROZEN, 1),
    "loop_shared_1": _loss_after_one(BiasMode.SHARED),
    "loop_shared_end": _end(Loop.SHARED),
    "loop_slip_1": lambda: slip_round(worked_example(BiasMode.FROZEN), _FIRST).loss_after,
    "loop_slip_end": _end(Loop.MISTAKE),
    "loop_slip_o1": _output_at_end(Loop.MISTAKE, 0),
    "loop_slip_o2": _output_at_end(Loop.MISTAKE, 1),
    "loop_start": lambda: worked_example().trace().loss,
    "loop_unit_1": _loss_after_one(BiasMode.PER_UNIT),
    "loop_unit_end": _end(Loop.PER_UNIT),
    "loop_updates": lambda: UPDATES,
}


def _new_bias(*, moved_by: Callable[[], float]) -> Callable[[], float]:
    """The bias of o1 after some step."""
    return lambda: _value("b_o1") - moved_by()


_LR = worked_example().lr


def _lab_mistake_loss() -> int:
    """Where the loss with the mistake ends beside the other one: above its start, far, level."""
    ends = after(UPDATES)
    wrong, right = ends[Loop.MISTAKE].loss, ends[Loop.FROZEN].loss
    if wrong > worked_example().trace().loss:
        return 0
    return 1 if wrong > 1.1 * right else 2


QUESTIONS: Mapping[str, QuestionValues] = {
    "loop_order": Order(_order_of_phases),
    "loop_new_bias": Number(
        lambda: _value("b_o1⁺"),
        slips={
            "wrong-way": lambda: 2 * _value("b_o1") - _value("b_o1⁺"),
            "no-rate": _new_bias(moved_by=lambda: _value("δ_o1")),
            "uphill-full": _new_bias(moved_by=lambda: -_value("δ_o1")),
            "divided-by-rate": _new_bias(moved_by=lambda: _value("δ_o1") / _LR),
            "weight-gradient": _new_bias(moved_by=lambda: _LR * _value("∂E/∂w5")),
            "other-unit": _new_bias(moved_by=lambda: _LR * _value("δ_o2")),
            "gradient-for-value": lambda: _value("δ_o1"),
        },
        tolerance=1e-3,
        digits=4,
        before=lambda: _value("b_o1"),
    ),
    "loop_predicted_change": Number(
        lambda: -_LR * _squared_norm(),
        slips={
            "wrong-way": lambda: _LR * _squared_norm(),
            "no-rate": lambda: -_squared_norm(),
            "no-rate-no-minus": _squared_norm,
            "divided-by-rate": lambda: -_squared_norm() / _LR,
            "length-not-squared": lambda: -_LR * _squared_norm() ** 0.5,
            "squared-twice": lambda: -_LR * _squared_norm() ** 2,
            "loss-after": lambda: worked_example().trace().loss - _LR * _squared_norm(),
        },
        digits=3,
    ),
    "loop_slip_rate": Choice(_slip_grows_with_rate),
    "loop_shared_gradient": Number(
        lambda: _value("∂E/∂b2", BiasMode.SHARED),
        slips={
            "one-output-only": lambda: _value("δ_o1"),
            "other-output-only": lambda: _value("δ_o2"),
            "mean": lambda: _value("∂E/∂b2", BiasMode.SHARED) / 2,
            "sign": lambda: _value("δ_o1") - _value("δ_o2"),
            "product": lambda: _value("δ_o1") * _value("δ_o2"),
            "new-bias": lambda: _value("b2⁺", BiasMode.SHARED),
        },
        digits=3,
    ),
    "lab_mistake_loss": Choice(_lab_mistake_loss),
}

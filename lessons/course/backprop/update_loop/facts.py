"""What the formulas of `backprop/update-loop` speak of: a network as a function of all θ."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from engine.formulas.draws import normal, ones, uniform
from engine.formulas.notation import Notation
from engine.formulas.proving import value_of
from engine.formulas.values import Value
from engine.network import BiasMode
from engine.slips import Slip as WorkedSlip
from engine.slips import slip_round, slip_updates
from engine.trace import Phase
from engine.worked_example import Problem, worked_example
from lessons.course.layers import NETWORK
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
    """By which factor the slip's error in δ grows where η doubles: the index of the option."""
    wrong_part = r"\| \tilde\delta^{(l)} - \delta^{(l)} \|"
    once, twice = (value_of(wrong_part, NOTATION.fixed(r"\eta", rate)) for rate in (1.0, 2.0))
    return [abs(twice / once - factor) < 1e-9 for factor in (1.0, 2.0)].index(True)


@lru_cache(maxsize=16)
def _trained(mode: BiasMode, updates: int) -> Problem:
    """The worked network after so many updates."""
    return worked_example(mode).after(updates)


def _real_change() -> float:
    """By how much E really changes with one update."""
    return _trained(BiasMode.PER_UNIT, 1).trace().loss - worked_example().trace().loss


_FIRST = WorkedSlip.UPDATED_WEIGHTS_FIRST


def _loss_after(mode: BiasMode, updates: int) -> Callable[[], float]:
    return lambda: _trained(mode, updates).trace().loss


UPDATES = 10_000


@lru_cache(maxsize=4)
def _trained_with_slip(updates: int) -> Problem:
    """The same with frozen biases and the new output weights used too early."""
    return slip_updates(worked_example(BiasMode.FROZEN), _FIRST, updates)


NUMBERS: Mapping[str, Callable[[], float]] = {
    "loop_change": _real_change,
    "loop_delta_o1": lambda: _value("δ_o1"),
    "loop_delta_o2": lambda: _value("δ_o2"),
    "loop_delta_right": lambda: _value("δ_h1"),
    "loop_delta_slip": lambda: slip_round(worked_example(), _FIRST).values()["δ_h1"],
    "loop_frozen_1": _loss_after(BiasMode.FROZEN, 1),
    "loop_frozen_end": _loss_after(BiasMode.FROZEN, UPDATES),
    "loop_norm": _squared_norm,
    "loop_o1": lambda: float(_trained(BiasMode.FROZEN, UPDATES).trace().forward.output[0]),
    "loop_o2": lambda: float(_trained(BiasMode.FROZEN, UPDATES).trace().forward.output[1]),
    "loop_shared_1": _loss_after(BiasMode.SHARED, 1),
    "loop_shared_end": _loss_after(BiasMode.SHARED, UPDATES),
    "loop_slip_1": lambda: _trained_with_slip(1).trace().loss,
    "loop_slip_end": lambda: _trained_with_slip(UPDATES).trace().loss,
    "loop_slip_o1": lambda: float(_trained_with_slip(UPDATES).trace().forward.output[0]),
    "loop_slip_o2": lambda: float(_trained_with_slip(UPDATES).trace().forward.output[1]),
    "loop_start": lambda: worked_example().trace().loss,
    "loop_unit_1": _loss_after(BiasMode.PER_UNIT, 1),
    "loop_unit_end": _loss_after(BiasMode.PER_UNIT, UPDATES),
    "loop_updates": lambda: UPDATES,
}


QUESTIONS: Mapping[str, QuestionValues] = {
    "loop_order": Order(_order_of_phases),
    "loop_new_bias": Number(
        lambda: _value("b_o1⁺"),
        slips={
            "wrong-way": lambda: 2 * _value("b_o1") - _value("b_o1⁺"),
            "no-rate": lambda: _value("b_o1") - _value("δ_o1"),
        },
        tolerance=1e-3,
    ),
    "loop_predicted_change": Number(
        lambda: -worked_example().lr * _squared_norm(),
        slips={
            "wrong-way": lambda: worked_example().lr * _squared_norm(),
            "no-rate": lambda: -_squared_norm(),
        },
        tolerance=5e-3,
    ),
    "loop_slip_rate": Choice(_slip_grows_with_rate),
    "loop_shared_gradient": Number(
        lambda: _value("∂E/∂b2", BiasMode.SHARED),
        slips={
            "one-output-only": lambda: _value("δ_o1"),
            "mean": lambda: _value("∂E/∂b2", BiasMode.SHARED) / 2,
            "sign": lambda: _value("δ_o1") - _value("δ_o2"),
        },
    ),
}

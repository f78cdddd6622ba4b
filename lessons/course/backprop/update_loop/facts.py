"""What the formulas of `backprop/update-loop` speak of: a network as a function of all θ."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from engine.formulas.draws import normal, ones, uniform
from engine.formulas.notation import Notation
from engine.formulas.values import Value
from engine.worked_example import worked_example
from lessons.course.layers import NETWORK
from lessons.course.worked_network import WORKED

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

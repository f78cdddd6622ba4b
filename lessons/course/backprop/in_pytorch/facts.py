"""What the formulas of `backprop/in-pytorch` speak of: losses of a batch, and what PyTorch does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.formulas.draws import normal, uniform
from engine.formulas.notation import Notation
from engine.formulas.values import Value
from lessons.course.worked_network import WORKED

if TYPE_CHECKING:
    from engine.formulas.world import World

_THETA = ("θ", (), None)


def _mse(world: World, outputs: str, targets: str) -> Value:
    """What nn.MSELoss() computes."""
    from torch import nn

    return nn.MSELoss()(world.value((outputs, (), None)), world.value((targets, (), None)))


def _loss(world: World, leaf: Value, sample: int) -> Value:
    """The loss of a sample, with other parameters than those of the draw."""
    return world.child({_THETA: leaf}).value(("L", (sample,), None))


def _accumulated(world: World) -> Value:
    """What `grad` holds after backward() of two losses, one after the other."""
    import torch

    with torch.enable_grad():
        leaf = world.value(_THETA).detach().clone().requires_grad_()
        for sample in (1, 2):
            _loss(world, leaf, sample).backward()
    return leaf.grad


def _stepped(world: World, updates: int) -> tuple[Value, Value]:
    """The parameters after some steps of SGD on one loss, zero_grad() forgotten, and `grad`."""
    import torch

    rate = world.value(("η", (), None))
    leaf = world.value(_THETA).detach().clone().requires_grad_()
    for _ in range(updates):
        with torch.enable_grad():
            _loss(world, leaf, 1).backward()
        # What torch.optim.SGD does, which takes seconds to import.
        with torch.no_grad():
            leaf -= rate * leaf.grad
    return leaf.detach(), leaf.grad


def gradient_of_w5(calls: int) -> float:
    """What `grad` holds for w5 after so many calls of backward() without zeroing."""
    from lessons.examples.four_ways import Network, X, half_squared_error

    network = Network()
    for _ in range(calls):
        half_squared_error(network(X)).backward()
    gradient = network.output.weight.grad
    assert gradient is not None
    return float(gradient[0, 0])


NOTATION = (
    Notation()
    .size("n", low=2)
    .size("m", low=2)
    .size("P", low=2)
    .drawn(r"\theta", r"P \times 1", normal(0.6))
    # The outputs of a layer that θ moves; K, R and c only make them depend on it.
    .drawn("K", r"n \times m")
    .drawn("R", r"n \times P")
    .drawn("c", r"m \times 1")
    .entrywise(r"\sigma", "sigmoid")
    .defined(r"A = \sigma(K + R \theta c^\top)", r"n \times m")
    .drawn("Y", r"n \times m", uniform(0.0, 1.0))
    .defined("a = A_{:,1}", r"n \times 1")
    .defined("y = Y_{:,1}", r"n \times 1")
    .defined(r"L_s = \frac12 \sum_{j=1}^{n} (A_{js} - Y_{js})^2", "", over="s")
    .defined("L = L_1", "")
    .computed("M", lambda world: _mse(world, "a", "y"), "")
    .drawn(r"\eta", make=uniform(0.2, 2.0))
    .computed(r"\mathrm{grad}", _accumulated, r"P \times 1")
    .defined(r"g = \frac{\partial L}{\partial \theta}", r"P \times 1")
    .defined(
        r"g^{+} = \left. \frac{\partial L}{\partial \theta} \right|_{\theta = \theta - \eta g}",
        r"P \times 1",
    )
    .computed(r"\theta^{+}", lambda world: _stepped(world, 1)[0], r"P \times 1")
    .computed(r"\theta^{++}", lambda world: _stepped(world, 2)[0], r"P \times 1")
    # The worked network, where it is only named.
    .drawn("w_i", over="i")
    .drawn("z")
    .index("j", "n")
    .index("s", "m")
    .index("k")
)

SCOPES = {
    "two_outputs": NOTATION.given(n=2),
    "torch_ratio": NOTATION.given(n=10),
    "stale_step": NOTATION.computed(
        r"\mathrm{grad}", lambda world: _stepped(world, 2)[1], r"P \times 1"
    ),
    "mse_batch": NOTATION.computed("M", lambda world: _mse(world, "A", "Y"), ""),
    "torch_stale": (
        WORKED.defined("L = E", "")
        .computed(r"\mathrm{grad}", lambda _: gradient_of_w5(2), "")
        .with_tolerance(1e-8)
    ),
    "torch_rebind": (
        NOTATION.defined(r"w = \theta")
        .defined(r"\mathrm{grad} = g")
        .defined(r"w^{+} = \theta^{+}", r"P \times 1")
    ),
}

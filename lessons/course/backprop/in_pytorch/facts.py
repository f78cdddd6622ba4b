"""What the formulas of `backprop/in-pytorch` speak of: losses of a batch, and what PyTorch does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from engine.formulas.draws import normal, uniform
from engine.formulas.notation import Notation
from engine.formulas.values import Value
from engine.network import BiasMode
from engine.worked_example import worked_example
from lessons.course.worked_network import WORKED
from lessons.judge.values import Choice, Number, QuestionValues

if TYPE_CHECKING:
    from torch import Tensor

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
    from lessons.course.backprop.in_pytorch.programs import Network, X, half_squared_error

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


_ONE_WEIGHT = (
    Notation()
    .drawn(r"\theta")
    .drawn(r"\eta", make=uniform(0.2, 2.0))
    .defined(r"L_1 = \frac12 (\theta - 1)^2", "")
    .defined(r"L_2 = \frac12 (\theta - 4)^2", "")
    .drawn("g")
    .drawn("g^{+}")
    .defined(r"\theta^{++} = \theta - \eta g - \eta (g + g^{+})", "")
)
"""A single weight, for what is computed by hand."""


_OUTPUTS = (
    Notation()
    .size("n", low=2)
    .drawn("a", r"n \times 1")
    .drawn("y", r"n \times 1")
    .defined(r"L = \frac12 \| a - y \|^2", "")
    .defined(r"M = \frac1n \| a - y \|^2", "")
)
"""The outputs of one sample, by themselves."""


SCOPES = {
    "two_losses": _ONE_WEIGHT,
    "accumulate/numbers": _ONE_WEIGHT,
    "stale_step/numbers": _ONE_WEIGHT,
    "mse_factor/numbers": _OUTPUTS,
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


def _worked(symbol: str) -> float:
    return worked_example().trace().values()[symbol]


def _leaf_is_lost() -> int:
    """What `w = w - lr * w.grad` does: 0 keeps the leaf, 1 makes a new tensor, 2 stops."""
    import torch

    leaf = torch.tensor(2.0, requires_grad=True)
    (leaf**2).backward()
    assert leaf.grad is not None
    try:
        w = leaf - 0.1 * leaf.grad
    except RuntimeError:
        return 2
    return 0 if w is leaf and w.is_leaf else 1


OUTPUTS = 10
"""The outputs of the network that the question about the factor asks for."""


def _errors(outputs: int) -> Tensor:
    """Random errors of one sample."""
    import torch

    generator = torch.Generator().manual_seed(0)
    a, y = torch.rand(2, outputs, generator=generator, dtype=torch.float64)
    errors: Tensor = a - y
    return errors


def _ratio(outputs: int, reduction: str = "mean") -> float:
    """What MSELoss is, divided by half the sum, on random numbers."""
    import torch
    from torch import nn

    e = _errors(outputs)
    return float(nn.MSELoss(reduction=reduction)(e, torch.zeros_like(e)) / (0.5 * (e**2).sum()))


def _half_at_the_first(outputs: int) -> float:
    """The sum with a half at the first output only, divided by half the sum."""
    e = _errors(outputs)
    return float((e[0] ** 2 / 2 + (e[1:] ** 2).sum()) / (0.5 * (e**2).sum()))


def _always_the_same() -> int:
    """Which of five losses is half the sum for every number of outputs."""
    losses: tuple[Callable[[int], float], ...] = (
        _ratio,
        _half_at_the_first,
        lambda n: 0.5 * _ratio(n, "sum"),
        lambda n: _ratio(n, "sum"),
        lambda n: 0.5 * _ratio(n),
    )
    return [all(abs(loss(n) - 1) < 1e-12 for n in (1, 2, 5)) for loss in losses].index(True)


NUMBERS: Mapping[str, Callable[[], float]] = {
    "torch_frozen": lambda: worked_example(BiasMode.FROZEN).after(1).trace().loss,
    "torch_loss": lambda: worked_example().trace().loss,
    "torch_per_unit": lambda: worked_example().after(1).trace().loss,
    "torch_ratio_1": lambda: _ratio(1),
    "torch_ratio_2": lambda: _ratio(2),
    "torch_w5": lambda: _worked("∂E/∂w5"),
}


QUESTIONS: Mapping[str, QuestionValues] = {
    "torch_stale": Number(
        lambda: gradient_of_w5(2),
        slips={
            "stale-grad": lambda: _worked("∂E/∂w5"),
            "three-calls": lambda: gradient_of_w5(3),
            "product": lambda: _worked("∂E/∂w5") ** 2,
            "zeroed": lambda: 0.0,
            "updated": lambda: _worked("w5⁺"),
        },
        digits=3,
    ),
    "torch_rebind": Choice(_leaf_is_lost),
    "torch_ratio": Number(
        lambda: _ratio(OUTPUTS),
        slips={
            "no-half": lambda: _ratio(OUTPUTS) / 2,
            "sum-for-mean": lambda: _ratio(OUTPUTS, "sum"),
            "half-for-two": lambda: _ratio(OUTPUTS) / 4,
            "upside-down": lambda: 1 / _ratio(OUTPUTS),
            "multiplied-by-n": lambda: 2.0 * OUTPUTS,
        },
    ),
    "torch_same_loss": Choice(_always_the_same),
}

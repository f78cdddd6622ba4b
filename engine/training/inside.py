"""A look inside a model: a fixed batch, and what every layer makes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from torch import Tensor, nn

Activation: TypeAlias = "Callable[[Tensor], Tensor]"


class Hidden(NamedTuple):
    """The activation function of a layer; what goes into it and what comes out, both (n, units)."""

    activation: Activation
    z: Tensor
    a: Tensor


class Pass(NamedTuple):
    """One forward pass over the first samples of the batch."""

    loss: Tensor
    """The mean loss over the samples, shape (), from which autograd finds the gradients."""
    layers: Sequence[Sequence[Tensor]]
    """The parameters of each layer that autograd knows; the weights come first."""
    hidden: Sequence[Hidden]
    """One per hidden layer, from the input to the output."""


@dataclass(frozen=True, slots=True, eq=False)
class Inside:
    """How a task lets itself be looked into. It draws nothing at random and changes nothing."""

    samples: int
    """How many samples the batch has: the first training samples."""
    forward: Callable[[int], Pass]
    """A pass over so many of them."""
    chance: Callable[[int], float]
    """The least mean loss over so many of them of a model with one answer for all."""
    summed: bool = False
    """Whether the loss that the updates follow is a sum over the mini-batch, not a mean."""
    has_rule: bool = True
    """Whether there is anything to learn for the test set: random numbers have no rule."""


@dataclass(slots=True, eq=False)
class Recorder:
    """An activation function that notes what it was given and what it gave."""

    activation: Activation
    hidden: list[Hidden] = field(default_factory=list)

    def __call__(self, z: Tensor) -> Tensor:
        """The activation of z."""
        a = self.activation(z)
        self.hidden.append(Hidden(self.activation, z, a))
        return a


def run_module(net: nn.Module, X: Tensor) -> tuple[Tensor, list[Hidden]]:
    """What `net` gives, and what its activation functions were given and gave.

    An activation function is a module without parameters that keeps the shape of its input.
    """
    hidden: list[Hidden] = []

    def note(module: nn.Module, given: tuple[Tensor, ...], result: Tensor) -> None:
        if given[0].shape == result.shape:
            hidden.append(Hidden(module, given[0], result))

    handles = [
        one.register_forward_hook(note)
        for one in net.modules()
        if not list(one.children()) and not list(one.parameters())
    ]
    try:
        scores: Tensor = net(X)
    finally:
        for handle in handles:
            handle.remove()
    return scores, hidden


def by_layer(parameters: Mapping[str, Tensor], layers: int) -> list[list[Tensor]]:
    """The parameters of each layer, where every layer has as many, in the order of the layers."""
    values = list(parameters.values())
    each = len(values) // layers if layers else 0
    return [values[i * each : (i + 1) * each] for i in range(layers)] if each else []


def entropy_of(labels: Tensor) -> float:
    """The cross entropy of one who knows how frequent each class is, and nothing else.

    It is ln K where the K classes are equally frequent.
    """
    counts = labels.bincount()
    shares = counts[counts > 0] / len(labels)
    return float(-(shares * shares.log()).sum())

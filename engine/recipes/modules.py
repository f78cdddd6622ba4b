"""What versions built from nn.Linear need to be compared with those from scratch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn

from engine.training.task import check_exchange


def linears(net: nn.Module) -> list[nn.Linear]:
    """The linear layers of a model, from the input to the output."""
    return [layer for layer in net.modules() if isinstance(layer, nn.Linear)]


class NamedLinear(NamedTuple):
    """A layer, and the names of its weight and bias in the version from scratch."""

    layer: nn.Linear
    weight: str
    bias: str


def exchange(layers: Sequence[NamedLinear]) -> dict[str, Tensor]:
    """Copies on the CPU of all biases and all weights, these transposed from (out, in)."""
    values: dict[str, Tensor] = {}
    for layer, weight, bias in layers:
        values[weight] = layer.weight.detach().t().cpu().contiguous().clone()
        values[bias] = layer.bias.detach().cpu().clone()
    return values


def take(layers: Sequence[NamedLinear], values: Mapping[str, Tensor]) -> None:
    """Set all weights and biases to what `exchange` gave; raises ValueError for other shapes."""
    check_exchange(exchange(layers), values)
    with torch.no_grad():
        for layer, weight, bias in layers:
            layer.weight.copy_(values[weight].t())
            layer.bias.copy_(values[bias])


def for_one_epoch(generator: torch.Generator, samples: int) -> torch.Generator:
    """A generator for the shuffle of one epoch, which draws what `generator` would draw.

    `generator` itself advances by one permutation, however often a sampler draws. So each epoch is
    shuffled as in the version from scratch, and a resumed epoch as it was before.
    """
    own = torch.Generator()
    own.set_state(generator.get_state())
    torch.randperm(samples, generator=generator)
    return own

"""The gradient of a whole batch from those of its shares: one sum over all processes per update."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from engine.ranks.group import Ask, Group
from engine.training.task import Gradient

if TYPE_CHECKING:
    import torch
    from torch import Tensor

LOOK_EVERY = 16
"""Updates on a GPU between two looks at what was asked for: each look waits for the GPU."""


class GradientSum:
    """Adds up the gradients of an update over all processes.

    The gradients travel as one vector, with what is asked for at its end. For a gradient of the
    mean over n of the N samples of a batch, the weight is n/N: (n₁g₁ + n₂g₂ + …)/N is that of the
    mean over all N, however they are shared. Sums have the weight 1. Where the step divides a sum
    by n, `shared_rate` makes up for that.

    A process without a sample of its own computes with a stand-in, whose gradient counts 0.
    """

    def __init__(self, parameters: Iterable[Tensor], gradient: Gradient, group: Group) -> None:
        """From now on, `backward` on these parameters adds up, after `expect`."""
        self._group, self._gradient = group, gradient
        self._leaves = [each for each in parameters if each.requires_grad]
        for leaf in self._leaves:
            leaf.register_post_accumulate_grad_hook(self._arrived)
        self._waiting = 0
        """How many gradients of this update are still to come."""
        self._weight = 1.0
        self._flat: torch.Tensor | None = None
        self._views: list[Tensor] = []
        self._updates = 0

    def expect(self, own: int, whole: int) -> None:
        """An update follows, from `own` samples of the `whole` batch."""
        self._waiting = len(self._leaves)
        self._weight = own / whole if self._gradient is Gradient.MEAN else float(own > 0)

    def _arrived(self, _leaf: Tensor) -> None:
        """A gradient is complete; with the last one, all are added up."""
        if self._waiting:
            self._waiting -= 1
            if self._waiting == 0:
                self.add_up([leaf.grad for leaf in self._leaves if leaf.grad is not None])

    def add_up(self, gradients: Sequence[Tensor]) -> None:
        """Replace gradients by those of the whole batch, in place; raises RankLost."""
        flat = self._vector(gradients)
        if self._weight:
            for view, gradient in zip(self._views, gradients, strict=True):
                view.copy_(gradient)
            if self._weight != 1:
                flat.mul_(self._weight)
        else:
            flat.zero_()  # not multiplied: 0 times infinity is not 0
        for place, asked in enumerate(self._group.asks, start=len(flat) - len(Ask)):
            flat[place] = asked
        self._group.add_up(flat)
        self._note(flat[-len(Ask) :])
        for view, gradient in zip(self._views, gradients, strict=True):
            gradient.copy_(view)

    def _vector(self, gradients: Sequence[Tensor]) -> Tensor:
        """The vector that travels, and views of it for each gradient."""
        if self._flat is None or self._flat.dtype != gradients[0].dtype:
            sizes = [each.numel() for each in gradients]
            self._flat = gradients[0].new_zeros(sum(sizes) + len(Ask))
            parts = self._flat[: -len(Ask)].split(sizes)
            self._views = [
                part.view(each.shape) for part, each in zip(parts, gradients, strict=True)
            ]
        return self._flat

    def _note(self, counts: Tensor) -> None:
        """Note what was asked for; on a GPU only now and then, but in all processes at once."""
        self._updates += 1
        if counts.device.type != "cpu" and self._updates % LOOK_EVERY:
            self._group.agreed = frozenset()
            return
        asked = counts.tolist()
        self._group.agreed = frozenset(ask for ask in Ask if asked[ask] > 0)
        self._group.asks = [0.0] * len(Ask)


def shared_rate(rate: float, given: int, whole: int) -> float:
    """A learning rate η·n/N for a step that divides by the n samples it was given, not by all N.

    Divided by n, it is η/N to the last bit of float32 for every n: a difference in one bit would
    let the processes drift apart.
    """
    wanted, near = np.float32(rate / whole), rate / whole * given
    for found in (near, math.nextafter(near, math.inf), math.nextafter(near, 0.0)):
        if np.float32(found / given) == wanted:
            return found
    raise AssertionError("a neighbour of a quotient is the quotient")

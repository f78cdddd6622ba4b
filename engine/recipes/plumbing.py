"""What every recipe needs besides what it teaches: a start, and a changing learning rate."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from engine.devices import Placement, choose
from engine.recipes.parts import split
from engine.training.snapshot import Setting
from engine.training.task import Answers, Batch, BatchSums, Source


@dataclass(frozen=True, slots=True, eq=False)
class Start:
    """The start of a training: its random numbers, and where it computes."""

    generator: torch.Generator
    """On the CPU, so that every device starts from the same numbers."""
    device: torch.device
    placement: Placement
    """Where the training samples are kept."""
    seed: int = 0
    validation: float = 0.0
    """The share of the training samples that is held out."""

    def split(self, count: int) -> tuple[Tensor | None, Tensor | None]:
        """The numbers of the samples to train on, and of those held out; see `parts.split`."""
        return split(count, self.validation, self.seed)

    def parameters(self, **drawn: Tensor) -> dict[str, Tensor]:
        """The tensors `drawn`, by name, as parameters on the device that collect gradients."""
        return {name: tensor.to(self.device).requires_grad_() for name, tensor in drawn.items()}


def start(settings: Mapping[str, Setting], source: Source) -> Start:
    """The start given by `seed` and the source; raises UserError for an unknown device."""
    seed, validation = int(settings["seed"]), float(settings.get("validation", 0.0))
    generator = torch.Generator().manual_seed(seed)
    return Start(generator, choose(source.device), source.placement, seed, validation)


def gathered(X: Tensor, y: Tensor, batches: Iterable[Tensor]) -> Iterator[Batch]:
    """The mini-batches that hold the samples of these numbers.

    They are those that `X[rows], y[rows]` gives, as in `data_iter` of linear regression. But
    indexing copies number by number, and `index_select` whole rows: on a CPU in half the time.
    """
    for rows in batches:
        yield X.index_select(0, rows), y.index_select(0, rows)


def converted(
    images: Tensor, y: Tensor, batches: Iterable[Tensor], features: Callable[[Tensor], Tensor]
) -> Iterator[Batch]:
    """As `gathered(features(images), y, batches)`, bit for bit, from images that stay bytes.

    `images` is (n, height, width), uint8, on the CPU. The bytes of a batch, and the same as numbers
    from 0 to 255, are written into the memory of the batch before: that is in the cache, and new
    memory would cost more than what is done in it. `features` puts its result into memory of its
    own, so a batch may be kept.
    """
    taken, whole = images.new_empty(0), torch.empty(0)
    for rows in batches:
        if len(rows) != len(taken):
            taken = images.new_empty((len(rows), *images.shape[1:]))
            whole = torch.empty(taken.shape)
        torch.index_select(images, 0, rows, out=taken)
        yield features(whole.copy_(taken)), y.index_select(0, rows)


def set_rate(optimizer: torch.optim.Optimizer, lr: float) -> None:
    """Let `optimizer` use the learning rate `lr` from now on."""
    for group in optimizer.param_groups:
        group["lr"] = lr


def classified(mean_loss: Tensor, scores: Tensor, y: Tensor) -> BatchSums:
    """The sums of a batch of classifications: mean loss (), scores (n, q), labels y (n,)."""
    return BatchSums(mean_loss * len(y), Answers(scores, y), len(y))

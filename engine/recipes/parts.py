"""The samples of a task in parts: those to train on, and those that only measure the model."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import TypedDict

import torch
from torch import Tensor

from engine.training.task import Batch, Evaluation, Task

PROBE_SAMPLES = 2048
"""How many training samples are measured after every epoch."""
_PROBE_SEED = 2048


def split(count: int, share: float, seed: int) -> tuple[Tensor | None, Tensor | None]:
    """Split `count` samples: the numbers of those to train on, and of those held out, both sorted.

    `share`, from 0 to 0.9, is held out: at least one sample, and never all. Both are None where the
    share is 0. `seed` fixes which they are, by random numbers of their own: those of the training
    do not change.
    """
    if share == 0 or count < 2:
        return None, None
    held = min(max(1, round(share * count)), count - 1)
    order = torch.randperm(count, generator=torch.Generator().manual_seed(seed))
    return order[held:].sort().values, order[:held].sort().values


def probe(count: int) -> Tensor | slice:
    """The numbers of the training samples that are measured after each epoch: all, if they are few.

    They are drawn once for all runs: two runs on the same samples measure the same ones.
    """
    if count <= PROBE_SAMPLES:
        return slice(None)
    generator = torch.Generator().manual_seed(_PROBE_SEED)
    return torch.randperm(count, generator=generator)[:PROBE_SAMPLES].sort().values


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """The samples that measure a model, on its device: features and labels of each part."""

    test: Batch
    train: Batch
    """A fixed subset of the training samples."""
    validation: Batch | None = None
    """Samples held out from training."""


class Counts(TypedDict):
    """How many samples each part has, by the names of the fields of a task."""

    test_samples: int
    probe_samples: int
    validation_samples: int


class MeasuredTask(Task):
    """A task whose parts are all measured in the same way; a subclass sets `parts`, and measures.

    It gives `**self.counts()` to the initialiser of `Task`.
    """

    parts: Parts

    def counts(self) -> Counts:
        """How many samples each part has, by the names of the fields of a task."""
        validation = self.parts.validation
        return {
            "test_samples": len(self.parts.test[1]),
            "probe_samples": len(self.parts.train[1]),
            "validation_samples": len(validation[1]) if validation else 0,
        }

    @abstractmethod
    def measure(self, X: Tensor, y: Tensor) -> Evaluation:
        """Mean loss, and accuracy of a classification, over the samples X with labels y."""

    def evaluate(self) -> Evaluation:
        return self.measure(*self.parts.test)

    def evaluate_train(self) -> Evaluation:
        """Measure the fixed subset of the training samples."""
        return self.measure(*self.parts.train)

    def evaluate_validation(self) -> Evaluation | None:
        """Measure the samples held out from training."""
        validation = self.parts.validation
        return self.measure(*validation) if validation else None

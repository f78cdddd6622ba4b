"""What the training loop needs of a recipe: parameters, batches, one update, one evaluation."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from engine.recipes.catalog import find_recipe
from engine.training.snapshot import Panels, ParameterRow, Setting

if TYPE_CHECKING:
    import torch

Batch: TypeAlias = "tuple[torch.Tensor, torch.Tensor]"
"""Features and labels of one mini-batch, a sample a row."""


class BatchSums(NamedTuple):
    """Measurements of one mini-batch, taken before its update and left on the device."""

    loss: torch.Tensor
    """Sum of the losses of its samples, shape ()."""
    correct: torch.Tensor | None
    """How many of its samples were classified rightly, shape (); None for a regression."""
    samples: int


class Evaluation(NamedTuple):
    """Measurements of the whole test set."""

    loss: float
    """Mean over its samples."""
    accuracy: float | None
    """Fraction of 1; None for a regression."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a task computes and where it looks for its data."""

    device: str = "auto"
    data_dir: Path | None = None
    allow_synthetic: bool = False
    """Take the built-in glyph set instead of an image set."""


@dataclass(eq=False)
class Task(ABC):
    """A recipe with its data on a device, ready to be trained.

    A subclass holds the data as tensors on `device`. All random draws come from `generator`, which
    lives on the CPU, so every device starts from the same numbers.
    """

    parameters: dict[str, torch.Tensor]
    """Leaf tensors on `device`, changed in place by `update`."""
    generator: torch.Generator
    device: torch.device
    dataset: str
    """Title of the data set, as it is shown."""
    dataset_name: str
    """Key of the data set, for scripts: `fashion-mnist`, `glyphs`."""
    synthetic: bool
    """Whether the data are generated, not collected."""
    train_samples: int
    test_samples: int
    classes: tuple[str, ...] = ()

    @abstractmethod
    def batches(self, batch_size: int) -> Iterator[Batch]:
        """The mini-batches of one epoch; draws from `generator` once, before the first batch.

        The last batch is smaller where `batch_size` does not divide the number of samples.
        """

    @abstractmethod
    def update(self, batch: Batch, learning_rate: float) -> BatchSums:
        """Forward, loss, gradients, update; nothing is copied from the device."""

    @abstractmethod
    def evaluate(self) -> Evaluation:
        """Measure the whole test set, batch by batch."""

    @abstractmethod
    def fingerprint(self) -> str:
        """sha256 of the data, so that a checkpoint is only resumed on what it was trained on."""

    @cached_property
    def data_sha256(self) -> str:
        """The fingerprint, computed once: an image set takes a tenth of a second."""
        return self.fingerprint()

    def rows(self) -> tuple[ParameterRow, ...]:
        """Learned numbers worth showing one by one; none by default."""
        return ()

    def panels(self) -> Panels:
        """What the model shows of itself after an epoch; nothing by default."""
        return Panels()


def load_task(recipe: str, settings: Mapping[str, Setting], source: Source) -> Task:
    """Import a recipe's code, which imports torch, and let it load its data.

    Raises SettingError for an unknown recipe or setting, DataMissing where its data set is nowhere
    to be found, UserError for a device that is not there.
    """
    found = find_recipe(recipe)
    checked = found.settings(settings)
    _use_one_thread()
    task = import_module(found.module).build(checked, source)
    if not isinstance(task, Task):
        raise TypeError(f"{found.module}.build() gave {type(task).__name__}, not a Task")
    return task


def _use_one_thread() -> None:
    """Let PyTorch compute on one CPU thread, unless OMP_NUM_THREADS asks for another number.

    An update of a model this small is over before several threads have met. Measured on 2 cores:
    an epoch of softmax takes one thread 0.26 s and two threads 0.18 s, but up to 10 s where another
    program, or the screen, needs a core now and then. Moreover, with one thread the order of sums,
    and so every last bit, does not depend on the number of cores.
    """
    if "OMP_NUM_THREADS" not in os.environ:
        import torch

        torch.set_num_threads(1)

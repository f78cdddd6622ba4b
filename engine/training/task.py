"""What the training loop needs of a recipe: parameters, batches, one update, one evaluation."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, NamedTuple, TypeAlias

from engine.devices import Placement
from engine.training.film import Sheet, number_sheets
from engine.training.guess import Theory
from engine.training.inside import Inside
from engine.training.optimiser_state import OptimiserState, into_torch, of_torch
from engine.training.snapshot import Panels, ParameterRow

if TYPE_CHECKING:
    import torch

Batch: TypeAlias = "tuple[torch.Tensor, torch.Tensor]"
"""Features and labels of one mini-batch, one row per sample."""


class Gradient(StrEnum):
    """Which gradient of a batch `update` has when it is about to move the parameters."""

    MEAN = "mean"
    """That of the mean loss over the samples that it was given."""
    SUM = "sum"
    """That of the sum, and the parameters move by it."""
    DIVIDED_SUM = "divided sum"
    """That of the sum; the step multiplies it with η/n, for the n samples that it was given."""


class Answers(NamedTuple):
    """What a classifier answered for a mini-batch; how many are right is counted later.

    Counting takes three small operations: for one batch they cost as much as for many together.
    """

    scores: torch.Tensor
    """One score per class and sample, (n, q), without gradients."""
    labels: torch.Tensor
    """Shape (n,)."""


class BatchSums(NamedTuple):
    """Measurements of one mini-batch, taken before its update and left on the device."""

    loss: torch.Tensor
    """Sum of the losses of its samples, shape ()."""
    correct: torch.Tensor | Answers | None
    """How many of its samples were classified correctly, shape (); or the answers, as long as they
    are not counted. None for a regression, and where they were counted with those of others."""
    samples: int


class Summed(NamedTuple):
    """Measurements of some mini-batches, over all processes."""

    losses: torch.Tensor
    """The sum of the losses of each mini-batch, one number for each."""
    right: torch.Tensor | None
    """How many samples of all were classified correctly, shape (); None for a regression."""


def right_answers(batches: Sequence[BatchSums]) -> torch.Tensor | None:
    """How many samples of these mini-batches were classified correctly, shape (), on the device.

    All are counted in one go. None where nothing is known, as in a regression.
    """
    import torch

    known, answers = [], []
    for sums in batches:
        if isinstance(sums.correct, Answers):
            answers.append(sums.correct)
        elif sums.correct is not None:
            known.append(sums.correct)
    if answers:
        scores = torch.cat([each.scores for each in answers])
        # The first of equal scores, as from argmax, in two thirds of its time.
        best = scores.max(dim=1).indices
        known.append((best == torch.cat([each.labels for each in answers])).sum())
    return torch.stack(known).sum() if known else None


class Evaluation(NamedTuple):
    """Measurements of some samples: the test set, the validation samples, or training samples."""

    loss: float
    """Mean over the samples."""
    accuracy: float | None
    """From 0 to 1; None for a regression."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a task computes and where it looks for its data."""

    device: str = "auto"
    data_dir: Path | None = None
    allow_synthetic: bool = False
    """Use the built-in glyph set instead of an image set."""
    placement: Placement = Placement.AUTO
    """Where the training samples are kept during the training."""


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
    """Title of the data set, in the learner's language."""
    dataset_name: str
    """Key of the data set, for scripts: `fashion-mnist`, `glyphs`."""
    synthetic: bool
    """Whether the data were generated, not collected."""
    train_samples: int
    test_samples: int
    classes: tuple[str, ...] = ()
    layers: tuple[str, ...] = ()
    """Names of the layers in `gradient_norms`, from the input to the output."""
    validation_samples: int = 0
    """Samples held out from training, which `evaluate_validation` measures."""
    probe_samples: int = 0
    """Training samples that `evaluate_train` measures."""
    processes: int = 1
    """How many processes train the model together."""
    add_up: Callable[[Sequence[torch.Tensor]], None] | None = None
    """Replaces gradients by those of all processes, in place; None where one trains alone.

    An `update` that writes its gradients by hand calls it; autograd's are added up by hooks.
    """

    gradient: ClassVar[Gradient | None] = None
    """What `update` computes, so that several processes can share a batch; None: they cannot."""

    @abstractmethod
    def batches(self, batch_size: int) -> Iterator[Batch]:
        """The mini-batches of one epoch; draws from `generator` once, before the first batch.

        The last batch is smaller where `batch_size` does not divide the number of samples.
        """

    def shares(self, batch_size: int, own: Callable[[int], slice]) -> Iterator[Batch]:
        """As `batches`, but of each only the samples at `own(its size)`: one at least."""
        for X, y in self.batches(batch_size):
            rows = own(len(y))
            yield X[rows], y[rows]

    def summed(self, batches: Sequence[BatchSums]) -> Summed:
        """Measurements of mini-batches, one at least, as `update` gave them, over all processes."""
        import torch

        return Summed(torch.stack([sums.loss for sums in batches]), right_answers(batches))

    @abstractmethod
    def update(self, batch: Batch, learning_rate: float) -> BatchSums:
        """Forward, loss, gradients, update; nothing is copied from the device."""

    @abstractmethod
    def evaluate(self) -> Evaluation:
        """Measure the whole test set, batch by batch."""

    def evaluate_train(self) -> Evaluation | None:
        """Measure a fixed subset of the training samples; None where the task has none.

        It draws nothing from `generator`, so it does not affect the run.
        """
        return None

    def evaluate_validation(self) -> Evaluation | None:
        """Measure the samples held out from training; None where there are none."""
        return None

    @abstractmethod
    def fingerprint(self) -> str:
        """The sha256 of the training data, so that a run resumes only on the same data."""

    @cached_property
    def data_sha256(self) -> str:
        """The fingerprint, computed only once: for an image set, it takes a tenth of a second."""
        return self.fingerprint()

    def rows(self) -> tuple[ParameterRow, ...]:
        """Learned numbers to show one by one; none by default."""
        return ()

    def panels(self) -> Panels:
        """What the model shows of itself after an epoch; nothing by default."""
        return Panels()

    def film_sheets(self) -> tuple[Sheet, ...]:
        """Copies of the weights to film: as numbers, unless a recipe shows them as images."""
        return number_sheets(self.exchange())

    def first_loss(self) -> Theory | None:
        """What the loss before the first update should be; None where there is no simple answer."""
        return None

    def gradient_norms(self) -> tuple[float, ...]:
        """Length of the gradient over the parameters of each layer, on a fixed batch.

        It draws nothing at random and changes no parameter, so it does not affect the run.
        """
        return ()

    def inside(self) -> Inside | None:
        """How to look inside the model while it trains; None where there is nothing to see."""
        return None

    def optimiser_state(self) -> OptimiserState:
        """Copies of what the optimiser remembers between two updates, on the device.

        A task that uses a torch.optim optimiser keeps it as `optimizer`; for any other optimiser
        with a memory, a task overrides this and `restore_optimiser`.
        """
        optimizer = getattr(self, "optimizer", None)
        return of_torch(optimizer, self.parameters) if optimizer else OptimiserState()

    def restore_optimiser(self, state: OptimiserState) -> None:
        """Restore what `optimiser_state` gave.

        Raises ValueError, and changes nothing, where that belongs to a different optimiser.
        """
        optimizer = getattr(self, "optimizer", None)
        if optimizer:
            into_torch(optimizer, self.parameters, state)
        elif state.tensors or state.counters:
            raise ValueError("plain gradient descent remembers nothing")

    def exchange(self) -> dict[str, torch.Tensor]:
        """Copies of the parameters on the CPU, with the names and the layout of the from-scratch
        version of the model: weights lead from rows to columns, (in, out).

        Two versions of one model give the same names and shapes, so one can `take` the other's.
        """
        return {name: value.detach().cpu().clone() for name, value in self.parameters.items()}

    def take(self, values: Mapping[str, torch.Tensor]) -> None:
        """Set the parameters to what `exchange` of another version of the model gave.

        Raises ValueError, and changes nothing, where the names or the shapes are different.
        """
        import torch

        check_exchange(self.exchange(), values)
        with torch.no_grad():
            for name, value in values.items():
                self.parameters[name].copy_(value)

    def use_float64(self) -> None:
        """Keep the parameters in 64 bits from now on, so that `update` computes in float64.

        For comparisons: the batches must be float64 too, and only `update`, `exchange` and `take`
        may be called afterwards.
        """
        for parameter in self.parameters.values():
            parameter.data = parameter.data.double()


def check_exchange(own: Mapping[str, torch.Tensor], other: Mapping[str, torch.Tensor]) -> None:
    """Raise ValueError unless both hold the same names with the same shapes."""
    shapes, others = (
        {name: tuple(value.shape) for name, value in values.items()} for values in (own, other)
    )
    if shapes != others:
        raise ValueError(f"parameters {others} do not fit {shapes}")

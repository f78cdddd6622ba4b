"""A task of which every process computes a share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from engine.errors import UserError
from engine.language import _
from engine.ranks.gradients import GradientSum, shared_rate
from engine.ranks.group import Group
from engine.ranks.place import share
from engine.training.film import Sheet
from engine.training.guess import Theory
from engine.training.inside import Inside
from engine.training.optimiser_state import OptimiserState
from engine.training.snapshot import Panels, ParameterRow
from engine.training.task import Answers, Batch, BatchSums, Evaluation, Gradient, Summed, Task

if TYPE_CHECKING:
    from torch import Tensor


class RankTask(Task):
    """The task `whole`, whose batches, updates and measurements all processes of a group share.

    Whatever it gives is the same in all of them, and what `whole` alone would give, to rounding.
    """

    def __init__(self, whole: Task, group: Group) -> None:
        """Start from the parameters of process 0.

        Raises UserError for a task that does not say how its gradients are added up.
        """
        if whole.gradient is None:
            text = _(
                "{kind} cannot be trained by several processes: it does not say in `gradient` how"
                " its gradient depends on the batch. Train it with one process."
            )
            raise UserError(text.format(kind=type(whole).__name__))
        self.whole = whole
        self.group: Group | None = group
        super().__init__(
            parameters=whole.parameters,
            generator=whole.generator,
            device=whole.device,
            dataset=whole.dataset,
            dataset_name=whole.dataset_name,
            synthetic=whole.synthetic,
            train_samples=whole.train_samples,
            test_samples=whole.test_samples,
            classes=whole.classes,
            layers=whole.layers,
            validation_samples=whole.validation_samples,
            probe_samples=whole.probe_samples,
            processes=group.size,
        )
        for parameter in whole.parameters.values():
            group.from_first(parameter.data)
        self._sum = GradientSum(whole.parameters.values(), whole.gradient, group)
        whole.add_up = self._sum.add_up
        self._shares = partial(share, rank=group.rank, size=group.size)
        self._sizes = 0, 0
        """Of the batch that was given last: samples of this process, and of all."""

    def go_alone(self) -> None:
        """Measure without the others from now on: one of them is gone."""
        self.group = None

    def _own(self, samples: int) -> slice:
        """Which samples of a batch this process computes; a stand-in where it has none."""
        own = self._shares(samples)
        self._sizes = own.stop - own.start, samples
        return own if own.stop > own.start else slice(0, 1)

    def batches(self, batch_size: int) -> Iterator[Batch]:
        """The shares of this process of one epoch of mini-batches, shuffled as for one process."""
        return self.whole.shares(batch_size, self._own)

    def update(self, batch: Batch, learning_rate: float) -> BatchSums:
        """One update from a share of a batch, and those of the others; raises RankLost.

        What it measures is that of the share, until it is `summed`.
        """
        own, samples = self._sizes
        self._sum.expect(own, samples)
        if self.whole.gradient is Gradient.DIVIDED_SUM:
            learning_rate = shared_rate(learning_rate, len(batch[1]), samples)
        loss, correct, _given = self.whole.update(batch, learning_rate)
        if not own:
            loss = loss.new_zeros(())
            if isinstance(correct, Answers):
                correct = Answers(correct.scores[:0], correct.labels[:0])
            elif correct is not None:
                correct = correct.new_zeros(())
        return BatchSums(loss, correct, samples)

    def summed(self, batches: Sequence[BatchSums]) -> Summed:
        """Measurements of mini-batches over all processes; raises RankLost."""
        own = super().summed(batches)
        if self.group is None:
            return own
        import torch

        counts = [] if own.right is None else [own.right.reshape(1)]
        row = torch.cat([each.double().cpu() for each in (own.losses, *counts)])
        self.group.add_up(row)
        return Summed(row[: len(batches)], row[-1] if counts else None)

    def evaluate(self) -> Evaluation:
        """Measure the test set, a share of it in each process; raises RankLost."""
        parts = getattr(self.whole, "parts", None)
        return self.whole.evaluate() if parts is None else self._measured(parts.test)

    def evaluate_train(self) -> Evaluation | None:
        """Measure the fixed subset of the training samples; raises RankLost."""
        parts = getattr(self.whole, "parts", None)
        return self.whole.evaluate_train() if parts is None else self._measured(parts.train)

    def evaluate_validation(self) -> Evaluation | None:
        """Measure the samples held out from training; raises RankLost."""
        parts = getattr(self.whole, "parts", None)
        if parts is None or parts.validation is None:
            return self.whole.evaluate_validation()
        return self._measured(parts.validation)

    def _measured(self, part: tuple[Tensor, Tensor]) -> Evaluation:
        import torch

        from engine.recipes.parts import MeasuredTask

        assert isinstance(self.whole, MeasuredTask)
        X, y = part
        if self.group is None:
            return self.whole.measure(X, y)
        own = self._shares(len(y))
        count, loss, correct = own.stop - own.start, 0.0, 0
        if count:
            found = self.whole.measure(X[own], y[own])
            loss, correct = found.loss * count, round((found.accuracy or 0) * count)
        sums = torch.tensor([loss, correct], dtype=torch.float64)
        self.group.add_up(sums)
        loss, right = sums.tolist()
        return Evaluation(loss / len(y), round(right) / len(y) if self.classes else None)

    def fingerprint(self) -> str:
        return self.whole.data_sha256

    def rows(self) -> tuple[ParameterRow, ...]:
        """Learned numbers to show one by one."""
        return self.whole.rows()

    def panels(self) -> Panels:
        """What the model shows of itself, computed by this process alone."""
        return self.whole.panels()

    def film_sheets(self) -> tuple[Sheet, ...]:
        return self.whole.film_sheets()

    def first_loss(self) -> Theory | None:
        """What the loss before the first update should be."""
        return self.whole.first_loss()

    def gradient_norms(self) -> tuple[float, ...]:
        """Length of the gradient over each layer; every process computes the same."""
        return self.whole.gradient_norms()

    def inside(self) -> Inside | None:
        """How to look inside; every process looks, at the same steps, and sees the same."""
        return self.whole.inside()

    def optimiser_state(self) -> OptimiserState:
        """What the optimiser remembers: the same in every process."""
        return self.whole.optimiser_state()

    def restore_optimiser(self, state: OptimiserState) -> None:
        self.whole.restore_optimiser(state)

    def exchange(self) -> dict[str, Tensor]:
        """Copies of the parameters on the CPU."""
        return self.whole.exchange()

    def take(self, values: Mapping[str, Tensor]) -> None:
        self.whole.take(values)

    def use_float64(self) -> None:
        self.whole.use_float64()


class LockstepTask(RankTask):
    """A task that is given whole batches, as in a comparison, and computes its share of each."""

    def update(self, batch: Batch, learning_rate: float) -> BatchSums:
        """One update from a whole batch; what it measures is that of the whole."""
        rows = self._own(len(batch[1]))
        own = super().update((batch[0][rows], batch[1][rows]), learning_rate)
        summed = self.summed([own])
        return BatchSums(summed.losses[0], summed.right, own.samples)

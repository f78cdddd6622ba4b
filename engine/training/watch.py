"""Looks into a training from time to time: activations, gradients, updates, curvature.

It looks after the start and after an epoch, and in the middle of one that is very long. What it
costs is bounded: a look costs about as much as an update from `LOOK_SAMPLES` samples, and between
two of them at least `WORK_PER_LOOK` times as many samples are trained on. Only the looks after
epochs 1, 4, 16, 64, … and after the last come in any case, for the sake of short trainings.

Nothing is drawn at random, no clock is read and no parameter is changed: the same seed gives the
same run, with or without.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from engine.training.curvature import CURVATURE_SAMPLES, ITERATIONS, Curvature
from engine.training.diagnoses import Evidence, diagnose, kinds
from engine.training.diagnoses.learning_rate import largest_stable
from engine.training.inside import Pass, by_layer
from engine.training.insight import Insight, Insights
from engine.training.layers import flat_slope, layer_insight
from engine.training.steady import Steady
from engine.training.watch_memory import Memory

if TYPE_CHECKING:
    from torch import Tensor

    from engine.training.loop import TrainingRun
    from engine.training.snapshot import EpochMetrics

SAMPLES = 512
"""How many samples activations and gradients are measured on."""
LOOK_SAMPLES = SAMPLES + 2 * ITERATIONS * CURVATURE_SAMPLES
WORK_PER_LOOK = 32
"""So a look costs about 1/32 of the training around it: 3 %."""
LEAST_SAMPLES = 64
"""An update from fewer samples costs no less than one from so many."""
EARLY_EPOCHS = frozenset(4**power for power in range(8))
LONG = 4
"""An epoch is long where this many looks would fit into it."""
MOST_KEPT = 256
"""Looks that are kept; when there are twice as many, every second one is dropped."""
MOST_ROWS = 512
"""Epochs that are looked at for a diagnosis; of more, one in every few, and the latest."""


class Watch:
    """What is known of the inside of one run."""

    def __init__(self, run: TrainingRun) -> None:
        self._run = run
        self._inside = run.task.inside()
        self._weights = [layer[0] for layer in by_layer(run.task.parameters, len(run.task.layers))]
        self._before: list[Tensor] = []
        self._ratios: tuple[float | None, ...] = ()
        self._curvature = Curvature(run, self._inside) if self._inside else None
        self._flat: list[float] = []
        """Below which slope the activation of each layer is almost flat."""
        self._looked_at = -1
        """The step of the last look."""
        self._insights = Insights()
        self._before_divergence: Insights | None = None
        """What was known before it: a checkpoint keeps no look at updates that were undone."""
        self._steady = Steady(kinds())
        self.largest_stable: float | None = None
        """After a divergence: the largest rate that would not have overshot, where known."""
        self._apart = max(LONG * self._budget(), self._work(run.steps_per_epoch) // 16)
        """How much work is done between two looks into a long epoch."""
        self._is_long = self._work(run.steps_per_epoch) > 2 * self._apart

    @property
    def insights(self) -> Insights:
        """What is known now."""
        return self._insights

    @property
    def memory(self) -> Memory:
        """What a checkpoint keeps, so that a resumed run is diagnosed by its whole history."""
        known = self._before_divergence or self._insights
        return Memory(
            tuple(look for look in known.measured if look.step <= self._run.step),
            self._steady.findings,
            known.diagnosed,
        )

    def recall(self, memory: Memory) -> None:
        """Go on from what a checkpoint kept."""
        layers = [tuple(layer.name for layer in look.layers) for look in memory.looks]
        if set(layers) != {tuple(self._run.task.layers)}:
            return  # nothing is kept, or by a recipe that had other layers
        self._steady.findings = memory.findings
        self._looked_at = memory.looks[-1].step
        self._insights = Insights(memory.looks, self._steady.told, memory.diagnosed)

    def before_update(self) -> None:
        """Keep the weights if the next update is one after which a look follows."""
        run = self._run
        if run.epoch_step + 1 < run.steps_per_epoch:
            due = self._is_long and self._work(run.step + 1 - self._looked_at) >= self._apart
        else:
            due = self._is_due_at_end(run.step + 1)
        if due and self._inside:
            self._before = [weight.detach().clone() for weight in self._weights]

    def after_update(self) -> None:
        """Look, in the middle of an epoch, if it is time; the end of an epoch is looked at later.

        Raises DivergenceError.
        """
        if not self._before:
            return
        self._measure_update()
        if self._run.epoch_step < self._run.steps_per_epoch:
            self._run.check()
            self.look()

    def start(self) -> None:
        """Look at the model before its first update."""
        if self._inside and self._looked_at < 0 and self._run.step == 0:
            self.look()

    def end_epoch(self) -> None:
        """Look after an epoch if it is time, and diagnose what its measurements show."""
        if self._ratios:
            self.look()
        elif self._inside and len(self._run.measured) <= MOST_ROWS:
            self._diagnose()

    def diverged(self) -> None:
        """Look at the last finite parameters, and say that the numbers grew beyond all bounds."""
        if self._inside:
            self._before_divergence = self._insights
            self.look(diverged=True)

    def _work(self, steps: int) -> int:
        """So many updates in samples."""
        return steps * max(LEAST_SAMPLES, min(self._run.batch_size, self._run.task.train_samples))

    def _budget(self) -> int:
        samples = self._inside.samples if self._inside else 0
        return WORK_PER_LOOK * min(LOOK_SAMPLES, samples * (1 + 2 * ITERATIONS))

    def _is_due_at_end(self, step: int) -> bool:
        """Whether to look after the epoch that ends with update `step`."""
        run = self._run
        epoch = run.epoch + 1
        early = epoch in EARLY_EPOCHS or epoch == run.epochs
        return early or self._work(step - self._looked_at) >= self._budget()

    def _measure_update(self) -> None:
        """‖ΔW‖ / ‖W‖ of the update just made, per layer; None where that is no finite number."""
        import torch

        before, self._before = self._before, []
        pairs = [
            (float(torch.linalg.vector_norm(new.detach() - old)), float(old.norm()))
            for new, old in zip(self._weights, before, strict=True)
        ]
        ratios = (
            moved / length if length > 0 else (0.0 if moved == 0 else math.inf)
            for moved, length in pairs
        )
        self._ratios = tuple(ratio if math.isfinite(ratio) else None for ratio in ratios)

    def look(self, *, diverged: bool = False) -> None:
        """Measure the model as it is, and diagnose it."""
        insight = self._measure()
        self._ratios = ()
        self._looked_at = self._run.step
        if insight is not None:
            kept = self._insights.measured
            kept = (*kept[:-1], *map(_without_histograms, kept[-1:]))
            if len(kept) >= 2 * MOST_KEPT:
                kept = kept[::2]
            self._insights = replace(self._insights, measured=(*kept, insight))
        self._diagnose(diverged=diverged)

    def _diagnose(self, *, diverged: bool = False) -> None:
        run, inside = self._run, self._inside
        evidence = Evidence(
            looks=self._insights.measured,
            measured=_some(run.measured),
            epochs=run.epochs,
            epoch=run.epoch,
            step=run.step,
            learning_rate=run.learning_rate,
            optimiser=str(run.settings.get("optimizer", "sgd")),
            has_rule=inside.has_rule if inside else True,
            diverged=diverged,
            usual_rate=run.usual_rate,
        )
        if diverged:
            self.largest_stable = largest_stable(evidence)
            evidence = replace(evidence, smaller=run.smaller_rate(self.largest_stable))
        found, step = diagnose(evidence), run.step
        before = self._insights.diagnosed
        if not diverged:
            self._before_divergence = None
            self._steady.take(
                found,
                step,
                run.total_steps,
                is_over=run.epoch >= run.epochs,
                is_changed=any(c.setting == "lr" and c.step >= before for c in run.changes),
            )
        told = tuple(replace(one, step=step) for one in found) if diverged else self._steady.told
        self._insights = replace(self._insights, diagnoses=told, diagnosed=step)

    def _summed(self) -> int:
        """Over how many samples an update sums the loss; 1 where it takes their mean."""
        run = self._run
        is_sum = self._inside is not None and self._inside.summed
        return min(run.batch_size, run.task.train_samples) if is_sum else 1

    def _flat_slopes(self, seen: Pass) -> list[float]:
        if not self._flat:
            found = [flat_slope(one.activation, one.z) for one in seen.hidden]
            self._flat = [*found, *[0.0] * (len(seen.layers) - len(found))]
        return self._flat

    def _measure(self) -> Insight | None:
        """Everything at once; None where a number is not finite."""
        import torch

        run, inside = self._run, self._inside
        if inside is None:
            return None
        samples = min(SAMPLES, inside.samples)
        with torch.enable_grad():
            seen = inside.forward(samples)
            loss = float(seen.loss.detach())
            if not math.isfinite(loss):
                return None
            flat = [parameter for layer in seen.layers for parameter in layer]
            grads = iter(torch.autograd.grad(seen.loss, flat, retain_graph=bool(seen.hidden)))
            by_parameter = [[next(grads) for _parameter in layer] for layer in seen.layers]
            ratios = self._ratios or (None,) * len(seen.layers)
            hidden = [*seen.hidden, *[None] * (len(seen.layers) - len(seen.hidden))]
            layers = tuple(
                layer_insight(name, ratios[index], by_parameter[index][0], hidden[index], flat_at)
                for (index, name), flat_at in zip(
                    enumerate(run.task.layers), self._flat_slopes(seen), strict=True
                )
            )
            curvature, limit = self._curvature.measure() if self._curvature else (None, 2.0)
        return Insight(
            step=run.step,
            epochs=run.epoch + run.epoch_step / run.steps_per_epoch,
            loss=loss,
            chance=inside.chance(samples),
            layers=layers,
            curvature=None if curvature is None else curvature * self._summed(),
            rate=run.learning_rate,
            rate_limit=limit,
        )


def _some(rows: Sequence[EpochMetrics]) -> tuple[EpochMetrics, ...]:
    if len(rows) <= MOST_ROWS:
        return tuple(rows)
    step = -(-len(rows) // MOST_ROWS)
    return (*rows[:-8:step], *rows[-8:])


def _without_histograms(insight: Insight) -> Insight:
    layers = tuple(replace(one, activations=None, gradients=None) for one in insight.layers)
    return replace(insight, layers=layers)

"""What is wrong with a training, told from measured numbers; one file per kind.

A file has PLACE, where its kind stands among the others (the worst first), and a function `find` of
`Evidence` that gives what it found. Both are pure: the same numbers give the same diagnoses.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from engine.broken import load_part
from engine.language import _, plural
from engine.naming import Shown
from engine.training.insight import Diagnosis, Insight, LayerInsight
from engine.training.snapshot import layer_label

if TYPE_CHECKING:
    from engine.training.snapshot import EpochMetrics

SOLVED = 0.05
"""A loss below this share of that of a constant answer is small: to fall no further is no fault."""

TENFOLD = 10.0

PROGRESS = 0.01
"""A loss that falls by less than this share from one look to the next does not fall."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that a diagnosis may look at."""

    looks: tuple[Insight, ...]
    """What was measured inside the model, in the order of the steps."""
    measured: tuple[EpochMetrics, ...]
    """What was measured after each epoch."""
    epochs: int
    """How many epochs there will be."""
    epoch: int
    """Finished epochs."""
    step: int
    learning_rate: float
    optimiser: str = "sgd"
    has_rule: bool = True
    """Whether the samples follow a rule that holds for the test set as well."""
    diverged: bool = False
    """Whether a loss or a parameter is no longer a finite number."""
    smaller: float | None = None
    """The rate to try that the message of a divergence names."""
    usual_rate: float | None = None
    """That of the recipe for these settings."""

    @property
    def trained(self) -> tuple[Insight, ...]:
        """The looks after the first update."""
        return tuple(look for look in self.looks if look.step)

    @property
    def improves(self) -> bool:
        """Whether the loss at the last look is below that at every look before.

        So it is where the mean over the last epoch is below that over every epoch before: at one
        moment, a loss may be high by chance. Where only one look is known, as after a checkpoint of
        an older version was resumed, the loss after the last epoch counts.
        """
        losses = [look.loss for look in self.looks]
        if len(losses) < 2:
            losses = [row.train_loss for row in self.measured if row.train_loss is not None]
        means = [row.during_loss for row in self.measured if row.during_loss is not None]
        return _is_new_low(losses) or _is_new_low(means)

    @property
    def is_solved(self) -> bool:
        """Whether the loss is so small that there is hardly anything left to learn."""
        return bool(self.looks) and self.looks[-1].loss < SOLVED * self.looks[-1].chance

    @property
    def has_units(self) -> bool:
        """Whether there are any hidden units."""
        return any(layer.units for look in self.looks[-1:] for layer in look.layers)

    @property
    def higher_rate(self) -> str:
        """The advice where the rate is far too low."""
        if self.usual_rate is not None and self.usual_rate > TENFOLD * self.learning_rate:
            return _("Raise the learning rate; {usual:g} is usual for these settings.").format(
                usual=Shown(self.usual_rate)
            )
        return _("Raise the learning rate tenfold.")


class Stuck(NamedTuple):
    """A layer in which something stops too many units from learning."""

    name: str
    label: str
    """Its name for learners."""
    stopped: int
    """How many units learn nothing."""
    units: str
    """How many there are, in words."""


MANY = 0.5
"""Of a ReLU layer, some units are always dead. Where it is half of them, the layer does the work of
one half as wide."""


def stuck(evidence: Evidence, count: Callable[[LayerInsight], int]) -> Iterator[Stuck]:
    """The layers in which something stops many units, by how many it stops in each."""
    for layer in evidence.looks[-1].layers if evidence.looks else ():
        found = count(layer)
        if layer.units and found >= MANY * layer.units:
            units = plural("{count} unit", "{count} units", layer.units)
            yield Stuck(layer.name, layer_label(layer.name), found, units)


def _is_new_low(losses: Sequence[float]) -> bool:
    return len(losses) > 1 and losses[-1] < (1 - PROGRESS) * min(losses[:-1])


Finder: TypeAlias = Callable[[Evidence], Iterable[Diagnosis]]


def _kinds() -> Mapping[str, Finder]:
    """The function of every kind by the id of the kind, the worst first."""
    names = sorted(path.stem for path in Path(__file__).parent.glob("*.py"))
    modules = {
        name.replace("_", "-"): load_part(f"{__name__}.{name}", ("PLACE", "find"))
        for name in names
        if name != "__init__"
    }
    worst_first = sorted(modules.items(), key=lambda item: item[1].PLACE)
    return {kind: module.find for kind, module in worst_first}


@cache
def finders() -> tuple[Finder, ...]:
    """The function of every kind, the worst kind first."""
    return tuple(_kinds().values())


@cache
def kinds() -> tuple[str, ...]:
    """The id of every kind, the worst first."""
    return tuple(_kinds())


def diagnose(evidence: Evidence) -> tuple[Diagnosis, ...]:
    """Everything that is wrong, the worst first."""
    found = (one for find in finders() for one in find(evidence))
    return tuple(one for one in found if math.isfinite(one.value))

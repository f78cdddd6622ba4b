"""What is measured of the inside of a network while it trains, and what that tells.

Nothing here knows torch: a screen can show it before torch is loaded.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Histogram:
    """How many of some numbers lie in each of several ranges of one width."""

    low: float
    high: float
    counts: tuple[int, ...] = ()
    outside: int = 0
    """How many numbers lie in no range: of gradients on a log10 scale, those that are 0."""

    @property
    def total(self) -> int:
        """How many numbers there are."""
        return sum(self.counts) + self.outside


@dataclass(frozen=True, slots=True)
class LayerInsight:
    """One layer at one moment."""

    name: str
    """As in `Snapshot.layers`."""
    update_ratio: float | None = None
    """Length of the last update of its weights, divided by the length of the weights before it."""
    units: int = 0
    """How many units have an activation function; 0 in an output layer, which has none."""
    dead: int = 0
    """Units whose activation has the slope 0 at every sample measured: no gradient passes."""
    saturated: int = 0
    """Units whose activation is almost flat at most samples, without being dead."""
    activations: Histogram | None = None
    """What the units give; None in an output layer."""
    gradients: Histogram | None = None
    """log10 of the size of the gradient of each weight; those that are 0 lie outside."""
    alike: int = 0
    """Units that are copies of another unit here: the same weights and bias, but for rounding."""


@dataclass(frozen=True, slots=True)
class Insight:
    """What was measured at one moment, on a fixed batch of training samples."""

    step: int
    epochs: float
    """Epochs made until then; not a whole number in the middle of one."""
    loss: float
    """Mean loss over the batch."""
    chance: float
    """The least mean loss over the batch of a model that gives the same answer to every sample."""
    layers: tuple[LayerInsight, ...]
    curvature: float | None = None
    """The largest curvature, in the directions that updates move in, of the loss that they follow:
    a mean or a sum over the mini-batch; None if unknown."""
    rate: float = 0.0
    """The learning rate of the next update."""
    rate_limit: float = 2.0
    """The largest `rate` · `curvature` at which the steps of the optimiser do not grow."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Something that is wrong with a training, with the number that shows it."""

    id: str
    """What is wrong, for scripts: `dead-units`."""
    layer: str
    """As in `Snapshot.layers`; empty where it concerns the whole model."""
    value: float
    """The number that shows it."""
    title: str
    """What is wrong, with the number, in a few words."""
    text: str
    """What is wrong and what shows it: sentences for the learner."""
    advice: str
    """What to try: a sentence or two."""
    step: int = 0
    """After which update it was found last; 0 where that is not known."""

    def as_json(self) -> dict[str, object]:
        """For scripts and records."""
        return {
            "id": self.id,
            "layer": self.layer,
            "value": self.value,
            "title": self.title,
            "text": self.text,
            "try": self.advice,
            "step": self.step,
        }


def diagnosis_of(stored: dict[str, object]) -> Diagnosis:
    """The diagnosis that `as_json` gave; raises KeyError, TypeError or ValueError."""
    return Diagnosis(
        str(stored["id"]),
        str(stored["layer"]),
        float(stored["value"]),  # type: ignore[arg-type]  # JSON; a wrong type is an error
        str(stored["title"]),
        str(stored["text"]),
        str(stored["try"]),
        int(stored.get("step", 0)),  # type: ignore[call-overload]  # as above
    )


@dataclass(frozen=True, slots=True)
class Insights:
    """All that is known of the inside of one training."""

    measured: tuple[Insight, ...] = ()
    """In the order of the steps; all but the latest without histograms."""
    diagnoses: tuple[Diagnosis, ...] = ()
    """What is told to be wrong, the worst first; `engine.training.steady` says from when on."""
    diagnosed: int = 0
    """The step of the last diagnosis."""

    def is_late(self, diagnosis: Diagnosis) -> bool:
        """Whether what is told was found at an earlier diagnosis, and not at the last one."""
        return diagnosis.step < self.diagnosed

    @property
    def latest(self) -> Insight | None:
        """What was measured last."""
        return self.measured[-1] if self.measured else None

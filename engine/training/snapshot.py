"""What a screen may see of a training: one immutable value, replaced by the training thread.

The training thread builds a new `Snapshot` and swaps one reference; readers take that reference
whenever they like. Nothing here needs torch, so a screen can be drawn before torch is loaded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from engine.language import _
from engine.training.curve import Curve as Curve
from engine.training.film import Film
from engine.training.guess import Guess
from engine.training.insight import Insights
from engine.training.state import SessionState as SessionState

Setting: TypeAlias = int | float | str
"""The value of one hyperparameter."""


def layer_label(name: str) -> str:
    """The name of a layer (`hidden`, `hidden 1`, `output`) in the learner's language."""
    kind, _blank, number = name.partition(" ")
    if kind == "hidden":
        return _("hidden {number}").format(number=number) if number else _("hidden")
    return _("output") if kind == "output" else name


@dataclass(frozen=True, slots=True)
class Change:
    """A setting that was changed while a training ran."""

    step: int
    """Updates made before: the next one is the first with the new value."""
    setting: str
    value: Setting


@dataclass(frozen=True, slots=True)
class EpochMetrics:
    """Measurements after one epoch; losses are means over samples, never means of means.

    Epoch 0 is the state before the first update: it has no figures "during the epoch".
    """

    epoch: int
    """The number of finished epochs."""
    step: int
    """Updates made since the beginning."""
    train_loss: float | None
    """After the epoch, on a fixed subset of the training samples, by the same model as the test
    loss; None in a record of version 0.1, which did not measure it."""
    train_accuracy: float | None
    """From 0 to 1, measured like `train_loss`; None for a regression."""
    test_loss: float
    test_accuracy: float | None
    seconds: float
    """Time spent training, without the measurements after the epoch."""
    samples_per_second: float
    gradient_norms: tuple[float, ...] = ()
    """Length of the gradient of the loss over the parameters of each layer, on a fixed batch, after
    the last update of the epoch; in the order of `Snapshot.layers`."""
    during_loss: float | None = None
    """Mean over all samples of the epoch, each measured just before the update that learns from it:
    by models on the way through the epoch, not by the one at its end."""
    during_accuracy: float | None = None
    """Measured like `during_loss`."""
    validation_loss: float | None = None
    """After the epoch, on the training samples that were held out; None where none were."""
    validation_accuracy: float | None = None


@dataclass(frozen=True, slots=True)
class ParameterRow:
    """A learned number beside the number that made the data, if that is known."""

    name: str
    learned: float
    true: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class PredictedImage:
    """One test image, what it shows, and what the model predicts."""

    pixels: npt.NDArray[np.uint8]
    """(height, width), 0 is background."""
    label: int
    predicted: int
    probability: float
    """The probability that the model gives to its prediction."""
    loss: float | None = None
    """Its loss, where that is why it is shown."""

    @property
    def is_right(self) -> bool:
        """Whether the prediction is the label."""
        return self.label == self.predicted


@dataclass(frozen=True, slots=True, eq=False)
class WeightImage:
    """The weights of one class or unit as an image: what speaks for it, and against it."""

    label: int
    pixels: npt.NDArray[np.uint8]
    """(height, width); 128 is a weight of 0, brighter speaks for the class, darker against it."""
    limit: float
    """The size of a weight drawn as 0 or 255, as are all larger ones; the same for all classes."""
    name: str = ""
    """The title of the image; empty where it belongs to the class `label`."""


@dataclass(frozen=True, slots=True)
class BoardCell:
    """A cell of a board of answers: a question, the answer of the model, and the right one."""

    question: str
    answer: str
    right: str

    @property
    def is_right(self) -> bool:
        """Whether the answer is the right one."""
        return self.answer == self.right


@dataclass(frozen=True, slots=True, eq=False)
class Panels:
    """What a model shows of itself after an epoch; empty where it has no such view."""

    gallery: tuple[PredictedImage, ...] = ()
    confusion: tuple[tuple[int, ...], ...] = ()
    """Counts over the whole test set: one row per true class, one column per predicted one."""
    weights: tuple[WeightImage, ...] = ()
    board: tuple[BoardCell, ...] = ()
    worst: tuple[PredictedImage, ...] = ()
    """Test images with the largest loss: of all, and of every class; the largest first."""


Processes: TypeAlias = tuple[tuple[int, int], ...]
"""From which step on how many processes trained a run, in the order of the steps."""


def with_processes(before: Processes, step: int, count: int) -> Processes:
    """What `before` becomes where `count` processes go on from `step`."""
    kept = tuple(one for one in before if one[0] < step)
    return kept if kept and kept[-1][1] == count else (*kept, (step, count))


def processes_until(processes: Processes, step: int) -> Processes:
    """Those that made one of the first `step` updates: resuming alone makes none."""
    return tuple(one for one in processes if one[0] < max(step, 1))


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """Everything a screen shows of a training at one moment."""

    revision: int = 0
    """Grows with every new snapshot; an equal revision needs no redraw."""
    state: SessionState = SessionState.IDLE
    message: str = ""
    """Why it failed, stopped or is waiting: a whole sentence for the learner, or empty."""
    recipe: str = ""
    run: str = ""
    """The name of the run, such as `softmax-12`; empty where nothing is kept."""
    started_with: Mapping[str, Setting] = field(default_factory=lambda: MappingProxyType({}))
    """The settings at the first update."""
    changes: tuple[Change, ...] = ()
    """What was changed since, in the order of the steps."""
    processes: Processes = ((0, 1),)
    """From which step on how many processes trained it."""
    settings: Mapping[str, Setting] = field(default_factory=lambda: MappingProxyType({}))
    """The settings in force, including a changed learning rate."""
    device: str = ""
    dataset: str = ""
    """The title of the data set, in the learner's language."""
    synthetic: bool = False
    train_samples: int = 0
    test_samples: int = 0
    validation_samples: int = 0
    """Samples held out from training; 0 where there is no validation split."""
    probe_samples: int = 0
    """The fixed training samples on which train loss and accuracy are measured after each epoch."""
    epoch: int = 0
    """Finished epochs."""
    epochs: int = 0
    step: int = 0
    """Updates made."""
    total_steps: int = 0
    seconds: float = 0.0
    """Time spent training, without pauses."""
    samples_per_second: float = 0.0
    seconds_left: float | None = None
    losses: Curve = field(default_factory=Curve)
    """Mean loss over the samples of each mini-batch."""
    measured: tuple[EpochMetrics, ...] = ()
    """One entry per finished epoch, after that of epoch 0, before the training."""
    parameters: tuple[ParameterRow, ...] = ()
    gallery: tuple[PredictedImage, ...] = ()
    confusion: tuple[tuple[int, ...], ...] = ()
    """As in `Panels`."""
    weights: tuple[WeightImage, ...] = ()
    board: tuple[BoardCell, ...] = ()
    worst: tuple[PredictedImage, ...] = ()
    layers: tuple[str, ...] = ()
    """Names of the layers whose gradient norms are measured, from the input to the output."""
    classes: tuple[str, ...] = ()
    """Names of the classes, by label."""
    film: Film = field(default_factory=Film)
    """The weights after some epochs."""
    guess: Guess = field(default_factory=Guess)
    """What the learner guessed before the training."""
    insights: Insights = field(default_factory=Insights)
    """What is known of the inside of the model, and what is wrong."""
    data_dir: str = ""
    """The folder that was named for its images; empty where they lie in the usual places."""
    data_sha256: str = ""
    """Fingerprint of the training data; empty before they are loaded."""
    parameters_sha256: str = ""
    """Fingerprint of the parameters; empty while updates are made."""

    @property
    def progress(self) -> float:
        """Fraction of all updates that have been made, from 0 to 1."""
        return self.step / self.total_steps if self.total_steps else 0.0

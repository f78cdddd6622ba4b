"""What a screen may see of a training: one immutable value, replaced by the engine thread.

The engine thread builds a new `Snapshot` and swaps one reference; readers take that reference
whenever they like. Nothing here refers to torch, so a screen can be drawn before torch is there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Setting: TypeAlias = int | float | str
"""The value of one hyperparameter."""


class SessionState(StrEnum):
    """Where a training session stands."""

    IDLE = "idle"
    LOADING = "loading"
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"
    STOPPED = "stopped"
    FAILED = "failed"

    @property
    def is_active(self) -> bool:
        """Whether a training exists that can still go on."""
        return self in (SessionState.LOADING, SessionState.RUNNING, SessionState.PAUSED)


@dataclass(frozen=True, slots=True)
class Curve:
    """A bounded series of measurements: one value per (possibly merged) step.

    `steps` and `values` have the same length; a merged point stands at the last step that it
    covers and holds the mean of the steps merged into it.
    """

    steps: tuple[int, ...] = ()
    values: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class EpochMetrics:
    """Measurements of one finished epoch; losses are means over samples, never means of means."""

    epoch: int
    """Counted from 1."""
    step: int
    """Updates made since the beginning."""
    train_loss: float
    train_accuracy: float | None
    """Fraction of 1; None for a regression."""
    test_loss: float
    test_accuracy: float | None
    seconds: float
    """Of training only, measurements of the test set left out."""
    samples_per_second: float
    gradient_norms: tuple[float, ...] = ()
    """Length of the loss's gradient over each layer's parameters, after the epoch's last update,
    on a fixed batch; in the order of `Snapshot.layers`."""


@dataclass(frozen=True, slots=True)
class ParameterRow:
    """A learned number beside the number that made the data, where that is known."""

    name: str
    learned: float
    true: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class PredictedImage:
    """One test image, what it shows and what the model takes it for."""

    pixels: npt.NDArray[np.uint8]
    """(height, width), 0 is background."""
    label: int
    predicted: int
    probability: float
    """That the model gives to its prediction."""

    @property
    def is_right(self) -> bool:
        """Whether the prediction is the label."""
        return self.label == self.predicted


@dataclass(frozen=True, slots=True, eq=False)
class WeightImage:
    """The weights of one class, drawn as an image: what speaks for the class, and against it."""

    label: int
    pixels: npt.NDArray[np.uint8]
    """(height, width); 128 is a weight of 0, brighter speaks for the class, darker against it."""
    limit: float
    """The size of weight that 0 and 255 stand for, larger ones too; the same for all classes."""
    name: str = ""
    """What the image is called; empty where it belongs to the class `label`."""


@dataclass(frozen=True, slots=True)
class BoardCell:
    """One question, what the model answers, and what is right: a cell of a board of answers."""

    question: str
    answer: str
    right: str

    @property
    def is_right(self) -> bool:
        """Whether the answer is the right one."""
        return self.answer == self.right


@dataclass(frozen=True, slots=True, eq=False)
class Panels:
    """What a model shows of itself after an epoch; empty where it has nothing of the kind."""

    gallery: tuple[PredictedImage, ...] = ()
    confusion: tuple[tuple[int, ...], ...] = ()
    """Counts over the whole test set: one row a true class, one column a predicted one."""
    weights: tuple[WeightImage, ...] = ()
    board: tuple[BoardCell, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """Everything a screen shows of a training at one moment."""

    revision: int = 0
    """Grows with every new snapshot; equal revisions need no redraw."""
    state: SessionState = SessionState.IDLE
    message: str = ""
    """Why it failed, stopped or waits: a whole sentence for the learner, or empty."""
    recipe: str = ""
    settings: Mapping[str, Setting] = field(default_factory=lambda: MappingProxyType({}))
    """The settings in force, a changed learning rate included."""
    device: str = ""
    dataset: str = ""
    """The title of the data set, as it is shown."""
    synthetic: bool = False
    train_samples: int = 0
    test_samples: int = 0
    epoch: int = 0
    """Finished epochs."""
    epochs: int = 0
    step: int = 0
    """Updates made."""
    total_steps: int = 0
    seconds: float = 0.0
    """Time spent training, pauses left out."""
    samples_per_second: float = 0.0
    seconds_left: float | None = None
    losses: Curve = field(default_factory=Curve)
    """Mean loss over the samples of each mini-batch."""
    measured: tuple[EpochMetrics, ...] = ()
    """One entry a finished epoch."""
    parameters: tuple[ParameterRow, ...] = ()
    gallery: tuple[PredictedImage, ...] = ()
    confusion: tuple[tuple[int, ...], ...] = ()
    """As in `Panels`."""
    weights: tuple[WeightImage, ...] = ()
    board: tuple[BoardCell, ...] = ()
    layers: tuple[str, ...] = ()
    """Names of the layers whose gradient norms are measured, from the input to the output."""
    classes: tuple[str, ...] = ()
    """Names of the classes, by label."""
    data_sha256: str = ""
    """Fingerprint of the training data; empty before they are there."""
    parameters_sha256: str = ""
    """Fingerprint of the parameters; empty while updates are made."""

    @property
    def progress(self) -> float:
        """Fraction of all updates that are made, 0 to 1."""
        return self.step / self.total_steps if self.total_steps else 0.0

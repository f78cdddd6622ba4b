"""Binary and multi-class cross entropy of a few samples, and softmax applied twice."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from engine.errors import UserError
from engine.labs.fields import read_numbers
from engine.language import _

Array = npt.NDArray[np.float64]
Rows = tuple[tuple[float, ...], ...]

MODES = {
    "bce_probabilities": _("sigmoid–BCE from probabilities ŷ"),
    "bce_logits": _("sigmoid–BCE from logits z"),
    "ce_logits": _("softmax–CE from logits z"),
}
"""What the predictions are, and which loss they get; the names as shown."""
MOST_SAMPLES = 4
CLASSES = (2, 5)
LARGEST_LOGIT = 500.0
STEP = {"bce_probabilities": 0.05, "bce_logits": 0.1, "ce_logits": 0.1}
"""Change of a number per key press."""


_LEAST_SPREAD = float(np.float32(1e-12))
"""The float32 constant that PyTorch clamps ŷ(1 − ŷ) to, so that ŷ = 0 and 1 have a slope too."""


def log_sigmoid(z: Array) -> Array:
    """ln σ(z) = min(z, 0) − ln(1 + exp(−|z|)), any shape; no exponent is positive."""
    return np.asarray(np.minimum(z, 0) - np.log1p(np.exp(-np.abs(z))))


def log_softmax(z: Array) -> Array:
    """z_j − ln Σ_k exp(z_k) per row, (n, K) → (n, K), with the largest score subtracted first."""
    shifted = z - z.max(axis=1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)))


def bce_from_probabilities(p: Array, y: Array) -> Array:
    """−(y ln ŷ + (1 − y) ln(1 − ŷ)) per sample; logarithms are clamped to −100, as in PyTorch."""
    with np.errstate(divide="ignore"):
        yes, no = np.maximum(np.log(p), -100), np.maximum(np.log1p(-p), -100)
    return np.asarray(-(y * yes + (1 - y) * no))


def bce_from_logits(z: Array, y: Array) -> Array:
    """−(y ln σ(z) + (1 − y) ln σ(−z)) per sample."""
    return np.asarray(-(y * log_sigmoid(z) + (1 - y) * log_sigmoid(-z)))


def ce_from_logits(z: Array, t: npt.NDArray[np.int64]) -> Array:
    """−ln softmax(z)_t per row, (n, K) and (n,) → (n,)."""
    return np.asarray(-log_softmax(z)[np.arange(len(z)), t]) + 0.0


def floor_of_twice(classes: int) -> float:
    """ln(e + K − 1) − 1: the smallest loss with softmax applied twice, for K classes."""
    return float(np.log(np.e + classes - 1) - 1)


@dataclass(frozen=True, slots=True)
class Samples:
    """The predictions, one row per sample, each with a label: 0 or 1, or the index of a class."""

    mode: str
    rows: Rows
    labels: tuple[int, ...]

    @property
    def classes(self) -> int:
        """The number of different labels."""
        return len(self.rows[0]) if self.mode == "ce_logits" else 2

    def written(self, text: str) -> Samples:
        """Other numbers, parsed from `row; row : labels`; raises UserError.

        With one number per sample, no semicolons are needed.
        """
        predictions, colon, labels = text.partition(":")
        if not colon:
            text = _("Put a colon between predictions and labels, for example {example}.")
            raise UserError(text.format(example=self.example))
        low, high = (0.0, 1.0) if self.mode == "bce_probabilities" else (-500.0, LARGEST_LOGIT)
        if self.mode == "ce_logits":
            rows = self._rows(predictions, (low, high))
        else:
            found = read_numbers(predictions, self.example, (1, MOST_SAMPLES), (low, high))
            rows = tuple((number,) for number in found)
        given = len(labels.replace(";", " ").split())
        if given != len(rows):
            raise UserError(
                _(
                    "Samples: {samples}, labels: {labels}. Give each sample one label, for example "
                    "{example}."
                ).format(samples=len(rows), labels=given, example=self.example)
            )
        last = len(rows[0]) - 1 if self.mode == "ce_logits" else 1
        numbers = read_numbers(labels, self.example, (len(rows), len(rows)), (0, last))
        if any(number != int(number) for number in numbers):
            text = _("A label must be a whole number from 0 to {last}: the index of a class.")
            raise UserError(text.format(last=last))
        return replace(self, rows=rows, labels=tuple(map(int, numbers)))

    def _rows(self, text: str, limits: tuple[float, float]) -> Rows:
        parts = text.split(";")
        if len(parts) > MOST_SAMPLES:
            text = _("There is room for {most} samples, not {count}. Type fewer.")
            raise UserError(text.format(most=MOST_SAMPLES, count=len(parts)))
        rows = tuple(read_numbers(part, self.example, CLASSES, limits) for part in parts)
        if len({len(row) for row in rows}) > 1:
            raise UserError(_("Every sample needs the same number of scores, one for each class."))
        return rows

    @property
    def text(self) -> str:
        """The samples in the form that `written` parses."""
        gap = "; " if self.mode == "ce_logits" else " "
        rows = gap.join(" ".join(f"{number:.10g}" for number in row) for row in self.rows)
        return f"{rows} : {' '.join(map(str, self.labels))}"

    @property
    def example(self) -> str:
        """An example of what a learner may type."""
        return START[self.mode].text

    def moved(self, row: int, column: int, direction: int) -> Samples:
        """One number moved by a step and clipped to its limits."""
        low, high = (0.0, 1.0) if self.mode == "bce_probabilities" else (-500.0, LARGEST_LOGIT)
        rows = [list(numbers) for numbers in self.rows]
        wanted = round(rows[row][column] + direction * STEP[self.mode], 10)
        rows[row][column] = min(max(wanted, low), high)
        return replace(self, rows=tuple(map(tuple, rows)))

    def relabelled(self, row: int) -> Samples:
        """One sample with the next label."""
        labels = list(self.labels)
        labels[row] = (labels[row] + 1) % self.classes
        return replace(self, labels=tuple(labels))


START = {
    "bce_probabilities": Samples("bce_probabilities", ((0.1,), (0.2,), (0.7,)), (1, 0, 1)),
    "bce_logits": Samples("bce_logits", ((-2.0,), (-1.0,), (1.0,)), (1, 0, 1)),
    "ce_logits": Samples("ce_logits", ((0.5, 0.3, 0.2), (0.3, 0.6, 0.1)), (0, 1)),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """The results, one entry per sample; `p` has the probability of label 1, or of every class."""

    p: Rows
    losses: tuple[float, ...]
    mean: float
    slopes: Rows
    """The derivative of each sample's own loss with respect to ŷ, or to each score."""
    twice_p: Rows
    """Probabilities with softmax applied to the probabilities again; empty for BCE."""
    twice_losses: tuple[float, ...]
    twice_slopes: Rows
    twice_mean: float
    floor: float
    """The smallest loss with softmax applied twice."""


def answer(samples: Samples) -> Answer:
    """Compute everything that is shown for the samples."""
    z = np.array(samples.rows, dtype=np.float64)
    labels = np.array(samples.labels)
    floor = floor_of_twice(samples.classes)
    if samples.mode != "ce_logits":
        y, one = labels.astype(np.float64), z[:, 0]
        if samples.mode == "bce_probabilities":
            p, found = one, bce_from_probabilities(one, y)
            slope = (p - y) / np.maximum(p * (1 - p), _LEAST_SPREAD)
        else:
            p, found = np.exp(log_sigmoid(one)), bce_from_logits(one, y)
            slope = p - y
        mean = float(found.mean())
        return Answer(
            _rows(p[:, None]), tuple(found.tolist()), mean, _rows(slope[:, None]),
            (), (), (), mean, floor,
        )  # fmt: skip
    p, found = np.exp(log_softmax(z)), ce_from_logits(z, labels)
    one_hot = np.eye(z.shape[1])[labels]
    twice, twice_found = np.exp(log_softmax(p)), ce_from_logits(p, labels)
    # Through the inner softmax: Jᵀv = p ⊙ (v − Σ p v), with v = q − y of the outer one.
    v = twice - one_hot
    twice_slope = p * (v - (p * v).sum(axis=1, keepdims=True))
    return Answer(
        _rows(p), tuple(found.tolist()), float(found.mean()), _rows(p - one_hot),
        _rows(twice), tuple(twice_found.tolist()), _rows(twice_slope), float(twice_found.mean()),
        floor,
    )  # fmt: skip


def _rows(array: Array) -> Rows:
    return tuple(tuple(map(float, row)) for row in array)


@dataclass(frozen=True, slots=True)
class Pairing:
    """One output layer with one loss: value and slope for one sample."""

    output: str
    loss: str
    torch: str
    """The function in torch.nn.functional that takes the score itself; empty if there is none."""
    fits: bool
    value: float
    slope: float
    """∂loss/∂score."""


def pairings(z: float, y: int) -> tuple[Pairing, ...]:
    """The loss and its derivative by one score z for label y ∈ {0, 1}, per output layer and loss.

    Softmax gets the scores (0, z), so that class 1 has the probability σ(z). Smooth L1 has β = 1.
    """
    score, label = np.array([z]), np.array([float(y)])
    p = float(np.exp(log_sigmoid(score))[0])
    bce = float(bce_from_logits(score, label)[0])
    ce = float(ce_from_logits(np.array([[0.0, z]]), np.array([y]))[0])
    e, wrong = z - y, p - y
    smooth = e * e / 2 if abs(e) < 1 else abs(e) - 0.5
    smooth_slope = e if abs(e) < 1 else float(np.sign(e))
    # σ′ as σ(z)σ(−z), because 1 − p loses digits where p is near 1.
    inner = p * float(np.exp(log_sigmoid(-score))[0])
    return (
        Pairing("sigmoid", "BCE", "binary_cross_entropy_with_logits", True, bce, wrong),
        Pairing("softmax", "CE", "cross_entropy", True, ce, wrong),
        Pairing(_("none"), "MSE", "mse_loss", True, e * e, 2 * e),
        Pairing(_("none"), "MAE", "l1_loss", True, abs(e), float(np.sign(e))),
        Pairing(_("none"), _("smooth L1"), "smooth_l1_loss", True, smooth, smooth_slope),
        Pairing("sigmoid", "MSE", "", False, wrong * wrong, 2 * wrong * inner),
    )

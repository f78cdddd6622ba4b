"""Pictures of what an image classifier does: a gallery, a confusion matrix, weights as images."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from engine.data import ImageData
from engine.language import _
from engine.training.snapshot import PredictedImage, WeightImage

GALLERY_POOL = 512
GALLERY_IMAGES = 24
GALLERY_WRONG = 8
WORST, WORST_OF_CLASS = 24, 12
JUDGED = 2048
"""Samples that are judged at a time."""
SHOWN_UNITS = 32
"""How many units of a hidden layer are drawn."""


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """What a model says about samples; all of shape (n,), on the CPU."""

    predicted: Tensor
    """The most probable class."""
    probability: Tensor
    """That of the prediction."""
    loss: Tensor


def judge(scores: Callable[[Tensor], Tensor], X: Tensor, y: Tensor) -> Judged:
    """Predictions and losses, batch by batch; `scores` gives (n, q) for samples X with labels y."""
    parts = []
    with torch.no_grad():
        for X_batch, y_batch in zip(X.split(JUDGED), y.split(JUDGED), strict=True):
            logs = torch.log_softmax(scores(X_batch), dim=1)
            log, label = logs.max(dim=1)
            loss = -logs.gather(1, y_batch[:, None]).squeeze(1)
            parts.append((label.cpu(), log.exp().cpu(), loss.cpu()))
    return Judged(*map(torch.cat, zip(*parts, strict=True)))


def worst(data: ImageData, judged: Judged) -> tuple[PredictedImage, ...]:
    """The test images with the largest loss, the largest first: 24 of all, 12 of every class."""
    labels = data.test_labels
    order = judged.loss.argsort(descending=True, stable=True)
    chosen = set(order[:WORST].tolist())
    for label in range(len(data.classes)):
        chosen |= set(order[labels[order] == label][:WORST_OF_CLASS].tolist())
    loss: list[float] = judged.loss.tolist()
    return tuple(
        PredictedImage(
            data.test_images[i].numpy().copy(),
            int(labels[i]),
            int(judged.predicted[i]),
            float(judged.probability[i]),
            loss[i],
        )
        for i in sorted(chosen, key=lambda i: (-loss[i], i))
    )


def confusion_matrix(y: Tensor, predicted: Tensor, q: int) -> Tensor:
    """Count how often each class is taken for each: shape (q, q), one row per true class."""
    return torch.bincount(q * y + predicted, minlength=q * q).reshape(q, q)


def confusion_rows(y: Tensor, predicted: Tensor, q: int) -> tuple[tuple[int, ...], ...]:
    """The confusion matrix as Python numbers."""
    return tuple(tuple(row) for row in confusion_matrix(y, predicted, q).tolist())


def weight_images(weights: Tensor, shape: tuple[int, int], classes: int) -> tuple[WeightImage, ...]:
    """Each column of `weights`, (pixels, units), as an image of `shape` (height, width).

    Where there are as many units as classes, they are the classes; hidden units are named by their
    number, and the first 32 are drawn.
    """
    weights = weights.detach().cpu()
    units = weights.shape[1]
    # A few border pixels have far larger weights; the rest would all be grey beside them.
    limit = float(weights.abs().flatten().quantile(0.99))
    scaled = weights / limit if limit > 0 else weights
    grey = (127.5 + 127.5 * scaled.clamp(-1, 1)).round().to(torch.uint8)
    return tuple(
        WeightImage(
            unit,
            grey[:, unit].reshape(shape).numpy().copy(),
            limit,
            "" if units == classes else _("unit {number}").format(number=unit),
        )
        for unit in range(min(units, max(SHOWN_UNITS, classes)))
    )


def gallery(
    data: ImageData, predicted: Tensor, probabilities: Tensor
) -> tuple[PredictedImage, ...]:
    """24 of the first test images, of which up to 8 are classified wrongly.

    `predicted` and `probabilities`, both (n,), belong to the test set. An image stays in view for
    as long as its prediction stays the same; wrong ones are shown more often than they occur,
    because they teach the most.
    """
    taken_for: list[int] = predicted[:GALLERY_POOL].tolist()
    probability: list[float] = probabilities[:GALLERY_POOL].tolist()
    actual: list[int] = data.test_labels[:GALLERY_POOL].tolist()
    wrong = [i for i, label in enumerate(actual) if taken_for[i] != label]
    right = [i for i, label in enumerate(actual) if taken_for[i] == label]
    shown_wrong = wrong[: max(GALLERY_WRONG, GALLERY_IMAGES - len(right))]
    shown = sorted(shown_wrong + right[: GALLERY_IMAGES - len(shown_wrong)])
    return tuple(
        PredictedImage(data.test_images[i].numpy().copy(), actual[i], taken_for[i], probability[i])
        for i in shown
    )

"""Which test images are the worst, and what is said about them."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
import torch
from torch.nn import functional as F

from engine.data import ImageData
from engine.recipes.images import ImageTask
from engine.recipes.images_panels import WORST, WORST_OF_CLASS, judge, worst
from engine.training.task import Source
from tests.unit.engine.small_images import write_small_sets
from tests.unit.engine.training_fakes import load


def test_predictions_and_losses_of_every_sample() -> None:
    X = torch.randn(50, 4, generator=torch.Generator().manual_seed(0))
    y = torch.arange(50) % 4
    judged = judge(lambda features: 3 * features, X, y)
    share = torch.softmax(3 * X, dim=1)
    assert torch.equal(judged.predicted, share.argmax(dim=1))
    assert torch.allclose(judged.probability, share.max(dim=1).values)
    assert torch.allclose(judged.loss, F.cross_entropy(3 * X, y, reduction="none"), atol=1e-6)


def test_a_loss_stays_finite_where_its_probability_rounds_to_0() -> None:
    judged = judge(lambda features: features, torch.tensor([[0.0, 500.0]]), torch.tensor([0]))
    assert judged.loss.tolist() == [500.0]
    assert judged.probability.tolist() == [1.0]


@pytest.fixture
def task(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ImageTask:
    """Softmax regression before its first update, on a small set."""
    root = write_small_sets(tmp_path, monkeypatch)
    settings = {"epochs": 1, "lr": 0.1, "batch_size": 32, "validation": 0.0, "seed": 0}
    found = load("softmax", settings, Source("cpu", root))
    assert isinstance(found, ImageTask)
    return found


def test_the_largest_losses_come_first_and_every_class_has_some(task: ImageTask) -> None:
    data: ImageData = task.data
    found = task.panels().worst
    loss = F.cross_entropy(task.scores(task.test_X), task.test_y, reduction="none")
    losses = [image.loss or 0.0 for image in found]
    assert losses == sorted(losses, reverse=True)
    top = loss.sort(descending=True).values
    assert losses[:WORST] == pytest.approx(top[:WORST].tolist(), rel=1e-5)
    for label in range(len(data.classes)):
        own = loss[task.test_y == label].sort(descending=True).values[:WORST_OF_CLASS]
        shown = [image.loss for image in found if image.label == label]
        assert shown[: len(own)] == pytest.approx(own.tolist(), rel=1e-5)


def test_each_is_the_image_that_it_is_said_to_be(task: ImageTask) -> None:
    labels, probabilities = task.predict(task.test_X)
    pictures = [picture.tobytes() for picture in task.data.test_images.numpy()]
    for image in task.panels().worst:
        at = pictures.index(image.pixels.tobytes())
        assert image.label == int(task.data.test_labels[at])
        assert image.predicted == int(labels[at])
        assert image.probability == pytest.approx(float(probabilities[at]), rel=1e-5)
        if image.is_right and image.loss is not None:
            assert image.probability == pytest.approx(math.exp(-image.loss), rel=1e-4)


def test_no_image_is_listed_twice(task: ImageTask) -> None:
    judged = judge(task.scores, task.test_X, task.test_y)
    found = worst(task.data, judged)
    most = WORST + WORST_OF_CLASS * len(task.data.classes)
    assert len(found) <= min(most, len(task.data.test_labels))

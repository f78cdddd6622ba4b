"""What the lessons on multilayer perceptrons say about MNIST and Fashion-MNIST themselves."""

from __future__ import annotations

import time
from functools import lru_cache
from typing import NamedTuple

import pytest

from engine.recipes.catalog import find_recipe
from engine.recipes.images import ImageTask
from engine.recipes.mnist_mlp import MEAN, STD
from engine.training.loop import TrainingRun, train
from engine.training.snapshot import EpochMetrics
from engine.training.task import Source
from lessons.course.mlp.from_scratch.facts import ACCURACY, CALM_RATE
from lessons.course.mlp.watching.programs import likeness
from tests.real_data import needs_real_data, real_datasets
from tests.unit.engine.training_fakes import load

pytestmark = needs_real_data


class Trained(NamedTuple):
    """What a recipe measured, and its confusion matrix after each epoch."""

    task: ImageTask
    measured: list[EpochMetrics]
    confused: list[tuple[tuple[int, ...], ...]]

    @property
    def accuracies(self) -> list[float]:
        """Test accuracy after each epoch."""
        return [metrics.test_accuracy or 0.0 for metrics in self.measured]


@lru_cache(maxsize=4)
def trained(recipe: str, epochs: int, *, calm_last: bool = False, seed: int = 0) -> Trained:
    settings = find_recipe(recipe).settings({"epochs": epochs, "seed": seed})
    task = load(recipe, settings, Source("cpu", real_datasets()))
    assert isinstance(task, ImageTask)
    run = TrainingRun(task, recipe, settings, time.perf_counter)
    found = Trained(task, [], [])
    for metrics in train(run):
        if metrics is None:
            continue
        found.measured.append(metrics)
        found.confused.append(task.panels().confusion)
        if calm_last and metrics.epoch == epochs - 1:
            run.learning_rate = CALM_RATE
    return found


PULLOVER, COAT = 2, 4


def test_pullovers_pass_for_coats_and_then_coats_for_pullovers() -> None:
    first, second = trained("mlp", 2).confused
    assert first[PULLOVER][COAT] > 200 > first[COAT][PULLOVER]
    assert second[COAT][PULLOVER] > 200 > second[PULLOVER][COAT]


def test_with_shorter_steps_the_last_epoch_is_above_all_others() -> None:
    *others, last = trained("mlp", 5, calm_last=True).accuracies
    assert last > max(others) + 0.01


def test_five_epochs_come_to_what_the_lesson_expects() -> None:
    assert ACCURACY[0] <= trained("mlp", 5, seed=1).accuracies[-1] <= ACCURACY[1]


def test_pixels_of_mnist_are_as_the_lesson_says() -> None:
    images = trained("mnist-mlp", 1).task.data.train_images
    pixels = images / 255
    assert float(pixels.mean()) == pytest.approx(MEAN, abs=5e-5)
    assert float(pixels.std()) == pytest.approx(STD, abs=5e-5)
    assert float((images == 0).float().mean()) > 0.75


def test_weights_of_the_digits_look_like_snow_and_their_change_does_not() -> None:
    start = trained("mnist-mlp", 1)
    settings = find_recipe("mnist-mlp").settings({})
    fresh = load("mnist-mlp", settings, Source("cpu", real_datasets()))
    assert isinstance(fresh, ImageTask)
    before, after = (task.first_weights().detach().t() for task in (fresh, start.task))
    assert abs(likeness(after)) < 0.1
    assert likeness(after - before) > 0.7
    assert start.accuracies[-1] > 0.85


def test_in_the_first_epoch_train_lies_below_test() -> None:
    (metrics,) = trained("mnist-mlp", 1).measured
    assert metrics.during_accuracy is not None
    assert metrics.test_accuracy is not None
    assert metrics.during_accuracy < metrics.test_accuracy

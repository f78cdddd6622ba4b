"""The recipes learn what the course says they learn, on the published images.

Each model is trained once here, by hand. That its concise form begins alike, shuffles alike and
makes the same updates is shown by `test_recipe_pairs` and `test_training_lockstep`, so that form
only has to come to the same after some updates.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import islice, pairwise
from typing import NamedTuple

import pytest
import torch

from engine.recipes.catalog import find_recipe
from engine.recipes.images import ImageTask
from engine.recipes.mnist_mlp import MEAN, STD
from engine.training.checkpoint import capture, restore
from engine.training.loop import TrainingRun, train
from engine.training.snapshot import EpochMetrics
from engine.training.task import Source
from lessons.course.mlp.from_scratch.facts import ACCURACY, CALM_RATE
from lessons.course.mlp.watching.programs import likeness
from tests.real_data import needs_real_data, real_datasets
from tests.unit.engine.training_fakes import load

pytestmark = needs_real_data


def run_of(recipe: str, epochs: int) -> TrainingRun:
    """A new run with the settings of the course."""
    settings = find_recipe(recipe).settings({"epochs": epochs})
    task = load(recipe, settings, Source("cpu", real_datasets()))
    return TrainingRun(task, recipe, settings, time.perf_counter)


SOME = 30
"""Updates after which two forms of a model are compared: an eighth of an epoch or so."""


def early(updates: Iterator[EpochMetrics | None], run: TrainingRun) -> float:
    """Test accuracy after the first updates, which are made."""
    assert list(islice(updates, SOME)) == [None] * SOME
    return run.task.evaluate().accuracy or 0.0


def measured(updates: Iterator[EpochMetrics | None]) -> list[EpochMetrics]:
    """What is measured after each epoch until the updates end."""
    return [metrics for metrics in updates if metrics]


def test_softmax_regression() -> None:
    run, concise = run_of("softmax", 10), run_of("softmax-concise", 1)
    updates = train(run)
    assert early(train(concise), concise) == pytest.approx(early(updates, run), abs=0.003)
    assert 0.81 <= (measured(updates)[-1].test_accuracy or 0.0) <= 0.845


class Trained(NamedTuple):
    """A multilayer perceptron: its accuracy and confusion after each epoch, and a last calm one."""

    early: float
    """The test accuracy after some updates."""
    course: list[float]
    confused: list[tuple[tuple[int, ...], ...]]
    calm: float
    """The test accuracy where the last epoch has a smaller learning rate."""


@pytest.fixture(scope="module")
def perceptron() -> Trained:
    """The run of the course; its last epoch is trained twice."""
    run, course, confused = run_of("mlp", 5), list[float](), []
    updates = train(run)
    after_some = early(updates, run)
    for metrics in updates:
        if metrics:
            course.append(metrics.test_accuracy or 0.0)
            confused.append(run.task.panels().confusion)
            if metrics.epoch == 4:
                before_the_last = capture(run)
    restore(run, before_the_last)
    run.learning_rate = CALM_RATE
    (calm,) = measured(train(run))
    return Trained(after_some, course, confused, calm.test_accuracy or 0.0)


def test_a_multilayer_perceptron_swings_and_gets_there(perceptron: Trained) -> None:
    course = perceptron.course
    assert ACCURACY[0] <= course[-1] <= ACCURACY[1]
    steps = [after - before for before, after in pairwise(course)]
    assert min(steps) < -0.01  # at this learning rate an epoch may cost a point or more
    concise = run_of("mlp-concise", 1)
    assert early(train(concise), concise) == pytest.approx(perceptron.early, abs=0.003)


def test_hundreds_are_confused_after_an_epoch_and_less_than_half_as_many_after_the_next(
    perceptron: Trained,
) -> None:
    falls = [
        (before[label][guess], after[label][guess])
        for before, after in pairwise(perceptron.confused)
        for label in range(10)
        for guess in range(10)
        if label != guess
    ]
    assert any(before >= 200 > 2 * after for before, after in falls)


def test_with_shorter_steps_the_last_epoch_is_above_all_others(perceptron: Trained) -> None:
    assert perceptron.calm > max(perceptron.course[:4]) + 0.01


def test_three_layers_on_digits() -> None:
    run = run_of("mnist-mlp", 7)  # 3 epochs before the end of the course's 10
    assert isinstance(run.task, ImageTask)
    counts = run.task.data.train_images.flatten().bincount(minlength=256).double()
    shares, values = counts / counts.sum(), torch.arange(256) / 255
    mean = float((shares * values).sum())
    assert mean == pytest.approx(MEAN, abs=5e-5)
    assert float((shares * (values - mean) ** 2).sum().sqrt()) == pytest.approx(STD, abs=5e-5)
    assert float(shares[0]) > 0.75
    fresh = run.task.first_weights().detach().t().clone()
    updates, as_module = train(run), run_of("mnist-mlp-module", 1)
    assert early(train(as_module), as_module) == pytest.approx(early(updates, run), abs=0.003)
    first = next(metrics for metrics in updates if metrics)
    assert first.test_accuracy is not None
    assert first.during_accuracy is not None
    assert first.test_accuracy > 0.85
    assert first.during_accuracy < first.test_accuracy, "train, measured on the way, lies below"
    after = run.task.first_weights().detach().t()
    assert abs(likeness(after)) < 0.1, "the weights look like snow"
    assert likeness(after - fresh) > 0.7, "their change does not"
    assert (measured(updates)[-1].test_accuracy or 0.0) >= 0.945

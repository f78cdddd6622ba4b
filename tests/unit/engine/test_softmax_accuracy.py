"""Softmax regression learns the built-in glyphs, and the same twice.

What it learns on the published images is in `test_recipe_accuracy`.
"""

from __future__ import annotations

import time

from engine.recipes.catalog import find_recipe
from engine.training.checkpoint import parameters_sha256
from engine.training.loop import TrainingRun, train
from engine.training.snapshot import EpochMetrics
from engine.training.task import Source
from tests.unit.engine.training_fakes import load


def learned(epochs: int) -> tuple[list[EpochMetrics], str]:
    """The measurements and the parameters."""
    settings = find_recipe("softmax").settings({"epochs": epochs})
    task = load("softmax", settings, Source("cpu", None, True))
    run = TrainingRun(task, "softmax", settings, time.perf_counter)
    list(train(run))
    return run.measured, parameters_sha256(run)


def test_ten_epochs_of_the_built_in_glyphs() -> None:
    measured, digest = learned(10)
    accuracies = [metrics.test_accuracy or 0.0 for metrics in measured]
    assert accuracies[1] < 0.8  # not at once
    assert 0.85 < accuracies[-1] < 0.97
    assert learned(10)[1] == digest

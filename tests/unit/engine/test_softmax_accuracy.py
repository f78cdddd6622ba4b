"""Softmax regression learns what the course says it learns, and the same twice."""

from __future__ import annotations

import time
from pathlib import Path

from engine.recipes.catalog import find_recipe
from engine.training.checkpoint import parameters_sha256
from engine.training.loop import TrainingRun, train
from engine.training.snapshot import EpochMetrics
from engine.training.task import Source
from tests.real_data import needs_real_data, real_datasets
from tests.unit.engine.training_fakes import load


def learned(data_dir: Path | None, epochs: int) -> tuple[EpochMetrics, str]:
    """The last measurements and the parameters; without a folder, of the built-in glyphs."""
    settings = find_recipe("softmax").settings({"epochs": epochs})
    task = load("softmax", settings, Source("cpu", data_dir, data_dir is None))
    run = TrainingRun(task, "softmax", settings, time.perf_counter)
    list(train(run))
    return run.measured[-1], parameters_sha256(run)


@needs_real_data
def test_ten_epochs_of_fashion_mnist() -> None:
    metrics, digest = learned(real_datasets(), 10)
    assert metrics.test_accuracy is not None
    assert 0.81 <= metrics.test_accuracy <= 0.845
    assert learned(real_datasets(), 10)[1] == digest


def test_ten_epochs_of_the_built_in_glyphs() -> None:
    metrics, digest = learned(None, 10)
    assert metrics.test_accuracy is not None
    assert 0.85 <= metrics.test_accuracy <= 0.97
    assert learned(None, 10)[1] == digest

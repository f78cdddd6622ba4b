"""The recipes learn what the course says they learn, on the published images."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest

from engine.recipes.catalog import find_recipe
from engine.training.loop import TrainingRun, train
from engine.training.snapshot import EpochMetrics
from engine.training.task import Source
from tests.real_data import needs_real_data, real_datasets
from tests.unit.engine.training_fakes import load

pytestmark = needs_real_data


def accuracies(recipe: str, epochs: int) -> list[float]:
    """Test accuracy after each epoch, with the settings of the course."""
    settings = find_recipe(recipe).settings({"epochs": epochs})
    task = load(recipe, settings, Source("cpu", real_datasets()))
    run = TrainingRun(task, recipe, settings, time.perf_counter)
    measured: list[EpochMetrics] = [metrics for metrics in train(run) if metrics]
    return [metrics.test_accuracy or 0.0 for metrics in measured]


def test_softmax_regression_with_nn() -> None:
    assert 0.81 <= accuracies("softmax-concise", 10)[-1] <= 0.845


@pytest.mark.parametrize("recipe", ["mlp", "mlp-concise"])
def test_a_multilayer_perceptron_swings_and_gets_there(recipe: str) -> None:
    course = accuracies(recipe, 5)
    assert course[-1] >= 0.82
    steps = [after - before for before, after in pairwise(course)]
    assert min(steps) < -0.01  # at this learning rate an epoch may cost a point or more


def test_three_layers_on_digits() -> None:
    low_level = accuracies("mnist-mlp", 7)  # 3 epochs before the end of the course's 10
    assert low_level[-1] >= 0.945
    as_module = accuracies("mnist-mlp-module", 2)
    assert as_module == pytest.approx(low_level[:2], abs=0.003)

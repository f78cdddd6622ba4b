"""Each diagnosis: an alarm on trainings that are sick, none on those that are not."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import pytest

from engine.data import ImageData
from engine.recipes.catalog import find_recipe, recipes
from engine.recipes.linear import LinearTask, linear_data
from engine.recipes.plumbing import start
from engine.training.insight import diagnosis_of
from engine.training.loop import TrainingRun
from engine.training.snapshot import Setting
from engine.training.task import Source
from tests.unit.engine.sick_runs import (
    Change,
    biased,
    default_run,
    image_run,
    images,
    scaled,
    seen,
)
from tests.unit.engine.training_fakes import FakeClock, load

SAME = {
    "linear-concise", "softmax-concise", "mlp-concise", "mnist-mlp-module", "two-layer-tensors",
    "two-layer-autograd", "two-layer-nn", "two-layer-module",
}  # fmt: skip
"""They train as another recipe does; `test_watch` checks that they show the same, too."""
HEALTHY = [one.name for one in recipes() if one.name not in {*SAME, "softmax", "fizzbuzz"}]
"""That the other two are healthy is seen where they learn: in `test_softmax_accuracy` and
`test_recipe_fizzbuzz`."""


@pytest.mark.parametrize("name", HEALTHY)
def test_the_default_run_of_a_recipe_is_healthy(name: str) -> None:
    run = default_run(name)
    assert seen(run) == {}
    assert len(run.watch.insights.measured) >= 4
    assert run.watch.insights.measured[-1].step == run.step


SICK: list[tuple[str, str, ImageData | int, Change | None, dict[str, Setting]]] = [
    ("learning-rate", "softmax", 500, None, {"lr": 20.0, "epochs": 3}),
    ("learning-rate", "softmax", 500, None, {"lr": 100.0, "epochs": 3}),
    ("learning-rate", "mnist-mlp", 500, None, {"lr": 5.0, "epochs": 3}),
    ("dead-units", "mlp", 500, None, {"lr": 3.0, "epochs": 4}),
    ("dead-units", "mlp", 500, biased(-50.0), {"epochs": 2}),
    ("dead-units", "mlp", 500, None, {"lr": 0.5, "optimizer": "adam", "epochs": 4}),
    ("dead-units", "mnist-mlp", 500, None, {"init": "zeros", "epochs": 2}),
    ("saturated-units", "mlp", 500, biased(12.0), {"activation": "sigmoid", "epochs": 2}),
    ("saturated-units", "mlp", 500, biased(-5.0), {"activation": "tanh", "epochs": 2, "lr": 0.01}),
    ("saturated-units", "mlp", 500, scaled(1000.0), {"activation": "sigmoid", "epochs": 2}),
    (
        "saturated-units", "mnist-mlp", 500, None,
        {"init": "standard_normal", "activation": "tanh", "epochs": 2},
    ),
    ("exploding-updates", "mnist-mlp", 500, None, {"lr": 1.0, "activation": "tanh", "epochs": 4}),
    ("exploding-updates", "mlp", 500, biased(12.0), {"activation": "sigmoid", "epochs": 4}),
    ("vanishing-updates", "mlp", 500, None, {"lr": 1e-6, "epochs": 4}),
    (
        "vanishing-updates", "mnist-mlp", 500, None,
        {"init": "small_normal", "activation": "sigmoid", "lr": 0.003, "epochs": 4},
    ),
    ("chance-level", "mlp", 500, None, {"lr": 1e-6, "epochs": 4}),
    ("chance-level", "softmax", 500, None, {"lr": 1e-5, "epochs": 8}),
    ("chance-level", "mlp", 500, biased(-50.0), {"epochs": 6}),
    ("chance-level", "mlp", 500, scaled(100.0), {"lr": 0.01, "epochs": 6}),
    ("overfitting", "mlp", -300, None, {"lr": 0.3, "epochs": 50, "batch_size": 30}),
    ("overfitting", "softmax", -300, None, {"lr": 0.2, "epochs": 40}),
    ("overfitting", "mlp", 50, None, {"lr": 0.2, "epochs": 50, "batch_size": 10}),
    ("overfitting", "mnist-mlp", 40, None, {"lr": 0.05, "epochs": 40, "batch_size": 10}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "recipe", "count", "change", "given"),
    SICK,
    ids=[f"{kind}-{number}" for number, (kind, *_rest) in enumerate(SICK)],
)
def test_a_sick_run_is_diagnosed(
    kind: str, recipe: str, count: int, change: Change | None, given: dict[str, Setting]
) -> None:
    data = images(abs(count), shuffled=count < 0)
    run = image_run(recipe, data, change, **given)
    found = seen(run)
    assert kind in found, sorted(found)
    one = found[kind][-1]
    assert math.isfinite(one.value)
    assert one.text.endswith(".")
    assert one.advice.endswith(".")
    assert diagnosis_of(json.loads(json.dumps(one.as_json()))) == one


def test_the_numbers_that_show_it_are_in_the_text() -> None:
    found = seen(image_run("mlp", images(500), biased(-50.0), epochs=4))
    dead = found["dead-units"][-1]
    assert (dead.layer, dead.value) == ("hidden", 32)
    assert "32 of 32 units" in dead.text
    level = found["chance-level"][-1]
    assert f"{level.value:.4g}" in level.text
    assert "ln 10" in level.text
    assert "dead units first" in level.advice


@pytest.mark.parametrize("lr", [2.0, 4.0])
def test_a_regression_beyond_the_limit_is_told_the_limit(lr: float) -> None:
    settings = find_recipe("linear").settings({"lr": lr})
    run = TrainingRun(load("linear", settings, Source("cpu")), "linear", settings, FakeClock())
    (first, *_others) = seen(run)["learning-rate"]
    # The curvature of a mean of squares with features from N(0, 1) is about 1, so the limit is 2.
    assert first.value == pytest.approx(lr * 1.16, rel=0.1)


def test_labels_that_no_line_can_follow_end_on_a_plateau() -> None:
    settings = find_recipe("linear").settings({"epochs": 14})
    begin = start(settings, Source("cpu"))
    data = linear_data(begin)
    bent = replace(data, y=data.X[:, 0] ** 2 + data.X[:, 1])
    run = TrainingRun(LinearTask(bent, begin), "linear", settings, FakeClock())
    found = seen(run)
    assert set(found) <= {"plateau", "overfitting"}
    assert found["plateau"][-1].value < 0.01

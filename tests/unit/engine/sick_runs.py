"""Small trainings on the built-in images, healthy or made sick on purpose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import torch

from engine.data import ImageData, load_images
from engine.recipes.catalog import find_recipe
from engine.recipes.mlp import MlpTask
from engine.recipes.mnist_mlp import MnistMlpTask
from engine.recipes.softmax import SoftmaxTask
from engine.training.divergence import DivergenceError
from engine.training.insight import Diagnosis
from engine.training.loop import TrainingRun, train
from engine.training.snapshot import Setting
from engine.training.task import Source, Task
from tests.unit.engine.small_images import settings_of
from tests.unit.engine.training_fakes import FakeClock, load

TASKS: dict[str, Callable[..., Task]] = {
    "mlp": MlpTask,
    "softmax": SoftmaxTask,
    "mnist-mlp": MnistMlpTask,
}
Change = Callable[[Task], None]


@cache
def images(count: int, *, shuffled: bool = False) -> ImageData:
    """The first images; where `shuffled`, their labels are those of other images."""
    whole = load_images("fashion-mnist", None, True)
    labels = whole.train_labels[:count].clone()
    if shuffled:
        labels = labels[torch.randperm(count, generator=torch.Generator().manual_seed(0))]
    return replace(
        whole,
        train_images=whole.train_images[:count],
        train_labels=labels,
        test_images=whole.test_images[:300],
        test_labels=whole.test_labels[:300],
    )


def image_run(
    recipe: str, data: ImageData, change: Change | None = None, **given: Setting
) -> TrainingRun:
    """A run on `data`, its model changed before the first update."""
    settings = settings_of(recipe, {"batch_size": 50, "hidden": 32, **given})
    task = TASKS[recipe](data, settings, Source("cpu"))
    if change is not None:
        change(task)
    return TrainingRun(task, recipe, settings, FakeClock())


def default_run(recipe: str) -> TrainingRun:
    """A run with the settings of the recipe, on the built-in images where it takes any."""
    settings = find_recipe(recipe).settings()
    task = load(recipe, settings, Source("cpu", allow_synthetic=True))
    return TrainingRun(task, recipe, settings, FakeClock())


def seen(run: TrainingRun) -> dict[str, list[Diagnosis]]:
    """Every diagnosis of the whole run, by its id, in the order of the epochs."""
    found: dict[str, list[Diagnosis]] = {}

    def note() -> None:
        for one in run.watch.insights.diagnoses:
            found.setdefault(one.id, []).append(one)

    try:
        for metrics in train(run):
            if metrics is not None:
                note()
    except DivergenceError:
        note()
    return found


def scaled(factor: float) -> Change:
    """All weights so many times as large."""

    def change(task: Task) -> None:
        with torch.no_grad():
            for value in task.parameters.values():
                value.mul_(factor)

    return change


def biased(value: float) -> Change:
    """All biases of the first layer."""

    def change(task: Task) -> None:
        with torch.no_grad():
            task.parameters["b1"].fill_(value)

    return change

"""Short runs of the image recipes on drawn digits: what is said about a training is held to them.

A training of the course learns from other images where they are on the machine, and more of them.
So only what such a run shares with that one may be said: which is ahead, what rises, what swings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

from engine.recipes.catalog import find_recipe
from engine.training.snapshot import Setting

if TYPE_CHECKING:
    from engine.training.task import Task

SAMPLES, TESTED, BATCH = 2000, 500, 50
"""Images and the batch size: 40 updates an epoch, as many as a training on the glyph set makes."""

_TASKS = {
    "softmax": ("softmax", "SoftmaxTask"),
    "softmax-concise": ("softmax_concise", "softmax_task"),
    "mlp": ("mlp", "MlpTask"),
    "mlp-concise": ("mlp_concise", "mlp_task"),
    "mnist-mlp": ("mnist_mlp", "MnistMlpTask"),
    "mnist-mlp-module": ("mnist_mlp_module", "mnist_task"),
}
"""By recipe: its module, and what makes a task from images there."""


class After(NamedTuple):
    """What was measured after an epoch; before the first update, if it is the first of a run."""

    train_loss: float
    train_accuracy: float
    test_accuracy: float


@lru_cache(maxsize=32)
def glyph_run(recipe: str, *rates: float, **settings: Setting) -> tuple[After, ...]:
    """Train on drawn digits, one epoch with each of `rates`; the first entry is the start."""
    return tuple(map(_measured, _epochs(recipe, rates, settings)))


@lru_cache(maxsize=8)
def end_of_glyph_run(recipe: str, *rates: float, **settings: Setting) -> After:
    """The last entry of that run; no other is measured, which takes a third of its time."""
    *_earlier, task = _epochs(recipe, rates, settings)
    return _measured(task)


def _epochs(recipe: str, rates: Sequence[float], settings: Mapping[str, Setting]) -> Iterator[Task]:
    """One and the same task, before the first epoch and after each."""
    chosen = {**find_recipe(recipe).settings({"lr": rates[0], **settings}), "batch_size": BATCH}
    task = _task(recipe, chosen)
    yield task
    for rate in rates:
        for batch in task.batches(BATCH):
            task.update(batch, rate)
        yield task


def _task(recipe: str, settings: Mapping[str, Setting]) -> Task:
    from engine.data.glyphs import glyph_images
    from engine.training.task import Source

    module, name = _TASKS[recipe]
    make: Callable[..., Any] = getattr(import_module(f"engine.recipes.{module}"), name)
    task: Task = make(glyph_images(0, SAMPLES, TESTED), settings, Source("cpu"))
    return task


def _measured(task: Task) -> After:
    train, test = task.evaluate_train(), task.evaluate()
    assert train is not None
    return After(train.loss, train.accuracy or 0.0, test.accuracy or 0.0)

"""Small image sets under the names of the published ones, and runs on them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from engine.devices import Placement
from engine.recipes import mnist_mlp, mnist_mlp_module
from engine.recipes.catalog import find_recipe
from engine.training.loop import TrainingRun
from engine.training.snapshot import Setting
from engine.training.task import Source, Task
from tests.idx import SmallSet
from tests.unit.engine.training_fakes import FakeClock, load

CLASSIFIERS = (
    "softmax", "softmax-concise", "mlp", "mlp-concise", "mnist-mlp", "mnist-mlp-module",
)  # fmt: skip
RECIPES = ("linear", "linear-concise", *CLASSIFIERS)
PAIRS = tuple(zip(RECIPES[::2], RECIPES[1::2], strict=True))


def write_small_sets(root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """300 images to train on and 60 to test on, of both sets; the folder that holds them."""
    for name in ("fashion-mnist", "mnist"):
        SmallSet.make(name, train=300, test=60).register(monkeypatch).write(root, compressed=False)
    return root


def make_narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """40 units in each hidden layer of the networks for digits, which are not a setting."""
    for module in (mnist_mlp, mnist_mlp_module):
        monkeypatch.setattr(module, "UNITS", 40)


def settings_of(recipe: str, given: Mapping[str, Setting] | None = None) -> dict[str, Setting]:
    """5 updates an epoch, the last from 44 images; 12 hidden units where that can be chosen."""
    found = find_recipe(recipe)
    small: dict[str, Setting] = {"epochs": 2, "batch_size": 64, "hidden": 12, **(given or {})}
    names = {parameter.name for parameter in found.hyperparameters}
    return found.settings({name: value for name, value in small.items() if name in names})


def small_task(
    recipe: str,
    folder: Path,
    given: Mapping[str, Setting] | None = None,
    placement: Placement = Placement.AUTO,
    device: str = "cpu",
) -> Task:
    """The task of `recipe` on the images in `folder`."""
    source = Source(device, folder, placement=placement)
    return load(recipe, settings_of(recipe, given), source)


def small_run(
    recipe: str,
    folder: Path,
    given: Mapping[str, Setting] | None = None,
    placement: Placement = Placement.AUTO,
    device: str = "cpu",
) -> TrainingRun:
    """A new run of that task."""
    task = small_task(recipe, folder, given, placement, device)
    return TrainingRun(task, recipe, settings_of(recipe, given), FakeClock())

"""What every recipe promises, and that both forms of a model are one model."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest
import torch

from engine.devices import Placement
from engine.recipes.catalog import find_recipe
from engine.recipes.image_modules import ImageModuleTask
from engine.recipes.images import ImageTask
from engine.recipes.linear import data_iter
from engine.training.checkpoint import capture, parameters_sha256, restore
from engine.training.checkpoint_file import load, save
from engine.training.divergence import DivergenceError
from engine.training.loop import train
from engine.training.snapshot import Setting
from engine.training.task import Task, right_answers
from tests.unit.engine.small_images import (
    CLASSIFIERS,
    PAIRS,
    RECIPES,
    make_narrow,
    settings_of,
    small_run,
    small_task,
    write_small_sets,
)
from tests.unit.engine.training_fakes import advance

OPTIMISERS = ("sgd", "momentum", "rmsprop", "adam")
WITH_OPTIMISERS = ("mlp", "mlp-concise", "mnist-mlp", "mnist-mlp-module")
PAIRS_AND_OPTIMISERS = [
    (scratch, concise, optimiser)
    for scratch, concise in PAIRS
    for optimiser in (OPTIMISERS if scratch in WITH_OPTIMISERS else OPTIMISERS[:1])
]
RESUMED = [
    *((recipe, "sgd") for recipe in RECIPES),
    *((recipe, optimiser) for recipe in WITH_OPTIMISERS for optimiser in OPTIMISERS[1:]),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with pytest.MonkeyPatch.context() as patch:
        yield write_small_sets(tmp_path_factory.mktemp("data"), patch)


@pytest.fixture(autouse=True)
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    make_narrow(monkeypatch)


def largest_difference(one: Task, other: Task) -> float:
    values, others = one.exchange(), other.exchange()
    assert list(values) == list(others)
    return max(float((values[name] - others[name]).abs().max()) for name in values)


@pytest.mark.parametrize(("recipe", "optimiser"), RESUMED)
def test_resumed_anywhere_it_ends_with_the_same_bits(
    recipe: str, optimiser: str, folder: Path, tmp_path: Path
) -> None:
    given: dict[str, Setting] = {} if optimiser == "sgd" else {"optimizer": optimiser, "lr": 0.001}
    straight = small_run(recipe, folder, given)
    list(train(straight))
    path = tmp_path / "c.safetensors"
    steps = straight.steps_per_epoch
    run = small_run(recipe, folder, given)
    for at in (0, 1, steps - 1, steps, steps + 2):
        advance(run, at - run.step)
        save(capture(run), path)
        run = small_run(recipe, folder, given)
        restore(run, load(path))
        assert run.step == at
    list(train(run))
    assert parameters_sha256(run) == parameters_sha256(straight)
    assert run.measured == straight.measured
    state, expected = run.task.optimiser_state(), straight.task.optimiser_state()
    assert state.counters == expected.counters
    assert state.tensors.keys() == expected.tensors.keys()
    assert all(torch.equal(state.tensors[key], expected.tensors[key]) for key in state.tensors)
    assert bool(state.tensors) == (optimiser != "sgd")


@pytest.mark.parametrize(("scratch", "concise"), PAIRS)
def test_both_forms_begin_alike_and_shuffle_alike(scratch: str, concise: str, folder: Path) -> None:
    for seed in (0, 1):
        one, other = (small_task(recipe, folder, {"seed": seed}) for recipe in (scratch, concise))
        assert largest_difference(one, other) < 1e-9  # the last bit, where a product is rounded
        for _ in range(3):
            for (X, y), (X_other, y_other) in zip(one.batches(64), other.batches(64), strict=True):
                assert torch.equal(X.flatten(1), X_other.flatten(1))
                assert torch.equal(y, y_other)
        assert torch.equal(one.generator.get_state(), other.generator.get_state())


@pytest.mark.parametrize(("scratch", "concise", "optimiser"), PAIRS_AND_OPTIMISERS)
def test_both_forms_stay_together_on_each_others_batches(
    scratch: str, concise: str, optimiser: str, folder: Path
) -> None:
    given: dict[str, Setting] = {"optimizer": optimiser}
    one, other = (small_task(recipe, folder, given) for recipe in (scratch, concise))
    one.use_float64()
    other.use_float64()
    with torch.no_grad():
        for parameter in other.parameters.values():
            parameter.add_(1)
    other.take(one.exchange())
    assert largest_difference(one, other) == 0
    rate = 0.03 if optimiser == "sgd" else 0.001
    for source in (one, other, one):
        for X, y in source.batches(64):
            batch = X.double(), y.double() if y.is_floating_point() else y
            sums, others = one.update(batch, rate), other.update(batch, rate)
            assert float(sums.loss) == pytest.approx(float(others.loss), rel=1e-9)
            assert sums.samples == others.samples == len(y)
            assert right_answers([sums]) == right_answers([others])
    assert largest_difference(one, other) < 1e-12


@pytest.mark.parametrize("recipe", RECIPES)
def test_parameters_of_another_shape_are_not_taken(recipe: str, folder: Path) -> None:
    task = small_task(recipe, folder)
    before = task.exchange()
    name = next(iter(before))
    for wrong in ({**before, name: before[name][None]}, {"other": before[name]}):
        with pytest.raises(ValueError, match="do not fit"):
            task.take(wrong)
    assert all(torch.equal(before[name], value) for name, value in task.exchange().items())


@pytest.mark.parametrize("recipe", CLASSIFIERS)
def test_streamed_from_memory_it_learns_the_same_bits(recipe: str, folder: Path) -> None:
    digests = []
    for placement in (Placement.RESIDENT, Placement.STREAMED):
        run = small_run(recipe, folder, placement=placement)
        assert isinstance(run.task, ImageTask)
        assert run.task.placement is placement
        list(train(run))
        digests.append(parameters_sha256(run))
    assert digests[0] == digests[1]


@pytest.mark.parametrize(("scratch", "concise"), PAIRS)
def test_gradient_norms_are_of_each_layer_and_change_nothing(
    scratch: str, concise: str, folder: Path
) -> None:
    one, other = (small_task(recipe, folder) for recipe in (scratch, concise))
    digest, state = one.exchange(), one.generator.get_state()
    norms = one.gradient_norms()
    assert len(norms) == len(one.layers) == len(other.layers) >= 1
    assert one.layers == other.layers
    assert all(norm > 0 for norm in norms)
    assert other.gradient_norms() == pytest.approx(norms, rel=1e-4)
    assert all(torch.equal(digest[name], value) for name, value in one.exchange().items())
    assert torch.equal(state, one.generator.get_state())
    assert all(parameter.grad is None for parameter in one.parameters.values())


def test_a_gradient_norm_is_the_length_of_what_an_update_moves_along(folder: Path) -> None:
    task = small_task("mlp", folder, {"batch_size": 300})
    norms, before = task.gradient_norms(), task.exchange()
    task.update(next(iter(task.batches(300))), 1.0)  # all 300 images: the batch of the norms
    moved = {name: value - before[name] for name, value in task.exchange().items()}
    lengths = [
        float(torch.cat([moved[name].flatten() for name in names]).norm())
        for names in (("W1", "b1"), ("W2", "b2"))
    ]
    assert lengths == pytest.approx(norms, rel=1e-4)


@pytest.mark.parametrize("recipe", RECIPES)
def test_the_norms_are_kept_with_each_epoch(recipe: str, folder: Path, tmp_path: Path) -> None:
    run = small_run(recipe, folder)
    list(train(run))
    assert [len(metrics.gradient_norms) for metrics in run.measured] == [len(run.task.layers)] * 3
    assert run.measured[-1].gradient_norms == run.task.gradient_norms()
    save(capture(run), tmp_path / "c.safetensors")
    assert load(tmp_path / "c.safetensors").measured == tuple(run.measured)


@pytest.mark.parametrize("recipe", ["mlp", "mlp-concise"])
def test_after_a_divergence_the_optimiser_is_back_too(recipe: str, folder: Path) -> None:
    given: dict[str, Setting] = {"optimizer": "momentum", "lr": 0.01, "epochs": 40}
    run = small_run(recipe, folder, given)
    updates = train(run)
    list(islice(updates, 12))
    run.check()
    good = {name: value.clone() for name, value in run.task.optimiser_state().tensors.items()}
    assert all(value.any() for value in good.values())
    run.learning_rate = 1e30
    with pytest.raises(DivergenceError):
        list(updates)
    assert run.step == 12
    kept = run.task.optimiser_state().tensors
    assert kept.keys() == good.keys()
    assert all(torch.equal(kept[name], good[name]) for name in good)


@pytest.mark.parametrize("recipe", CLASSIFIERS)
def test_panels_show_images_a_matrix_and_the_first_weights(recipe: str, folder: Path) -> None:
    run = small_run(recipe, folder)
    list(train(run))
    task = run.task
    panels = task.panels()
    assert len(panels.gallery) == 24
    assert sum(map(sum, panels.confusion)) == task.test_samples
    right = sum(panels.confusion[label][label] for label in range(10))
    assert right / task.test_samples == pytest.approx(run.measured[-1].test_accuracy)
    first = next(iter(task.exchange().values()))
    shown = min(32, first.shape[1])
    assert [image.label for image in panels.weights] == list(range(shown))
    names = [image.name for image in panels.weights]
    units = [f"unit {unit}" for unit in range(shown)]
    assert names == ([""] * 10 if "softmax" in recipe else units)
    for image in panels.weights:
        assert image.pixels.shape == (28, 28)
        drawn = (torch.tensor(image.pixels.ravel()) - 127.5) / 127.5 * image.limit
        weights = first[:, image.label].clamp(-image.limit, image.limit)
        assert (drawn - weights).abs().max() <= image.limit / 127.5


@pytest.mark.parametrize("recipe", RECIPES)
def test_its_defaults_are_those_of_the_course(recipe: str) -> None:
    settings = find_recipe(recipe).settings()
    expected = {
        "linear": (5, 0.03, 10),
        "softmax": (10, 0.1, 256),
        "mlp": (5, 0.5, 256),
        "mnist": (10, 0.01, 200),
    }[recipe.split("-")[0]]
    assert (settings["epochs"], settings["lr"], settings["batch_size"]) == expected
    assert settings.get("optimizer", "sgd") == "sgd"


@pytest.mark.parametrize(
    ("recipe", "shapes"),
    [
        ("mlp", [(784, 256), (256,), (256, 10), (10,)]),
        ("mnist-mlp", [(784, 200), (200,), (200, 200), (200,), (200, 10), (10,)]),
    ],
)
def test_the_layers_have_the_sizes_of_the_course(
    recipe: str, shapes: list[tuple[int, ...]], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()  # not narrow
    task = small_task(recipe, folder, {"hidden": 256})
    assert [tuple(value.shape) for value in task.exchange().values()] == shapes


@pytest.mark.parametrize("recipe", WITH_OPTIMISERS)
def test_every_choice_trains(recipe: str, folder: Path) -> None:
    found = find_recipe(recipe)
    for parameter in found.hyperparameters:
        for choice in parameter.choices:
            given: dict[str, Setting] = {parameter.name: choice, "lr": 1e-4, "epochs": 1}
            run = small_run(recipe, folder, given)
            before = parameters_sha256(run)
            list(train(run))
            assert parameters_sha256(run) != before
            assert settings_of(recipe, given)[parameter.name] == choice


@pytest.mark.parametrize("recipe", CLASSIFIERS)
def test_batches_hold_what_the_iterator_in_the_lesson_gives(recipe: str, folder: Path) -> None:
    """They are gathered in another way, which is faster; samples and order are the same."""
    task = small_task(recipe, folder)
    assert isinstance(task, ImageTask)
    own = torch.Generator()
    own.set_state(task.generator.get_state())
    if isinstance(task, ImageModuleTask):
        shown = [(X, y) for X, y in task.loader(task.X, task.y, 64, own)]
    else:
        shown = list(data_iter(64, task.X, task.y, own))
    for (X, y), (X_shown, y_shown) in zip(task.batches(64), shown, strict=True):
        assert torch.equal(X, X_shown)
        assert torch.equal(y, y_shown)

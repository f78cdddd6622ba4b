"""The rate finder: what it suggests, when it stops, and that it leaves nothing behind."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
import torch

from engine.recipes.catalog import find_recipe, recipes
from engine.training.begin import begin
from engine.training.checkpoint import parameters_sha256
from engine.training.loop import train
from engine.training.order import TrainingOrder, load_task
from engine.training.rate_finder import (
    RatePoint,
    Reason,
    find_rate,
    judged,
    rate_range,
    rates,
)
from engine.training.snapshot import Setting
from engine.training.task import Batch, BatchSums, Source
from tests.cases import for_each
from tests.unit.engine.training_fakes import TinyTask, tiny_settings

LINEAR = find_recipe("linear")


def edge_of(task: TinyTask) -> float:
    """2 / λ: gradient descent on all samples diverges above it."""
    curvature = 2 * task.X.T @ task.X / len(task.y)
    return 2 / float(torch.linalg.eigvalsh(curvature)[-1])


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_it_diverges_above_two_over_the_curvature_and_suggests_less(seed: int) -> None:
    task = TinyTask(seed, samples=64)
    task.y += 0.1 * torch.randn(64, generator=torch.Generator().manual_seed(seed))
    edge = edge_of(task)
    found = find_rate(LINEAR, tiny_settings(batch_size=64), task)
    assert found.diverged is not None
    assert edge < found.diverged < 10 * edge
    assert found.suggested is not None
    assert edge / 100 < found.suggested < edge
    assert f"{found.suggested:g}" in found.sentence
    assert [point.rate for point in found.points] == list(
        rates(found.low, found.high)[: len(found.points)]
    )
    assert len(found.points) < len(rates(found.low, found.high)), "it went on after the divergence"


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        *(("linear", {"seed": seed}) for seed in range(6)),  # noise: batches of 10
        ("linear", {"batch_size": 1, "seed": 1}),
        ("linear", {"batch_size": 1000}),
        ("two-layer-tensors", {}),
        ("fizzbuzz", {}),  # its batches differ: they are not shuffled
        ("fizzbuzz", {"seed": 6}),
    ],
)
def test_a_rate_near_the_default_whatever_the_noise(
    name: str, settings: dict[str, Setting]
) -> None:
    recipe = find_recipe(name)
    order = TrainingOrder(recipe, settings, Source("cpu"))
    found = find_rate(recipe, order.settings, load_task(order))
    default = float(recipe.hyperparameter("lr").default)
    assert found.suggested is not None
    assert default / 20 < found.suggested < default * 20
    assert found.diverged is not None
    assert found.diverged > default


@for_each("recipe", recipes(), ids=lambda recipe: recipe.name)
def test_the_range_holds_the_default_and_stays_in_bounds(recipe: object) -> None:
    found = find_recipe(getattr(recipe, "name"))  # noqa: B009 - the type of a parametrised recipe
    lr = found.hyperparameter("lr")
    low, high = rate_range(found)
    assert lr.minimum <= low <= float(lr.default) / 100
    assert float(lr.default) * 100 <= high <= lr.maximum


@pytest.mark.parametrize("name", ["linear", "linear-concise", "two-layer-optim", "fizzbuzz"])
def test_a_training_after_a_sweep_is_the_same_as_without(name: str) -> None:
    """Parameters, the memory of the optimiser, the order of the samples: all as before."""
    recipe = find_recipe(name)
    settings = {"epochs": 2, "batch_size": 60}
    order = TrainingOrder(recipe, settings, Source("cpu"))

    def trained(sweep: bool) -> str:
        run = begin(order, lambda: 0.0, name="")
        if sweep:
            before = parameters_sha256(run)
            found = find_rate(recipe, order.settings, run.task)
            assert len(found.points) > 50
            assert parameters_sha256(run) == before
        for _ in train(run):
            pass
        return parameters_sha256(run)

    assert trained(sweep=True) == trained(sweep=False)


def test_the_task_is_restored_even_if_an_update_fails() -> None:
    def fail(_task: TinyTask, number: int) -> None:
        if number == 7:
            raise RuntimeError("no")

    task = TinyTask(before_update=fail)
    before, state = task.w.detach().clone(), task.generator.get_state()
    with pytest.raises(RuntimeError):
        find_rate(LINEAR, tiny_settings(), task)
    assert torch.equal(task.w, before)
    assert torch.equal(task.generator.get_state(), state)


def test_it_can_be_stopped_and_tells_how_far_it_is() -> None:
    told: list[tuple[float, int]] = []
    found = find_rate(
        LINEAR, tiny_settings(), TinyTask(), on_point=lambda p, n: told.append((p.rate, n)),
        stopping=lambda: len(told) == 12,
    )  # fmt: skip
    assert len(found.points) == 12
    assert told[0] == (found.low, len(rates(found.low, found.high)))
    stopped = find_rate(LINEAR, tiny_settings(), TinyTask(), stopping=lambda: True)
    assert (stopped.points, stopped.suggested) == ((), None)


class DeadTask(TinyTask):
    """Learns nothing, whatever the rate."""

    def update(self, batch: Batch, learning_rate: float) -> BatchSums:
        return super().update(batch, 0.0)


def test_where_the_loss_never_falls_nothing_is_suggested() -> None:
    found = find_rate(LINEAR, tiny_settings(), DeadTask(samples=64))
    assert (found.suggested, found.reason) == (None, None)
    assert found.sentence.startswith("No suggestion: the loss did not fall")


def curve(loss_of: Callable[[float], float]) -> list[RatePoint]:
    """A sweep without noise from 1e-5 to 10."""
    return [RatePoint(rate, loss_of(rate), loss_of(rate)) for rate in rates(1e-5, 10)]


def falling(at: float, edge: float) -> Callable[[float], float]:
    """A loss that falls around one rate and is back at another."""

    def loss(rate: float) -> float:
        fall = 2 / (1 + (at / rate) ** 2)
        return 2.3 - fall + (3 if rate >= edge else 0)

    return loss


def test_the_steepest_fall_is_suggested_where_the_edge_is_far() -> None:
    found = judged(LINEAR, curve(falling(1e-3, 1.0)), 1e-5, 10)
    assert found.reason is Reason.STEEPEST
    assert found.steepest is not None
    assert found.suggested == pytest.approx(found.steepest, rel=0.05)
    assert 5e-4 < found.steepest < 5e-3
    assert found.diverged == pytest.approx(1.0, rel=0.1)
    assert "more than ten times" in found.sentence


def test_a_tenth_of_the_edge_is_suggested_where_the_fall_is_near_it() -> None:
    found = judged(LINEAR, curve(falling(0.3, 1.0)), 1e-5, 10)
    assert found.reason is Reason.TENTH
    assert found.suggested == pytest.approx(0.1, rel=0.1)
    assert "a tenth of 1" in found.sentence


def test_without_a_divergence_the_sentence_says_so() -> None:
    found = judged(LINEAR, curve(falling(1e-3, math.inf)), 1e-5, 10)
    assert (found.diverged, found.reason) == (None, Reason.STEEPEST)
    assert "did not diverge" in found.sentence


def test_a_suggestion_stays_within_the_bounds_of_the_recipe() -> None:
    points = [RatePoint(p.rate * 1e-3, p.loss, p.smoothed) for p in curve(falling(1e-4, 1e-2))]
    found = judged(LINEAR, points, 1e-8, 1e-2)
    assert found.suggested == LINEAR.hyperparameter("lr").minimum

"""Guesses before a training: how they are read, compared and kept, and what theory says."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest

from engine.errors import UserError
from engine.recipes.catalog import find_recipe, recipes
from engine.training.begin import begin
from engine.training.guess import (
    Guess,
    Theory,
    as_json,
    as_stored,
    compared,
    guess_of,
    parse_accuracy,
    parse_loss,
)
from engine.training.keeping import keep
from engine.training.loop import train
from engine.training.observe import observe
from engine.training.order import TrainingOrder, load_task
from engine.training.recipe import Recipe
from engine.training.runs import RunStore, kept_run
from engine.training.sealing import unsealed
from engine.training.snapshot import EpochMetrics, SessionState
from engine.training.task import Source
from tests.cases import for_each
from tests.unit.engine.training_fakes import FakeClock

ROWS = (
    EpochMetrics(0, 0, 2.31, 0.1, 2.32, 0.09, 0.0, 0.0),
    EpochMetrics(1, 40, 1.0, 0.7, 1.1, 0.71, 0.1, 1e4),
    EpochMetrics(2, 80, 0.9, 0.75, 0.95, 0.74, 0.1, 1e4),
)


@for_each(
    ("text", "value"), [("0.85", 0.85), ("85%", 0.85), (" 85 % ", 0.85), ("1", 1.0), ("0", 0.0)]
)
def test_accuracies_that_are_understood(text: str, value: float) -> None:
    assert parse_accuracy(text) == pytest.approx(value)


@for_each("text", ["85", "-0.1", "1.01", "101%", "nan", "inf", "high", "", "%"])
def test_accuracies_that_are_not(text: str) -> None:
    with pytest.raises(UserError, match="from 0 to 1"):
        parse_accuracy(text)


@for_each("text", ["-1", "nan", "inf", "2,3", "", "loss"])
def test_losses_that_are_not_understood(text: str) -> None:
    with pytest.raises(UserError, match="from 0 upwards"):
        parse_loss(text)


def test_losses_that_are() -> None:
    assert parse_loss(" 5e5 ") == 5e5
    assert parse_loss("0") == 0


def test_each_guess_is_compared_with_its_own_quantity() -> None:
    guess = Guess(first_loss=2.0, accuracy=0.9, final_loss=0.5)
    found = {one.what: (one.guessed, one.measured) for one in compared(guess, ROWS)}
    assert found == {
        "first_loss": (2.0, 2.31),
        "accuracy": (0.9, 0.74),
        "final_loss": (0.5, 0.95),
    }


def test_what_is_not_measured_is_not_compared() -> None:
    guess = Guess(2.0, 0.9, None)
    assert [one.what for one in compared(guess, ROWS[:1])] == ["first_loss"]
    assert [one.what for one in compared(guess, ROWS[1:])] == ["accuracy"]
    assert compared(guess, ()) == ()
    old = replace(ROWS[0], train_loss=None)
    assert compared(Guess(2.0), [old])[0].measured == 2.32
    assert compared(Guess(), ROWS) == ()


def test_what_scripts_are_told() -> None:
    guess = Guess(2.0, 0.9, None, Theory(math.log(10), "equal", 10))
    assert as_json(guess, ROWS) == {
        "first_loss": {"guess": 2.0, "measured": 2.31, "theory": math.log(10)},
        "accuracy": {"guess": 0.9, "measured": 0.74},
    }
    assert as_json(Guess(None, 0.9), ()) == {"accuracy": {"guess": 0.9, "measured": None}}
    assert as_json(Guess(), ROWS) is None


@for_each(
    "guess", [Guess(), Guess(2.3), Guess(0.0, 0.0), Guess(1.0, None, 5.0, Theory(1.2, "zero"))]
)
def test_a_guess_survives_json(guess: Guess) -> None:
    assert guess_of(json.loads(json.dumps(as_stored(guess)))) == guess
    assert bool(guess) is (guess != Guess())


@pytest.mark.parametrize(
    ("recipe", "settings", "value", "holds"),
    [
        ("softmax", {}, math.log(10), True),
        ("fizzbuzz", {}, math.log(4), True),
        ("mnist-mlp", {"init": "small_normal"}, math.log(10), True),
        ("mnist-mlp", {"init": "standard_normal"}, math.log(10), False),
        ("linear", {}, None, True),
        ("linear-concise", {}, None, True),
        ("two-layer-tensors", {}, 500_010, True),
        ("two-layer-nn", {"init": "uniform"}, None, True),
    ],
)
def test_theory_foretells_the_first_loss_where_it_holds(
    recipe: str, settings: dict[str, str], value: float | None, holds: bool
) -> None:
    order = TrainingOrder(
        find_recipe(recipe), settings, Source("cpu", None, True), guess=Guess(first_loss=1.0)
    )
    run = begin(order, FakeClock(), name="")
    theory = run.guess.theory
    assert theory is not None
    if value is not None:
        assert theory.value == pytest.approx(value)
    measured = run.measured[0].train_loss
    assert measured is not None
    assert theory.agrees(measured) is holds


@for_each("recipe", recipes(), ids=lambda recipe: recipe.name)
def test_a_recipe_says_how_many_classes_it_has(recipe: Recipe) -> None:
    order = TrainingOrder(recipe, {}, Source("cpu", None, True))
    assert recipe.classes == len(load_task(order).classes)


def test_a_guess_is_kept_with_the_run_and_restored() -> None:
    recipe = find_recipe("linear")
    order = TrainingOrder(recipe, {"epochs": 1}, Source("cpu"), guess=Guess(20.0, None, 0.5))
    run = begin(order, FakeClock())
    for _metrics in train(run):
        pass
    keep(run)
    RunStore().add(kept_run(observe(run, SessionState.FINISHED)))
    (kept,) = RunStore().of("linear")
    assert kept.guess == run.guess
    assert kept.guess.theory == run.task.first_loss()
    more = TrainingOrder(recipe, {"epochs": 2}, Source("cpu"), resume=True, run=run.name)
    assert observe(begin(more, FakeClock()), SessionState.PAUSED).guess == run.guess


def test_a_record_without_a_guess_is_read(tmp_path: Path) -> None:
    store = RunStore(tmp_path)
    run = begin(TrainingOrder(find_recipe("linear")), FakeClock(), name="")
    store.add(kept_run(replace(observe(run, SessionState.STOPPED), run="linear-1")))
    (path,) = (tmp_path / "linear").glob("*.json")
    stored = unsealed(path.read_text(encoding="utf-8"))  # nor had it a checksum
    del stored["guess"]
    path.write_text(json.dumps(stored), encoding="utf-8")
    assert RunStore(tmp_path).of("linear")[0].guess == Guess()

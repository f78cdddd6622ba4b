"""A race of optimisers: who comes next, and what ends it."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import pytest

from engine.folders import cache_folder
from engine.recipes.catalog import find_recipe
from engine.training.best_rate import known_rates
from engine.training.order import TrainingOrder
from engine.training.snapshot import Curve, EpochMetrics, SessionState, Snapshot
from tests.cases import for_each
from tui.key_names import keyed
from tui.race import BEST_SEEDS, Race, optimiser_of

BEST = {"sgd": 0.3, "momentum": 0.03, "rmsprop": 0.001, "adam": 0.0003}


def test_every_optimiser_gets_its_turn_with_the_same_settings() -> None:
    recipe = find_recipe("two-layer-optim")
    parameter = optimiser_of(recipe)
    assert parameter is not None
    order = TrainingOrder(recipe, {"epochs": 7})
    race = Race(order)
    assert race.status == ""
    ran = []
    while (following := race.next()) is not None:
        ran.append(following.settings[parameter.name])
        settings = {**following.settings, parameter.name: order.settings[parameter.name]}
        assert replace(following, settings=settings) == order
        assert race.status.startswith(f"Race: {ran[-1]}, {len(ran)} of")
    assert ran == list(parameter.choices)
    assert race.status == ""


def test_each_optimiser_runs_at_the_rate_that_suits_it() -> None:
    recipe = find_recipe("mlp")
    race = Race(TrainingOrder(recipe))
    rates = {}
    while (following := race.next()) is not None:
        rates[following.settings["optimizer"]] = following.settings["lr"]
    assert rates == {"sgd": 0.5, "momentum": 0.05, "rmsprop": 0.001, "adam": 0.001}


def test_a_rate_that_was_chosen_is_meant_for_all() -> None:
    recipe = find_recipe("mlp")
    race = Race(TrainingOrder(recipe, {"lr": 0.01}))
    rates = []
    while (following := race.next()) is not None:
        rates.append(following.settings["lr"])
    assert rates == [0.01] * 4


def test_a_recipe_without_the_choice_has_no_race() -> None:
    assert optimiser_of(find_recipe("linear")) is None
    with pytest.raises(ValueError, match="no choice"):
        Race(TrainingOrder(find_recipe("linear")))


@for_each(
    ("state", "measured", "goes_on"),
    [
        (SessionState.FINISHED, True, True),
        (SessionState.FAILED, True, True),
        (SessionState.FAILED, False, False),
        (SessionState.STOPPED, True, False),
    ],
)
def test_what_ends_a_race(state: SessionState, measured: bool, goes_on: bool) -> None:
    assert Race.goes_on(state, measured) is goes_on


def ended(order: TrainingOrder) -> Snapshot:
    """A training that comes off best at the rate in `BEST`, and diverges at far larger ones."""
    rate = float(order.settings["lr"])
    off = math.log10(rate / BEST[str(order.settings["optimizer"])])
    if off > 1.2:
        return Snapshot(state=SessionState.FAILED, losses=Curve(not_finite=((9, "loss"),)))
    row = EpochMetrics(1, 9, 1 + abs(off), None, 0.0, None, 0.1, 1.0)
    return Snapshot(state=SessionState.FINISHED, measured=(row,), step=9)


def raced(race: Race) -> tuple[list[TrainingOrder], list[TrainingOrder], list[str]]:
    """The trials, the trainings of the race, and what was said during each."""
    trials: list[TrainingOrder] = []
    lanes: list[TrainingOrder] = []
    said: list[str] = []
    while (following := race.next()) is not None:
        (trials if following.trial else lanes).append(following)
        said.append(keyed(race.status))
        race.note(ended(following))
    return trials, lanes, said


def test_a_race_at_best_rates_finds_them_first_and_runs_several_seeds() -> None:
    order = TrainingOrder(find_recipe("mlp"), {"lr": 0.2, "seed": 5, "epochs": 7})
    trials, lanes, said = raced(Race(order, best=True))
    assert {trial.settings["epochs"] for trial in trials} == {1}
    assert {trial.settings["seed"] for trial in trials} == {5}
    assert len(trials) >= 5 * 4
    assert [lane.settings["optimizer"] for lane in lanes] == list(BEST) * BEST_SEEDS
    assert [lane.settings["seed"] for lane in lanes] == [5] * 4 + [6] * 4 + [7] * 4
    assert all(lane.settings["lr"] == BEST[str(lane.settings["optimizer"])] for lane in lanes)
    assert {lane.settings["epochs"] for lane in lanes} == {7}
    assert said[0].startswith("Finding the best rates: sgd at ")
    assert "seed 5, 1 of 12" in said[len(trials)]
    assert "Rate 0.3, found by a sweep of 5 rates, 1 epoch each." in said[len(trials)]


def test_a_search_that_was_broken_off_goes_on_from_the_trials_it_made() -> None:
    order = TrainingOrder(find_recipe("mlp"), {"seed": 5})
    whole, lanes, _said = raced(Race(order, best=True))
    path = cache_folder() / "rates" / "mlp.json"
    path.unlink()
    race = Race(order, best=True)
    for _ in range(7):
        following = race.next()
        assert following is not None
        race.note(ended(following))
    stopped = race.next()
    assert stopped is not None
    race.note(Snapshot(state=SessionState.STOPPED))  # of this one, nothing is known
    race = Race(order, best=True)
    known = whole[:7]
    rest, again, said = raced(race)
    assert {key(trial) for trial in rest} == {key(t) for t in whole} - {key(t) for t in known}
    assert f"trial {len(known) + 1} (about" in said[0]
    assert [key(lane) for lane in again] == [key(lane) for lane in lanes]
    assert len(json.loads(path.read_text())) == 1, "what was found takes the place of the trials"
    other = Race(TrainingOrder(find_recipe("mlp"), {"seed": 6, "batch_size": 100}), best=True)
    assert len(raced(other)[0]) == len(whole)


def key(order: TrainingOrder) -> tuple[object, ...]:
    return tuple(order.settings[name] for name in ("optimizer", "lr", "seed"))


def test_the_best_rates_are_found_once_and_used_by_the_quick_race_too() -> None:
    recipe = find_recipe("mlp")
    raced(Race(TrainingOrder(recipe), best=True))
    assert {
        n: found.rate for n, found in known_rates(TrainingOrder(recipe), "optimizer").items()
    } == BEST
    trials, lanes, _ = raced(Race(TrainingOrder(recipe), best=True))
    assert (len(trials), len(lanes)) == (0, 4 * BEST_SEEDS)
    trials, lanes, said = raced(Race(TrainingOrder(recipe)))
    assert trials == []
    assert {str(lane.settings["optimizer"]): lane.settings["lr"] for lane in lanes} == BEST
    assert "found by a sweep of" in said[0]
    trials, lanes, said = raced(Race(TrainingOrder(recipe, {"hidden": 16})))
    assert [lane.settings["lr"] for lane in lanes] == [0.5, 0.05, 0.001, 0.001]
    assert "Rate 0.5, that of the recipe; b finds the best." in said[0]
    _, lanes, said = raced(Race(TrainingOrder(recipe, {"lr": 0.02})))
    assert {lane.settings["lr"] for lane in lanes} == {0.02}
    assert "Rate 0.02, as in the field." in said[0]


def test_a_search_that_is_ended_early_leaves_no_rates() -> None:
    order = TrainingOrder(find_recipe("mlp"))
    race = Race(order, best=True)
    for _ in range(8):
        following = race.next()
        assert following is not None
        race.note(ended(following))
    assert known_rates(order, "optimizer") == {}

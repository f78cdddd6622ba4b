"""A race of optimisers: who comes next, and what ends it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.recipes.catalog import find_recipe
from engine.training.order import TrainingOrder
from engine.training.snapshot import SessionState
from tui.race import Race, optimiser_of


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


@pytest.mark.parametrize(
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

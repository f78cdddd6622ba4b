"""The search for the best rate of each optimiser, and what is remembered of it."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from engine.folders import cache_folder
from engine.recipes.catalog import find_recipe
from engine.training.best_rate import (
    MOST_RATES,
    BestRate,
    RateSearch,
    known_rates,
    remember_rates,
    trial_epochs,
)
from engine.training.order import TrainingOrder
from engine.training.task import Source
from tests.cases import for_each

MLP = find_recipe("mlp")


def searched(
    first: float, loss_of: Callable[[float], float | None]
) -> tuple[RateSearch, list[float]]:
    """A whole search; `loss_of` is None where the training diverges."""
    search, tried = RateSearch(first, 1e-6, 100.0), []
    while (rate := search.next()) is not None:
        tried.append(rate)
        search.note(rate, loss_of(rate))
    return search, tried


def bowl(lowest: float) -> Callable[[float], float]:
    """A loss that is lowest at one rate."""
    return lambda rate: abs(math.log10(rate / lowest)) + 0.1


def test_a_best_rate_inside_needs_no_more_than_the_first_five() -> None:
    search, tried = searched(0.1, bowl(0.25))
    assert sorted(tried) == [0.01, 0.03, 0.1, 0.3, 1.0]
    assert tried[0] == 0.1
    assert (search.best, search.count) == (0.3, 5)


@for_each(("lowest", "best"), [(3.0, 3.0), (0.002, 0.003), (0.0001, 0.0003)])
def test_the_search_goes_on_beyond_its_edge_while_that_is_best(lowest: float, best: float) -> None:
    search, tried = searched(0.1, bowl(lowest))
    assert search.best == pytest.approx(best) or len(tried) == MOST_RATES
    assert len(tried) == len(set(tried)) <= MOST_RATES
    assert search.best is not None
    assert abs(math.log10(search.best / lowest)) < 0.6


def test_rates_that_diverge_are_passed_over() -> None:
    search, tried = searched(1.0, lambda rate: None if rate > 0.02 else bowl(0.02)(rate))
    assert search.best == 0.01
    assert max(tried) == 10.0
    nothing, tried = searched(1.0, lambda _rate: math.nan)
    assert nothing.best is None
    assert len(tried) == MOST_RATES
    assert min(tried) < 0.1


def test_the_bounds_of_the_recipe_hold() -> None:
    search, tried = RateSearch(0.5, 0.2, 1.5), []
    while (rate := search.next()) is not None:
        tried.append(rate)
        search.note(rate, rate)
    assert sorted(tried) == [0.3, 1.0]


def test_a_trial_has_a_tenth_of_the_epochs() -> None:
    assert trial_epochs(MLP) == 1
    assert trial_epochs(find_recipe("two-layer-optim")) == 50


def test_found_rates_belong_to_their_settings() -> None:
    found = {"sgd": BestRate(0.3, 5, 1), "adam": BestRate(0.001, 6, 1)}
    order = TrainingOrder(MLP)
    assert known_rates(order, "optimizer") == {}
    remember_rates(order, "optimizer", found)
    other = TrainingOrder(MLP, {"hidden": 32})
    assert known_rates(other, "optimizer") == {}
    remember_rates(other, "optimizer", {})
    same = TrainingOrder(MLP, {"lr": 0.2, "seed": 9, "epochs": 3, "optimizer": "adam"})
    assert known_rates(same, "optimizer") == found
    on_glyphs = TrainingOrder(MLP, {}, Source(allow_synthetic=True))
    assert known_rates(on_glyphs, "optimizer") == {}


@pytest.mark.parametrize("content", ["", "[]", "{", '{"x": 3}'])
def test_a_damaged_file_of_rates_is_passed_over(content: str) -> None:
    path = cache_folder() / "rates" / "mlp.json"
    path.parent.mkdir(parents=True)
    path.write_text(content)
    order = TrainingOrder(MLP)
    assert known_rates(order, "optimizer") == {}
    remember_rates(order, "optimizer", {"sgd": BestRate(0.3, 5, 1)})
    assert known_rates(order, "optimizer") == {"sgd": BestRate(0.3, 5, 1)}

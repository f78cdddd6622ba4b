"""The diagnoses of recorded trainings, at moments at which a rule was once silent or wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from engine.training.diagnoses import Evidence, diagnose
from engine.training.insight import Insight, LayerInsight
from engine.training.snapshot import EpochMetrics
from tests.cases import for_each
from tests.unit.engine.evidence import evidence, ids, look, regression, row

MARGIN = {"rate": 0.5, "rate_limit": 2.0}


def steep(excess: float, step: int, loss: float) -> Insight:
    """A look at which rate · curvature is so many times the largest stable product."""
    return look(step, loss, curvature=4.0 * excess, **MARGIN)


def during(epoch: int, train: float, mean: float) -> EpochMetrics:
    return replace(row(epoch, train, train), during_loss=mean)


def history(
    losses: Mapping[int, float], epochs: int, updates: int, first: float, chance: float, rate: float
) -> Evidence:
    """A training by its losses after some epochs, with so many updates in each."""
    last = max(losses)
    looks = [
        look(updates * epoch, loss, chance=chance, curvature=1.0, rate=rate, layers=())
        for epoch, loss in ((0, first), (last, losses[last]))
    ]
    layers = (LayerInsight("output", 1e-3),)
    rows = tuple(replace(regression(epoch, loss), step=updates * epoch)
                 for epoch, loss in losses.items())  # fmt: skip
    known = evidence(*(replace(one, layers=layers) for one in looks), rows=rows, epochs=epochs)
    return replace(known, epoch=last, step=updates * last)


def test_a_rate_is_not_too_high_while_the_mean_over_an_epoch_falls() -> None:
    """mlp with 8 hidden units, seed 1: after an epoch, the loss happened to be high."""
    looks = (steep(0.16, 0, 2.30), steep(1.10, 235, 0.876), steep(1.52, 470, 0.594),
             steep(2.07, 705, 0.693), steep(1.97, 940, 0.595))  # fmt: skip
    rows = (row(0, 2.30, 2.30), during(1, 0.87, 1.03), during(2, 0.67, 0.653),
            during(3, 0.73, 0.621), during(4, 0.67, 0.581))  # fmt: skip
    for epoch in (3, 4):
        assert ids(evidence(*looks[: epoch + 1], rows=rows[: epoch + 1])) == []
    level = (*rows[:3], during(3, 0.73, 0.66), during(4, 0.67, 0.66))
    assert ids(evidence(*looks, rows=level)) == ["learning-rate"]


def test_a_loss_that_falls_from_where_steps_have_thrown_it_is_no_gain() -> None:
    """mlp with the rate 50: its loss is above that of the first weights all the time."""
    looks = (look(0, 2.303), steep(5.58, 235, 12.7), steep(9.61, 470, 13.8), steep(3.14, 705, 9.27))
    rows = (row(0, 2.3, 2.3), during(1, 12.4, 345.0), during(2, 13.5, 13.7), during(3, 9.5, 14.5))
    assert ids(evidence(*looks, rows=rows, epochs=100)) == ["learning-rate"]


@for_each("epoch", [3, 5, 7])
def test_steps_that_grow_again_and_again_are_too_large_though_a_mean_falls(epoch: int) -> None:
    """softmax with the rate 1: after 7 epochs, nothing is gained since the first weights."""
    excess = (6.67, 1.12, 1.02, 1.45, 0.78, 1.32, 1.64, 0.69)
    losses = (2.34, 1.16, 1.69, 2.09, 4.08, 3.05, 2.13, 2.49)
    means = (0.0, 3.59, 1.97, 1.71, 1.72, 1.61, 1.53, 1.42)
    looks = [steep(*one) for one in zip(excess, range(0, 1880, 235), losses, strict=True)]
    rows = tuple(during(at, losses[at], means[at]) for at in range(8))
    assert "learning-rate" in ids(evidence(*looks[: epoch + 1], rows=rows[: epoch + 1]))


def test_a_loss_that_falls_too_slowly_is_told_early() -> None:
    """linear with the rate 0.0003, and a two-layer network with 1e-8: both end above chance."""
    line = {0: 17.705, 1: 16.607, 2: 15.576, 3: 14.61}
    (one,) = diagnose(history(line, 5, 100, 18.1, 8.36, 3e-4))
    assert one.id == "chance-level"
    assert "18.1 at the start: it falls too slowly" in one.text
    assert "tenfold" in one.advice
    steeper = {epoch: 17.7 * 0.75**epoch for epoch in range(4)}
    assert ids(history(steeper, 5, 100, 18.1, 8.36, 3e-4)) == []
    wide = {0: 526e3, 50: 270e3, 60: 252e3, 70: 237e3, 80: 225e3, 90: 215e3, 100: 205e3}
    assert ids(history(wide, 500, 1, 526e3, 9.3, 1e-8)) == ["chance-level"]


def test_a_resumed_loss_is_compared_with_that_of_the_first_weights() -> None:
    """linear with the rate 50, resumed with 0.01: its weights were thrown away before."""
    thrown = {0: 17.7, 24: 4.57e34, 60: 2.06e34}
    known = history(thrown, 60, 1, 4.57e34, 8.36, 0.01)
    resumed = replace(known, looks=tuple(replace(one, step=one.step or 25) for one in known.looks))
    (one,) = [one for one in diagnose(resumed) if one.id == "chance-level"]
    assert "too slowly" not in one.text
    assert "Start again" in one.advice


def test_a_slow_loss_on_its_way_is_no_alarm() -> None:
    """A two-layer network with the rate 1e-6: it ends at 7.05."""
    losses = {0: 10.268, 60: 9.762, 75: 9.642, 90: 9.525, 100: 9.448, 110: 9.373, 125: 9.261}
    assert ids(history(losses, 500, 1, 10.268, 9.3, 1.4e-3)) == []


FIZZBUZZ = {0: 1.3675, 8: 1.1438, 12: 1.1426, 16: 1.1418, 24: 1.1405, 32: 1.1395, 48: 1.1379,
            64: 1.1367, 96: 1.1339, 128: 1.1300, 160: 1.1220}  # fmt: skip


@for_each("epoch", [16, 32, 64, 128, 160])
def test_fizzbuzz_may_stay_at_chance_level_as_long_as_it_falls(epoch: int) -> None:
    losses = {at: loss for at, loss in FIZZBUZZ.items() if at <= epoch}
    assert ids(history(losses, 10_000, 8, 1.38, 1.136, 1.0)) == []
    stuck = {at: max(loss, 1.1418) for at, loss in losses.items()}
    found = ids(history(stuck, 10_000, 8, 1.38, 1.136, 1.0))
    assert found == (["chance-level"] if epoch >= 128 else [])


CREEPS = {52: 1.13760, 56: 1.13729, 60: 1.13699, 64: 1.13669, 68: 1.13638, 72: 1.13606,
          76: 1.13572, 80: 1.13538, 84: 1.13503, 88: 1.13467,
          92: 1.13431, 96: 1.13393, 100: 1.13353}  # fmt: skip


def test_a_loss_that_creeps_down_surely_has_more_time() -> None:
    """fizzbuzz in 400 epochs: from epoch 189 on, its loss is below chance level."""
    losses = {0: 1.3675, **CREEPS}
    assert ids(history(losses, 400, 8, 1.38, 1.136, 1.0)) == []
    stuck = {at: 1.1352 + 1e-3 * (at % 3) for at in losses}
    assert ids(history(stuck, 400, 8, 1.38, 1.136, 1.0)) == ["chance-level"]
    (one,) = diagnose(history(losses, 100, 8, 1.38, 1.136, 1.0))
    assert "train for more epochs" in one.advice


SEED_0 = {50: 1.13555, 60: 1.13463, 70: 1.13377, 80: 1.13297, 90: 1.13216, 100: 1.13133,
          110: 1.13045, 120: 1.12951, 130: 1.12849, 140: 1.12734, 150: 1.12605, 160: 1.12456,
          170: 1.12290,
          180: 1.12104, 190: 1.11893, 200: 1.11645, 210: 1.11361, 220: 1.11023}  # fmt: skip
SEED_2 = {50: 1.13724, 60: 1.13667, 70: 1.13617, 80: 1.13572, 90: 1.13528, 100: 1.13486,
          110: 1.13443, 120: 1.13400, 130: 1.13355, 140: 1.13308, 150: 1.13259, 160: 1.13205,
          170: 1.13147,
          180: 1.13082, 190: 1.13007, 200: 1.12918}  # fmt: skip


@for_each(("recorded", "epochs"), [(SEED_0, 200), (SEED_0, 400), (SEED_2, 200)])
def test_a_loss_that_creeps_down_is_told_only_at_last(
    recorded: Mapping[int, float], epochs: int
) -> None:
    """fizzbuzz: in 400 epochs it learns; in 200, there is time for it until the last ones."""
    for now in (epoch for epoch in recorded if 140 <= epoch <= epochs):
        losses = {0: 1.3675} | {epoch: loss for epoch, loss in recorded.items() if epoch <= now}
        found = diagnose(history(losses, epochs, 8, 1.38, 1.1363, 1.0))
        assert [one.id for one in found] == (["chance-level"] if now >= 0.9 * epochs else [])
        for one in found:
            assert one.text.startswith(f"The loss is still {losses[now]:.4g}.")
            assert "hardly anything has been learned" in one.text
            assert "train for more epochs" in one.advice


def test_a_steep_fall_is_on_its_way_before_a_hundred_updates() -> None:
    """A two-layer network in 150 epochs: from epoch 96 on, its loss is below 9.3."""
    losses = {40: 446.6, 52: 165.3, 64: 68.5, 68: 52.0, 72: 39.8, 76: 30.6}
    assert ids(history({0: 526e3, **losses}, 150, 1, 526e3, 9.3, 1.0)) == []
    level = dict.fromkeys(losses, 30.6)
    assert ids(history({0: 526e3, **level}, 150, 1, 526e3, 9.3, 1.0)) == ["chance-level"]


def test_one_epoch_of_few_updates_is_not_enough() -> None:
    """mlp-concise with sigmoid, 40 updates in each of 4 epochs: it learns in the second."""
    assert ids(history({0: 2.302, 1: 2.357}, 4, 40, 2.303, 2.297, 1.0)) == []
    assert ids(history({0: 2.302, 1: 2.357}, 4, 235, 2.303, 2.297, 1.0)) == ["chance-level"]
    assert ids(history({0: 2.302, 1: 2.357}, 1, 40, 2.303, 2.297, 1.0)) == ["chance-level"]


@for_each(
    ("train", "test", "chance", "found"),
    [
        (0.0014, 0.234, 2.3, ["overfitting"]),
        (0.0075, 0.0482, 1.136, []),  # fizzbuzz: 99 of 100 are right
        (0.005, 0.065, 2.3, []),  # mnist-mlp: 98 percent are right
        (0.15, 0.9, 2.3, ["overfitting"]),
        (0.3, 0.9, 2.3, []),
    ],
)
def test_what_is_known_by_heart_and_not_beyond(
    train: float, test: float, chance: float, found: list[str]
) -> None:
    known = evidence(
        look(0, 2.3, chance=chance), look(500, train, chance=chance), rows=(row(5, train, test),)
    )
    assert ids(known) == found


def test_saturated_units_say_themselves_why_updates_are_small() -> None:
    still = (LayerInsight("hidden", 2e-11, 10, 2, 4), LayerInsight("output", 0.01))
    looks = [look(100 * i, 2.0 if i == 0 else 1.0, layers=still) for i in range(3)]
    assert ids(evidence(*looks)) == []


@pytest.mark.parametrize(
    ("step", "advice"), [(0, "Lower the learning rate to"), (3, "start again")]
)
def test_weights_that_were_thrown_far_away_are_not_saved_by_a_low_rate(
    step: int, advice: str
) -> None:
    """A two-layer network, resumed with a lower rate after it diverged."""
    thrown = replace(evidence(steep(1e8, step, 1e24)), diverged=True)
    (one,) = [one for one in diagnose(thrown) if one.id == "learning-rate"]
    assert advice in one.advice


def test_a_rate_measured_where_the_weights_were_thrown_is_no_advice() -> None:
    """two-layer-optim with RMSProp and the rate 1: its first update already throws them away."""
    looks = (look(0, 9.5, curvature=1e3, rate=1.0, rate_limit=float("inf")), steep(1e10, 4, 1e6),
             steep(1e10, 8, 1e6))  # fmt: skip
    (one,) = [one for one in diagnose(evidence(*looks)) if one.id == "learning-rate"]
    assert "start again" in one.advice


def test_when_the_training_is_over_no_time_is_left() -> None:
    """linear with the rate 0.0003 in two epochs: it was told after the first, and taken back."""
    line = {0: 17.705, 1: 16.607, 2: 15.576}
    (one,) = diagnose(history(line, 2, 100, 18.1, 8.36, 3e-4))
    assert one.id == "chance-level"


def test_a_loss_that_falls_from_far_above_is_not_told_to_take_smaller_steps() -> None:
    """A two-layer network with the rate 1e-7, a tenth of the usual one."""
    wide = {0: 526e3, 40: 75250.0, 68: 36940.0, 80: 28330.0, 95: 20840.0, 110: 15690.0,
            120: 13120.0, 135: 10180.0}  # fmt: skip
    (one,) = diagnose(history(wide, 400, 1, 526e3, 9.3, 0.2))
    assert one.advice == "It falls: train for more epochs, or try a higher learning rate."
    (one,) = diagnose(history(wide, 400, 1, 526e3, 9.3, 1.5))
    assert "lower learning rate" in one.advice

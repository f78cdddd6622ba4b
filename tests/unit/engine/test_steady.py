"""Findings that come and go with a swinging loss: when they are told, and when withdrawn."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest

from engine.training import watch as watching
from engine.training.diagnoses import Evidence
from engine.training.insight import Diagnosis
from engine.training.loop import train
from engine.training.steady import GONE, GONE_SHARE, HOLDS_SHARE, Steady
from tests.cases import for_each
from tests.unit.engine.test_watch import small

OVERFITTING = (
    223, 2, 3, 1, 3, 5, 4, 1, 2, 7, 4, 10, 4, 3, 1, 3, 2, 9, 2, 2, 6, 1, 2, 11, 1, 4, 2, 9, 4, 10,
    1, 1, 3, 6, 2, 10, 2, 7, 1, 6, 2, 2, 1, 9, 5, 1, 1,
)  # fmt: skip
"""fizzbuzz with the rate 2 in 400 epochs of 8 updates: at how many diagnoses in a row it was not
found, was found, was not found and so on."""
UPDATES, PLANNED = 8, 3200


def sick(kind: str = "overfitting", layer: str = "", value: float = 0.5) -> Diagnosis:
    return Diagnosis(kind, layer, value, "A title", "A text.", "An advice.")


def recorded() -> Iterator[tuple[int, bool]]:
    """The steps of the diagnoses, and whether it was found."""
    found = itertools.chain.from_iterable(
        [bool(place % 2)] * count for place, count in enumerate(OVERFITTING)
    )
    return ((UPDATES * place, one) for place, one in enumerate(found))


def test_a_finding_that_swings_is_told_and_withdrawn_after_a_span() -> None:
    steady, changes, last_found = Steady(["overfitting"]), [], -1
    history: list[bool] = []
    for step, is_found in recorded():
        before = bool(steady.told)
        steady.take([sick(value=step)] if is_found else [], step, PLANNED, is_over=step == PLANNED)
        history.append(is_found)
        last_found = step if is_found else last_found
        for one in steady.told:
            assert (one.step, one.value) == (last_found, last_found), "only what was measured"
        if bool(steady.told) and not before:
            changes.append(step)
            assert all(history[-1 - round(HOLDS_SHARE * PLANNED / UPDATES) :])
        if before and not steady.told:
            changes.append(step)
            missed = round(GONE_SHARE * PLANNED / UPDATES)
            assert missed >= GONE
            assert not any(history[-missed:])
    swings = sum(one != other for one, other in itertools.pairwise(history))
    assert (swings, len(changes)) == (46, 1)


@for_each(
    ("script", "told"),
    [
        ("x", ""),
        ("xx", "x"),
        (".x.x.x", ""),
        ("xx..", "x"),
        ("xx...", ""),
        ("xx..x..x..", "x"),
        ("xx...x", ""),
        ("..x|", "x"),
        ("xx~.", ""),
        ("xx~x", "x"),
        ("xx.~x", "x"),
    ],
)
def test_of_few_diagnoses_two_and_three_in_a_row_count(script: str, told: str) -> None:
    """`x` found, `.` not found, `|` the end of the training, `~` another rate."""
    steady, step = Steady(["overfitting"]), 0
    for place, sign in enumerate(script):
        if sign in "x.":
            step += 10
            near = script[max(place - 1, 0) : place + 2]
            steady.take(
                [sick()] if sign == "x" else [], step, 100,
                is_over="|" in near, is_changed=near.startswith("~"),
            )  # fmt: skip
    assert len(steady.told) == len(told)


def test_layers_are_told_apart_but_for_the_one_where_it_is_worst() -> None:
    steady = Steady(["dead-units", "exploding-updates"])
    for step, layer in ((10, "hidden 1"), (20, "hidden 2")):
        steady.take([sick("exploding-updates", layer), sick("dead-units", layer)], step, 100)
    assert [(one.id, one.layer) for one in steady.told] == [("exploding-updates", "hidden 2")]
    for step in (30, 40):
        steady.take([sick("dead-units", "hidden 2")], step, 100)
    assert [one.id for one in steady.told] == ["dead-units", "exploding-updates"], "worst first"


def test_a_training_tells_what_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    found_after = {1, 3, 4, 6, 10}

    def diagnose(evidence: Evidence) -> tuple[Diagnosis, ...]:
        return (sick(),) if evidence.epoch in found_after else ()

    monkeypatch.setattr(watching, "diagnose", diagnose)
    run = small("linear", epochs=10)
    told = [
        [one.step // run.steps_per_epoch for one in run.watch.insights.diagnoses]
        for metrics in train(run)
        if metrics
    ]
    assert told == [[], [], [], [4], [4], [6], [6], [6], [], [10]]
    last = run.watch.insights
    assert not last.is_late(last.diagnoses[0])

"""What is diagnosed from numbers that are given: where each diagnosis begins, and what it says."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest

from engine.recipes.catalog import find_recipe
from engine.training.diagnoses import diagnose, finders
from engine.training.insight import LayerInsight
from engine.training.loop import TrainingRun
from engine.training.task import Source
from tests.cases import for_each
from tests.unit.engine.evidence import evidence, ids, look, regression, row
from tests.unit.engine.sick_runs import seen
from tests.unit.engine.training_fakes import FakeClock, load


def test_nothing_is_said_before_anything_was_measured() -> None:
    assert diagnose(evidence()) == ()
    assert ids(evidence(look(0, 2.3))) == []


def test_a_rate_above_the_limit_is_no_alarm_while_the_loss_falls() -> None:
    steep = {"curvature": 5.0}
    assert ids(evidence(look(0, 2.0), look(100, 1.0, **steep), look(200, 0.9, **steep))) == []
    assert ids(evidence(look(0, 2.0), look(100, 1.0, **steep), look(200, 1.0, **steep))) == [
        "learning-rate"
    ]
    assert ids(evidence(look(0, 2.0), look(100, 1.0), look(200, 1.0, **steep))) == []
    assert ids(evidence(look(0, 2.0), look(100, 2.1, **steep))) == ["learning-rate"]


@pytest.mark.parametrize(("dead", "found"), [(4, []), (5, ["dead-units"])])
def test_half_of_a_layer_must_be_dead(dead: int, found: list[str]) -> None:
    layers = (LayerInsight("hidden", 1e-3, 10, dead, 0), LayerInsight("output", 1e-3))
    assert ids(evidence(look(0, 2.0), look(100, layers=layers))) == found


@pytest.mark.parametrize(("alike", "found"), [(4, []), (5, ["units-alike"])])
def test_half_of_a_layer_must_be_alike(alike: int, found: list[str]) -> None:
    layers = (LayerInsight("hidden", 1e-3, 10, alike=alike), LayerInsight("output", 1e-3))
    assert ids(evidence(look(0, 2.0, layers=layers))) == []
    assert ids(evidence(look(0, 2.0), look(100, layers=layers))) == found


@for_each(
    ("ratio", "losses", "found"),
    [
        (0.2, (2.0, 1.5, 1.0), []),
        (0.2, (2.0, 1.0, 1.0), ["exploding-updates"]),
        (2.0, (2.0, 1.5, 1.0), ["exploding-updates"]),
        (0.05, (2.0, 1.0, 1.0), []),
        (2e-5, (2.0, 1.0, 1.0), []),
        (5e-6, (2.0, 1.0, 1.0), ["vanishing-updates"]),
        (5e-6, (2.0, 0.02, 0.02), []),
    ],
)
def test_updates_beside_the_weights(
    ratio: float, losses: tuple[float, ...], found: list[str]
) -> None:
    layers = (LayerInsight("hidden", ratio), LayerInsight("output", 1e-3))
    looks = [look(100 * i, loss, layers=layers) for i, loss in enumerate(losses)]
    assert ids(evidence(*looks)) == found


def test_overfitting_needs_both_a_rise_and_a_fall() -> None:
    rows = (row(0, 2.3, 2.3), row(1, 1.0, 1.0), row(2, 0.7, 1.2), row(3, 0.5, 1.3))
    known = evidence(look(0, 2.3), look(300, 0.5), rows=rows)
    (one,) = diagnose(known)
    assert one.id == "overfitting"
    assert "epoch 1" in one.text
    assert one.value == pytest.approx(0.3)
    assert ids(replace(known, has_rule=False)) == []
    assert ids(replace(known, measured=rows[:3])) == []  # one epoch can be worse by chance
    both = (*rows[:2], row(2, 1.1, 1.2), row(3, 1.2, 1.3))
    assert ids(replace(known, measured=both)) == []


def test_a_plateau_has_patience_in_proportion_to_the_epochs() -> None:
    rows = tuple(row(epoch, 1.0, 1.0) for epoch in range(1, 9))
    assert ids(evidence(look(0, 2.0), look(800, 1.0), rows=rows, epochs=10)) == ["plateau"]
    assert ids(evidence(look(0, 2.0), look(800, 1.0), rows=rows, epochs=1000)) == []
    falling = tuple(row(epoch, 0.95**epoch, 1.0) for epoch in range(1, 9))
    assert ids(evidence(look(0, 2.0), look(800, 0.6), rows=falling)) == []


def test_a_number_that_is_not_finite_is_not_a_diagnosis() -> None:
    rows = (row(0, 2.3, 2.3), row(1, 1.0, 1.0), row(2, 0.7, math.inf), row(3, 0.5, math.inf))
    assert ids(evidence(look(0, 2.3), look(300, 0.5), rows=rows)) == []


def test_every_kind_is_found_from_where_it_lies() -> None:
    import engine.training.diagnoses as package

    files = {path.stem for path in Path(package.__path__[0]).glob("*.py")} - {"__init__"}
    assert {find.__module__.rpartition(".")[2] for find in finders()} == files


def test_a_loss_that_only_passes_chance_level_is_no_alarm() -> None:
    known = evidence(
        look(0, 1000.0), look(64, 200.0), look(81, 3.0),
        rows=tuple(regression(epoch, 1000 * 0.93**epoch) for epoch in range(83)), epochs=100,
    )  # fmt: skip
    assert known.measured[-1].train_loss == pytest.approx(2.6, rel=0.02)  # by chance: 2.3
    assert ids(known) == []
    stuck = (*known.measured[:-12], *(regression(epoch, 2.3) for epoch in range(71, 83)))
    assert ids(replace(known, measured=stuck)) == ["chance-level"]


def test_a_rate_far_too_low_is_not_advised_to_be_lowered() -> None:
    looks = [look(step, 18.1 - step / 10_000, curvature=1.0, rate=1e-6) for step in (0, 100, 200)]
    rows = tuple(regression(epoch, 17.71 - 0.01 * epoch) for epoch in range(4))
    known = evidence(*looks, rows=rows, epochs=4)
    (one,) = diagnose(known)
    assert (one.id, one.advice) == ("chance-level", "Raise the learning rate tenfold.")
    # Of the same samples: 18.1 is the loss of those that are watched.
    assert "The loss is 17.68, after 17.71 at the start" in one.text
    (one,) = diagnose(replace(known, learning_rate=1e-6, usual_rate=0.03))
    assert one.advice == "Raise the learning rate; 0.03 is usual for these settings."
    (one,) = diagnose(replace(known, learning_rate=0.01, usual_rate=0.03))
    assert one.advice == "Raise the learning rate tenfold."
    fast = [replace(one, rate=0.5) for one in looks]
    (one,) = diagnose(evidence(*fast, rows=rows, epochs=4))
    assert "lower learning rate" in one.advice


def test_the_steep_first_updates_from_wide_weights_are_no_alarm() -> None:
    steep = {"curvature": 5.0}
    looks = (look(0, 2.0, **steep), look(1, 2.3, **steep), look(4, 2.1, **steep))
    early = evidence(*looks, epochs=500)
    assert ids(replace(early, step=4, epoch=4)) == []
    assert ids(replace(early, step=4, epoch=4, diverged=True)) == ["learning-rate"]
    assert ids(replace(early, step=20, epoch=20)) == ["learning-rate"]


@for_each(
    ("output", "dead", "advice"),
    [
        (1e-3, 0, "The gradient fades"),
        (2e-4, 0, "Raise the learning rate"),
        (1e-3, 10, None),
    ],
)
def test_small_updates_get_the_advice_that_helps(
    output: float, dead: int, advice: str | None
) -> None:
    layers = (LayerInsight("hidden", 8e-6, 10, dead), LayerInsight("output", output))
    looks = [look(100 * i, 2.0 if i == 0 else 1.0, layers=layers) for i in range(3)]
    found = [one for one in diagnose(evidence(*looks)) if one.id == "vanishing-updates"]
    assert [one.advice.startswith(advice or "") for one in found] == ([True] if advice else [])


def test_a_run_that_diverged_is_never_healthy() -> None:
    """linear with one sample in a batch: its own curvature is above that of the mean."""
    settings = find_recipe("linear").settings({"lr": 1.0, "batch_size": 1})
    run = TrainingRun(load("linear", settings, Source("cpu")), "linear", settings, FakeClock())
    run.usual_rate = 0.03
    (*_others, one) = seen(run)["learning-rate"]
    assert one.text.startswith("The numbers grew beyond all bounds")
    assert "learning rate 1 is too high" in one.text
    assert one.advice == "Start again with a lower learning rate, such as 0.03."


def test_a_model_that_is_often_right_has_learned_something_from_x() -> None:
    """softmax with single samples: 69 percent are right, and the loss is 4.2."""
    rows = (row(0, 2.338, 2.34), replace(row(1, 2.626, 3.0), train_accuracy=0.69))
    known = evidence(look(0, 2.338), look(100, 2.626), rows=rows, epochs=2)
    (one,) = (found for found in diagnose(known) if found.id == "chance-level")
    assert "69 percent of the answers are right" in one.text
    assert "nothing has been learned" not in one.text
    for loss in (2.29, 2.301):  # about the same for each class, and no longer falling
        level = tuple(replace(row(at, loss, 2.3), train_accuracy=0.3) for at in range(1, 9))
        (one,) = diagnose(
            evidence(look(0, 2.31), look(400, loss), look(800, loss), rows=level, epochs=8)
        )
        assert "hardly anything has been learned" in one.text
        assert one.advice == "Train for more epochs, or try another learning rate."
    unsure = replace(known, measured=(rows[0], replace(rows[1], train_accuracy=0.1)))
    (one,) = (found for found in diagnose(unsure) if found.id == "chance-level")
    assert "nothing has been learned from x" in one.text


def test_one_unit_is_spoken_of_as_one() -> None:
    one, two = (
        diagnose(evidence(look(0, 2.0), look(100, layers=(LayerInsight("hidden", 1e-3, 2, n),))))
        for n in (1, 2)
    )
    assert one[0].text.startswith("1 of 2 units in the layer “hidden” is dead: it gives")
    assert one[0].title == "1 of 2 units dead in “hidden”"
    assert two[0].text.startswith("2 of 2 units in the layer “hidden” are dead: they give")
    single = (LayerInsight("hidden", 1e-3, 1, 0, 1),)
    (found,) = diagnose(evidence(look(0, 2.0), look(100, layers=single)))
    assert found.text.startswith("1 of 1 unit in the layer “hidden” is saturated: its activation")


def test_a_model_without_hidden_units_is_not_advised_to_change_their_number() -> None:
    output = {"layers": (LayerInsight("output", 1e-3),)}
    rows = (row(0, 2.3, 2.3), row(1, 1.0, 1.0), row(2, 0.7, 1.2), row(3, 0.5, 1.3))
    known = evidence(look(0, 2.3, **output), look(300, 0.5, **output), rows=rows)
    (one,) = diagnose(known)
    assert one.advice == "Stop at epoch 1, or use more training samples."
    level = tuple(row(epoch, 1.0, 1.0) for epoch in range(1, 9))
    (one,) = diagnose(replace(known, measured=level))
    assert one.id == "plateau"
    assert one.advice.endswith("or choose a model with hidden units.")


def test_what_has_learned_nothing_does_not_overfit() -> None:
    """mnist-mlp with rmsprop and the rate 0.1: its training loss is above that by chance."""
    rows = (row(0, 3.76, 3.69), row(1, 3.0, 9.0), row(2, 2.7, 20.0), row(3, 2.61, 26.3))
    assert "overfitting" not in ids(evidence(look(0, 3.74), look(300, 2.6), rows=rows))
    # softmax with the rate 2: its losses swing.
    rows = (row(0, 2.34, 2.34), row(1, 2.5, 2.9), row(2, 2.2, 2.7), row(3, 2.07, 2.65))
    assert ids(evidence(look(0, 2.34), look(300, 2.07), rows=rows)) == []


def test_after_a_divergence_only_that_is_told() -> None:
    """linear, its rate raised from 0.03 to 3 after it had learned: the rows are from before."""
    rows = tuple(row(epoch, 4.63e-5, 4.7e-5) for epoch in range(1, 11))
    looks = (look(0, 18.1, curvature=1.1), look(1024, 1.6e10, curvature=1.1, rate=3.0))
    known = replace(evidence(*looks, rows=rows, epochs=20), learning_rate=3.0)
    assert ids(replace(known, diverged=True)) == ["learning-rate"]


def test_a_training_loss_that_swings_does_not_end_overfitting() -> None:
    """fizzbuzz with the rate 3: it was told twenty times, and twenty times taken back."""
    rows = [row(0, 1.37, 1.38), row(1, 0.957, 0.973)]
    later = enumerate((0.844, 0.862, 0.854, 0.875), start=2)
    rows += [row(epoch, loss, 1.3) for epoch, loss in later]
    looks = (look(0, 1.38, chance=1.136), look(500, 0.86, chance=1.136))
    for now in (4, 5, 6):
        assert ids(evidence(*looks, rows=tuple(rows[:now]))) == ["overfitting"]
    risen = (*rows, row(6, 0.96, 1.3))
    assert ids(evidence(*looks, rows=risen)) == []


def test_units_that_are_alike_are_the_cause_and_the_advice() -> None:
    """mnist-mlp from zeros with tanh: no higher rate and no other activation would help."""
    layers = (LayerInsight("hidden", 0.0, 10, alike=10), LayerInsight("output", 1e-4))
    looks = [look(100 * i, 2.303, layers=layers, rate=0.01) for i in range(3)]
    rows = tuple(row(epoch, 2.303, 2.303) for epoch in range(4))
    rows = tuple(replace(one, train_accuracy=0.1) for one in rows)
    found = {one.id: one.advice for one in diagnose(evidence(*looks, rows=rows, epochs=4))}
    assert list(found) == ["units-alike", "chance-level"]
    assert len(set(found.values())) == 1


@pytest.mark.parametrize(("ratio", "said"), [(0.0, "only 0 of"), (5.1e-8, "only 5.1e−8 of")])
def test_small_numbers_are_written_as_in_formulas(ratio: float, said: str) -> None:
    layers = (LayerInsight("hidden", ratio), LayerInsight("output", 1e-3))
    looks = [look(100 * i, 2.0 if i == 0 else 1.0, layers=layers) for i in range(3)]
    (one,) = diagnose(evidence(*looks))
    assert said in one.text
    assert "e-" not in one.title + one.text
    far = [replace(one, loss=1.018e24) for one in looks]
    known = replace(evidence(*far, epochs=5), usual_rate=1.0)
    (one,) = (one for one in diagnose(known) if one.id == "chance-level")
    assert one.title.startswith("loss 1.018e24,")

"""Lockstep: right versions stay together to rounding, and a slip is found where it begins."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from itertools import islice

import pytest
import torch

from engine.data import glyphs
from engine.naming import Shown
from engine.recipes.catalog import find_recipe, recipes
from engine.training.hyperparameters import SettingError
from engine.training.lockstep import (
    Lockstep,
    LockstepError,
    LockstepStep,
    Precision,
    Slip,
    common_orders,
    load_lockstep,
    verdict,
)
from engine.training.order import TrainingOrder
from engine.training.snapshot import Setting
from engine.training.task import Source
from tests.unit.engine.small_images import make_narrow

SIX = tuple(f"two-layer-{v}" for v in ("numpy", "tensors", "autograd", "nn", "optim", "module"))
PAIR = ("two-layer-tensors", "two-layer-module")
SOURCE = Source("cpu", allow_synthetic=True)


def make(names: Sequence[str], precision: Precision = Precision.FLOAT64) -> Lockstep:
    given: dict[str, Setting] = {"hidden": 40} if "mlp" in names else {}
    return load_lockstep(orders(names, given), precision)


def orders(
    names: Sequence[str], given: Mapping[str, Setting] | None = None
) -> tuple[TrainingOrder, ...]:
    return common_orders([find_recipe(name) for name in names], given or {}, SOURCE)


def steps(lockstep: Lockstep, count: int) -> list[LockstepStep]:
    return list(islice(lockstep.run(), count))


@pytest.fixture(autouse=True)
def few_images(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand glyphs in place of every image set, and narrow networks for digits."""
    few = functools.partial(glyphs.glyph_images, 0, 1000, 200)
    monkeypatch.setattr(glyphs, "glyph_images", few)
    make_narrow(monkeypatch)


@pytest.mark.parametrize(
    ("names", "count"),
    [
        (("linear", "linear-concise"), 250),
        (("softmax", "softmax-concise"), 40),
        (("mlp", "mlp-concise"), 40),
        (("mnist-mlp", "mnist-mlp-module"), 30),
        (SIX, 40),  # in 32 bits, 100
    ],
)
def test_right_versions_stay_together(names: tuple[str, ...], count: int) -> None:
    made = steps(make(names), count)
    assert [step.step for step in made] == list(range(1, count + 1))
    last = made[-1]
    assert last.is_together
    assert max(step.gap.relative for step in made) < 1e-11
    assert last.losses == pytest.approx([last.losses[0]] * len(names), rel=1e-9)
    assert last.losses[0] < made[0].losses[0]
    assert verdict(names, last).startswith(f"Together after {count} updates")


def test_every_concise_version_and_every_way_is_compared() -> None:
    compared = {"linear", "softmax", "mlp", "mnist-mlp", *SIX}
    compared |= {"linear-concise", "softmax-concise", "mlp-concise", "mnist-mlp-module"}
    assert {recipe.name for recipe in recipes()} == {*compared, "fizzbuzz"}


def test_in_32_bits_the_six_ways_agree_to_rounding() -> None:
    made = steps(make(SIX, Precision.FLOAT32), 100)
    assert made[-1].is_together
    assert made[-1].losses == pytest.approx([made[-1].losses[0]] * 6, rel=1e-4)
    assert 1e-8 < max(step.gap.relative for step in made) < Precision.FLOAT32.tolerance


@pytest.mark.parametrize("slip", [Slip.RATE, Slip.DIVIDE_TWICE, Slip.SKIP])
@pytest.mark.parametrize("names", [PAIR, ("linear", "linear-concise"), ("mlp", "mlp-concise")])
def test_a_slip_is_found_at_the_step_at_which_it_begins(names: Sequence[str], slip: Slip) -> None:
    lockstep = make(names)
    run = lockstep.run()
    before = [next(run) for _ in range(3)]
    assert before[-1].is_together
    lockstep.slips = {names[1]: slip}
    now = next(run)
    assert now.first_apart is now
    assert (now.gap.version, now.step) == (names[1], 4)
    later = next(run)
    assert not later.is_together
    assert later.first_apart is now
    text = verdict(names, later)
    assert text.startswith(f"They part at step 4: {now.gap.parameter} of {names[1]} differs")
    assert f"{Shown(now.gap.difference):.1e}" in text
    assert lockstep.slips == ({} if slip is Slip.SKIP else {names[1]: slip})


def test_the_gap_is_the_largest_difference_of_the_parameters() -> None:
    lockstep = make(PAIR)
    lockstep.slips = {PAIR[1]: Slip.RATE}
    (now,) = steps(lockstep, 1)
    one, other = (task.exchange() for task in lockstep.versions.values())
    gaps = {name: float((one[name] - other[name]).abs().max()) for name in one}
    relative = {
        name: gap / float(torch.maximum(one[name].abs(), other[name].abs()).max())
        for name, gap in gaps.items()
    }
    assert now.gap.parameter == max(relative, key=lambda name: relative[name])
    assert now.gap.difference == pytest.approx(gaps[now.gap.parameter])
    assert now.gap.relative == pytest.approx(max(relative.values()))


@pytest.mark.parametrize("names", [PAIR, ("linear", "linear-concise")])
def test_a_restart_repeats_every_number(names: Sequence[str]) -> None:
    lockstep = make(names)
    lockstep.slips = {names[1]: Slip.DIVIDE_TWICE}
    first = steps(lockstep, 5)
    assert not first[-1].is_together
    lockstep.restart()
    assert (lockstep.step, lockstep.slips) == (0, {})
    clean = steps(lockstep, 5)
    assert clean[-1].is_together
    assert [step.losses[0] for step in clean] == [step.losses[0] for step in first]


def test_another_optimizer_is_another_model() -> None:
    lockstep = load_lockstep(orders(("two-layer-nn", "two-layer-optim"), {"optimizer": "adam"}))
    (now,) = steps(lockstep, 1)
    assert not now.is_together


def test_too_large_a_learning_rate_is_said() -> None:
    lockstep = load_lockstep(orders(PAIR, {"lr": 1.0}))
    with pytest.raises(LockstepError, match=r"no longer a finite number.*rate 1 is too high"):
        steps(lockstep, 20)


def test_models_of_other_shapes_cannot_be_compared() -> None:
    with pytest.raises(LockstepError, match="different names or shapes"):
        make(("two-layer-nn", "linear"))


@pytest.mark.parametrize("names", [("linear",), ("linear", "linear")])
def test_two_different_recipes_are_needed(names: Sequence[str]) -> None:
    with pytest.raises(LockstepError, match=r"once|at least two"):
        make(names)


def test_all_take_the_settings_of_the_first_and_plain_sgd() -> None:
    by_hand, optim = orders(("two-layer-numpy", "two-layer-optim"), {"seed": 7})
    assert optim.settings["lr"] == by_hand.settings["lr"] == 1e-6
    assert optim.settings["optimizer"] == "sgd"
    assert optim.settings["seed"] == 7
    optim, by_hand = orders(("two-layer-optim", "two-layer-numpy"), {"optimizer": "adam"})
    assert by_hand.settings["lr"] == 1e-4
    assert optim.settings["optimizer"] == "adam"
    with pytest.raises(SettingError, match="None of the recipes linear has"):
        orders(("linear",), {"optimizer": "adam"})

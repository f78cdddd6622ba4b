"""The nudging lab: every key, its numbers against autograd, and how it looks."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.gradients import autograd_gradients
from engine.labs.nudging import MOST, SIZES, WEIGHTS, Nudge, product
from engine.worked_example import worked_example
from tests.screens.lab_bench import LabBench
from tui.labs import make_lab
from tui.labs.nudging import NudgingLab

SnapCompare = Callable[..., bool]


def bench(theme: str = "dltutor-dark") -> tuple[LabBench, NudgingLab]:
    app = LabBench("nudging", theme)
    assert isinstance(app.lab, NudgingLab)
    return app, app.lab


@pytest.mark.parametrize("weight", WEIGHTS)
@pytest.mark.parametrize("count", [-7, 1, 20])
def test_the_ratios_multiply_and_the_ways_add_up(weight: str, count: int) -> None:
    given = worked_example()
    gradients = autograd_gradients(given.network(), given.x, given.target)
    layer, place = divmod(int(weight[1:]) - 1, 4)
    slope = gradients.W[layer][divmod(place, 2)]
    off = []
    for size in range(len(SIZES)):
        nudge = Nudge(weight, count, size)
        ratio = nudge.loss.ratio
        assert ratio is not None
        assert sum(map(product, nudge.ways)) == pytest.approx(ratio, rel=1e-6)
        off.append(abs(ratio - slope))
    assert off == sorted(off, reverse=True)
    assert off[-1] < 1e-4


async def test_every_key_does_what_it_says() -> None:
    app, lab = bench()
    async with app.run_test(size=(80, 24)) as pilot:
        assert "Nothing has moved yet" in app.said("sums")
        await pilot.press("right", "right", "left")
        assert lab.state == Nudge("w5", 1, 1)
        assert "w₅ moved by +0.01" in app.said("moved")
        assert "Δzₒ₁ ÷ Δw₅" in app.said("links")
        assert "0.593270" in app.said("links")
        assert "∂E/∂w₅, for the smallest of nudges: 0.082167" in app.said("sums")
        await pilot.press("down")
        assert lab.state.size == 2
        await pilot.press("up", "up", "up")
        assert lab.state.size == 0
        assert "A nudge is from 0.0001 to 0.1" in app.said("note")
        await pilot.press("n", "n")
        assert lab.state.weight == "w1"
        for part in ("over o₁", "over o₂", "together"):
            assert part in app.said("sums")
        await pilot.press(*["left"] * (MOST + 2))
        assert lab.state.count == -MOST
        assert "at most 20 nudges" in app.said("note")
        await pilot.press("r")
        assert lab.state == Nudge()


def test_a_weight_that_does_not_exist_is_said() -> None:
    lab = make_lab("nudging", {"weight": "w9"})
    assert isinstance(lab, NudgingLab)
    assert "no weight 'w9'" in lab.trouble


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_it_looks_as_before(snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    app, _ = bench()
    assert snap_compare(app, terminal_size=size, press=["n", "n", "right", "right"])


def test_it_looks_as_before_in_light(snap_compare: SnapCompare) -> None:
    app, _ = bench("dltutor-light")
    assert snap_compare(app, terminal_size=(80, 24), press=["right", "right", "right"])

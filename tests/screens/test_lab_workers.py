"""The lab of workers that share a batch: every key, its numbers, and how it looks."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from engine.labs.ring import summed
from engine.labs.workers import (
    BATCHES,
    MOST_UPDATES,
    RATE,
    Mistake,
    Moment,
    Phase,
    Settings,
    gradient,
    update_of,
)
from tests.screens.lab_bench import LabBench
from tui.labs import make_lab
from tui.labs.workers import WorkersLab
from tui.widgets.chart import Chart

SnapCompare = Callable[..., bool]
NARROW, WIDE = (80, 24), (120, 40)


def bench(theme: str = "dltutor-dark", **options: str) -> tuple[LabBench, WorkersLab]:
    app = LabBench("workers", theme, **options)
    assert isinstance(app.lab, WorkersLab)
    return app, app.lab


@pytest.mark.parametrize("workers", [1, 2, 3, 4, 7])
def test_after_the_ring_everyone_holds_the_sum(workers: int) -> None:
    given = np.random.default_rng(0).normal(size=(workers, 10))
    ring = summed(given)
    assert len(ring.turns) == 2 * (workers - 1)
    assert np.allclose(ring.states[-1], given.sum(0))
    assert (ring.states[-1] == ring.states[-1][0]).all()
    assert ring.numbers_sent(len(ring.turns)) == 2 * (workers - 1) * 10
    for turn in ring.turns:
        assert sorted(sent.source for sent in turn) == list(range(workers))
        assert sorted(sent.target for sent in turn) == list(range(workers))


@pytest.mark.parametrize("uneven", [False, True])
@pytest.mark.parametrize("batch", BATCHES)
@pytest.mark.parametrize("workers", [1, 2, 3, 4])
def test_workers_and_one_model_learn_the_same(workers: int, batch: int, uneven: bool) -> None:
    settings = Settings(workers, batch, uneven)
    for number in range(6):
        update = update_of(settings, number)
        dealt = sorted(sample for share in update.shares for sample in share)
        assert dealt == sorted(update.batch)
        assert abs(update.difference).max() < 1e-14
    assert update_of(settings, 100).apart < 1e-13
    assert update_of(settings, 100).losses[0] < 0.1 * update_of(settings, 0).losses[0]


def test_what_each_mistake_does() -> None:
    even, uneven = Settings(4, 12), Settings(4, 12, uneven=True)

    def apart(settings: Settings, mistake: Mistake, number: int) -> float:
        return update_of(
            Settings(settings.workers, settings.batch, settings.uneven, mistake), number
        ).apart

    assert apart(even, Mistake.PLAIN_MEAN, 50) < 1e-13
    assert apart(uneven, Mistake.PLAIN_MEAN, 1) < 1e-13, "the first batch is full"
    assert apart(uneven, Mistake.PLAIN_MEAN, 2) > 1e-3
    assert apart(even, Mistake.TWICE, 1) > 0.1
    assert apart(even, Mistake.SHUFFLES, 1) > 0.1
    own = update_of(Settings(4, 12, mistake=Mistake.SHUFFLES), 0)
    got = [sample for share in own.shares for sample in share]
    assert len(set(got)) < len(got)
    starts = Settings(4, 12, mistake=Mistake.STARTS)
    assert update_of(starts, 0).spread == pytest.approx(update_of(starts, 150).spread, rel=1e-12)
    assert update_of(starts, 150).losses[0] > 2 * update_of(even, 150).losses[0]


def test_dividing_twice_is_a_smaller_rate() -> None:
    settings = Settings(4, 12, mistake=Mistake.TWICE)
    w = update_of(settings, 0).big_weights
    for number in range(20):
        w = w - RATE / 4 * gradient(w, update_of(settings, number).batch, settings.samples)
    assert np.allclose(w, update_of(settings, 20).weights[0])


def test_a_step_back_undoes_a_step() -> None:
    moment, seen = Moment(Settings(3, 8)), []
    for _step in range(30):
        seen.append(moment)
        moment = moment.forward()
    phases = [each.phase for each in seen[: len(seen[0].steps)]]
    assert phases == [
        Phase.DEAL, *[Phase.WORK] * 3, Phase.WEIGH, *[Phase.RING] * 4, Phase.COMPARE, Phase.UPDATE,
    ]  # fmt: skip
    for before in reversed(seen):
        moment = moment.back()
        assert moment == before
    assert moment.back() == moment


async def test_the_arrows_walk_through_an_update() -> None:
    app, lab = bench(workers="3")
    async with app.run_test(size=NARROW) as pilot:
        assert "3 workers · batches of 12 from 24 samples · update 1 · no mistake" in app.said(
            "state"
        )
        assert "Deal" in app.said("phase")
        await pilot.press("right", "right")
        assert "Worker 2: forward and backward, the mean gradient over 4 of 12." in app.said(
            "phase"
        )
        await pilot.press("right", "right")
        assert "×4/12" in app.said("table")
        await pilot.press("right")
        assert "Ring 1 of 4" in app.said("phase")
        assert app.said("sent") == "1 → 2: w1, w2 · 2 → 3: w3 · 3 → 1: b"
        assert "sent by all: 32 of 2(3 − 1) · 32 = 128 bytes" in app.said("bytes")
        await pilot.press("right", "right")
        assert "finished sum" in app.said("phase")
        await pilot.press("right", "right")
        assert lab.moment.steps[lab.moment.place] == (Phase.COMPARE, 0)
        assert "128 of" in app.said("bytes")
        await pilot.press("right", "right")
        assert (lab.moment.number, lab.moment.place) == (1, 0)
        await pilot.press("left")
        assert lab.moment.steps[lab.moment.place] == (Phase.UPDATE, 0)


async def test_every_key_does_what_it_says() -> None:
    app, lab = bench()
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("left")
        assert "This is the start" in app.said("note")
        await pilot.press("n", "f")
        assert lab.moment.number == 26
        assert lab.query_one(Chart).drawing.series[0].xs[-1] == 26
        await pilot.press("1")
        assert (lab.moment.settings.workers, lab.moment.number) == (1, 0)
        assert "One worker sends nothing" in app.said("bytes")
        await pilot.press("4", "b")
        assert lab.moment.settings.batch == 24
        await pilot.press("m")
        assert "plain mean of means" in app.said("state")
        assert "u leaves a smaller last batch" in app.said("note")
        await pilot.press("u")
        assert "21 samples now: the last batch of each pass has 21" in app.said("note")
        await pilot.press("b", "u", "u")
        assert "has 5" in app.said("note")
        await pilot.press("m", "m")
        assert "nobody has:" in app.said("sent")
        await pilot.press("m", "f")
        assert "The workers themselves are apart by" in app.said("result")
        assert len(lab.query_one(Chart).drawing.series) == 2
        await pilot.press("v")
        assert lab.has_class("-chart")
        assert not lab.query_one("#table").display
        await pilot.press("v", "r")
        assert lab.moment == Moment(Settings(4, 8, uneven=True))
        lab._take(lab.moment.on(MOST_UPDATES))
        for _step in lab.moment.steps[1:]:
            await pilot.press("right")
        await pilot.press("right")
        assert "200 updates are the most of this lab" in app.said("note")


async def test_there_is_room_for_both_views() -> None:
    app, lab = bench(workers="4", mistake="starts")
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("f", "v")
        assert "Both are already" in app.said("note")
        assert lab.query_one("#table").display
        assert lab.query_one(Chart).display


@pytest.mark.parametrize("option", [{"workers": "5"}, {"batch": "7"}, {"mistake": "many"}])
def test_an_option_that_does_not_exist_is_said(option: dict[str, str]) -> None:
    lab = make_lab("workers", option)
    assert isinstance(lab, WorkersLab)
    assert "Choose one of" in lab.trouble
    assert lab.moment == Moment()


@pytest.mark.parametrize("size", [NARROW, WIDE])
def test_it_looks_as_before(snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    app, _ = bench(workers="4")
    assert snap_compare(app, terminal_size=size, press=["f", *["right"] * 8])


def test_it_looks_as_before_in_light(snap_compare: SnapCompare) -> None:
    app, _ = bench("dltutor-light", workers="3", mistake="starts", last="uneven")
    assert snap_compare(app, terminal_size=NARROW, press=["f", "v"])

"""A long history in a chart: the band from minimum to maximum, and what is not finite."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from textual.geometry import Size

from engine.training.metrics import History
from engine.training.snapshot import Curve, EpochMetrics, Snapshot
from tests.screens.drawing import drawn
from tests.screens.fake_session import HostApp, linear_finished, softmax_running
from tui.panes.epoch import EpochPane, epoch_series
from tui.panes.loss import LossPane, loss_series
from tui.screens.training import TrainingScreen
from tui.widgets.band import SHADE, Band, band
from tui.widgets.chart import Drawing, draw
from tui.widgets.series import Axis

SIZE = Size(60, 20)


def history(count: int, spike: int = 0, *, low: float = 1.0, high: float = 2.0) -> History:
    """Losses that jump between two values, with one far higher at the step `spike`."""
    kept = History()
    for step in range(1, count + 1):
        kept.append(step, 9.0 if step == spike else (low, high)[step % 2])
    return kept


def rows(curve: Curve, *, log: bool = False, size: Size = SIZE, last: int = 0) -> list[str]:
    series = loss_series(Snapshot(losses=curve))
    limits = (0.0, float(last or curve.steps[-1]))
    drawing = Drawing("step", "loss", series, log=log, x_limits=limits)
    return ["".join(text for text, _ in row) for row in draw(drawing, size)]


def columns_with(shown: list[str], sign: str, rows_of: slice) -> set[int]:
    return {x for row in shown[rows_of] for x, char in enumerate(row) if char == sign}


@pytest.mark.parametrize("count", [400, 5000, 40_000, 100_000])
@pytest.mark.parametrize("log", [False, True])
def test_a_spike_of_one_update_reaches_up_to_its_height(count: int, log: bool) -> None:
    spike = count * 7 // 10 + 1
    shown = rows(history(count, spike).curve(), log=log)
    high = columns_with(shown, SHADE, slice(3, 5))
    assert 1 <= len(high) <= 3
    assert all(abs(x - (2 + 57 * spike / count)) <= 3 for x in high)
    # The band spans from 1 to 2 in every column: many whole rows on a log scale, else about two,
    # which hold the mean's dots as well: there the chart is not that of the mean alone.
    if log:
        assert len(columns_with(shown, SHADE, slice(8, 18)) & set(range(4, 58))) >= 50
    mean = rows(history(count, spike, low=1.5, high=1.5).curve(), log=log)
    apart = [x for x in range(4, 58) if any(shown[y][x] != mean[y][x] for y in range(8, 18))]
    assert len(apart) >= 50


def band_of(curve: Curve, last: int, columns: int) -> Band:
    lows, highs = (
        [value for value in edges if value is not None] for edges in (curve.lows, curve.highs)
    )
    axis = Axis(0.0, float(last), (), ())
    return band(curve.steps, curve.values, lows, highs, curve.counts, axis, columns)


@pytest.mark.parametrize("count", [30, 57, 58, 400, 2047, 2048, 5000, 100_000])
def test_the_number_of_updates_in_a_column_is_the_real_one(count: int) -> None:
    kept = history(count)
    label = rows(kept.curve())[-1]
    columns = next(row for row in rows(kept.curve()) if "┼" in row or "└" in row)
    width = SIZE.width - columns.index("└") - 1
    updates = kept.stride * math.ceil(2 * count / ((2 * width - 1) * kept.stride))
    found = band_of(kept.curve(), count, width)
    assert found.updates == updates
    if updates == 1:
        assert "each column" not in label
    else:
        assert f"step (each column: {updates} updates)" in label


@pytest.mark.parametrize("count", [61, 500, 3000, 9000, 33_333])
def test_every_update_is_in_a_column_and_each_column_shows_its_own_bin(count: int) -> None:
    rng = np.random.default_rng(count)
    values = rng.normal(size=count)
    kept = History()
    for step, value in enumerate(values.tolist(), start=1):
        kept.append(step, value)
    curve = kept.curve()
    found = band_of(curve, count, 60)
    starts = range(0, count, found.updates)
    bins = [values[start : start + found.updates] for start in starts]
    exact = {(round(b.min(), 9), round(b.mean(), 9), round(b.max(), 9)) for b in bins}
    drawn = {
        tuple(round(number, 9) for number in column)
        for column in zip(found.lows.tolist(), found.means.tolist(), found.highs.tolist(),
                          strict=True)
    }  # fmt: skip
    assert drawn == exact


def test_what_is_not_there_yet_is_not_shaded() -> None:
    shown = rows(history(3000).curve(), last=6000)
    shaded = columns_with(shown, SHADE, slice(0, 17))
    assert max(shaded) < 34


@pytest.mark.parametrize(("bad", "kind"), [(math.nan, "nan"), (math.inf, "inf")])
def test_a_loss_that_is_not_finite_is_marked_at_its_step_and_named(bad: float, kind: str) -> None:
    kept = history(3000)
    kept.append(3001, bad)
    kept.append(3002, 1.0)
    series = loss_series(Snapshot(losses=kept.curve()))
    assert [one.name for one in series][2:] == [f"{kind} at step 3001"]
    assert series[2].xs == (3001.0,)
    shown = rows(kept.curve(), last=6000)
    assert any(28 <= x <= 34 for x in columns_with(shown, "✗", slice(0, 18)))


async def test_a_first_loss_that_is_not_finite_is_told_though_nothing_can_be_drawn() -> None:
    app = HostApp(TrainingScreen("linear"))
    app.fake.publish(
        replace(linear_finished(), step=0, losses=Curve(not_finite=((1, "nan"),)), measured=())
    )
    async with app.run_test(size=(80, 24)) as pilot:
        await drawn(pilot)
        screen = app.screen
        assert isinstance(screen, TrainingScreen)
        chart = screen.panes.of(LossPane).chart
        assert "nan at step 1" in str(chart.query_one("Static").render())
        assert "✗" in chart.text


def test_a_curve_of_version_0_1_has_no_band() -> None:
    curve = Curve(tuple(range(1, 513)), (1.0,) * 512)
    series = loss_series(Snapshot(losses=curve))
    assert [one.name for one in series] == ["batch", "smoothed 0.95"]
    assert not any(SHADE in row for row in rows(curve))


def test_every_set_is_drawn_from_epoch_0_and_named() -> None:
    snapshot = softmax_running()
    names = [(one.name, one.xs[0], len(one.xs)) for one in epoch_series(snapshot)]
    assert names == [("train, during the epoch", 1.0, 3), ("train", 0.0, 4), ("test", 0.0, 4)]
    held = tuple(replace(row, validation_accuracy=0.5) for row in snapshot.measured)
    series = {one.name: one for one in epoch_series(replace(snapshot, measured=held))}
    assert series["validation"].ys == (0.5,) * 4
    assert series["train"].ys[1:] == tuple(0.86 - 0.12 / epoch for epoch in (1, 2, 3))
    assert series["train, during the epoch"].ys == tuple(0.86 - 0.2 / e for e in (1, 2, 3))
    assert len({one.marker for one in series.values()}) == 4


async def test_epoch_0_alone_is_drawn_and_the_held_out_samples_are_told() -> None:
    app = HostApp(TrainingScreen("softmax"))
    begin = EpochMetrics(0, 0, 2.3, 0.1, 2.3, 0.09, 0.0, 0.0, (), None, None, 2.3, 0.11)
    app.fake.publish(
        replace(softmax_running(), epoch=0, step=0, measured=(begin,), losses=Curve(),
                train_samples=54_000, validation_samples=6_000)
    )  # fmt: skip
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("2")
        await drawn(pilot)
        screen = app.screen
        assert isinstance(screen, TrainingScreen)
        assert "×" in screen.panes.of(EpochPane).chart.text
        facts = str(screen.query_one("#facts").render()).replace("\u00a0", " ")
        assert facts == "cpu · Fashion-MNIST · 54 000 training, 6 000 validation, 10 000 test"

"""The lab that shows the made data: its points, its correlations, its cloud, its keys."""

from __future__ import annotations

import numpy as np
import pytest
from textual.app import App, ComposeResult
from textual.widgets import Static

from engine.labs.scatter import View, scaled
from tests.screens.lab_stand_ins import small_sample
from tests.screens.waiting import settle
from tui.labs import make_lab, scatter
from tui.labs.scatter import Sample, ScatterLab
from tui.themes import ThemedApp
from tui.widgets.chart import Chart, Drawing, Series
from tui.widgets.cloud import Cloud


class LabApp(ThemedApp[None]):
    """The lab alone."""

    def compose(self) -> ComposeResult:
        yield make_lab("scatter", {})


def heading(app: App[None], number: int) -> str:
    return str(app.query_one(f"#feature-{number}", Chart).query_one(Static).content)


def note(app: App[None]) -> str:
    return str(app.query_one("#note", Static).content)


async def test_the_real_data_are_shown_whole_with_their_correlations() -> None:
    app = LabApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        sample = app.query_one(ScatterLab).sample
        assert sample is not None
        assert len(sample.labels) == 1000
        for number in (1, 2):
            series = app.query_one(f"#feature-{number}", Chart).drawing.series
            shown = [point for one in series for point in zip(one.xs, one.ys, strict=True)]
            assert sorted(shown) == sorted(
                zip(sample.features[number - 1], sample.labels, strict=True)
            )
            assert not any(one.line for one in series)
            wanted = np.corrcoef(sample.features[number - 1], sample.labels)[0, 1]
            assert f"{wanted:+.4f}" in heading(app, number)
        # The weights are 2 and 3.4, so the second feature tells more about the label.
        assert 0.4 < sample.correlations[0] < 0.6
        assert 0.8 < sample.correlations[1] < 0.95
        assert "1000 samples" in note(app)


async def test_n_draws_with_the_next_seed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scatter, "make_sample", small_sample)
    app = LabApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        before = heading(app, 1)
        await pilot.press("tab", "n")
        await settle(pilot)
        assert "seed 1" in note(app)
        assert heading(app, 1) != before


@pytest.mark.parametrize(("width", "wide"), [(99, False), (100, True)])
async def test_charts_stand_side_by_side_where_there_is_room(
    monkeypatch: pytest.MonkeyPatch, width: int, wide: bool
) -> None:
    monkeypatch.setattr(scatter, "make_sample", small_sample)
    app = LabApp()
    async with app.run_test(size=(width, 30)) as pilot:
        await settle(pilot)
        first, second = app.query(Chart)
        assert (first.region.y == second.region.y) is wide
        assert app.query_one(ScatterLab).size.height <= (23 if wide else 20)


async def test_a_failure_is_said_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(seed: int) -> Sample:
        raise ImportError("no module called torch")

    monkeypatch.setattr(scatter, "make_sample", fail)
    app = LabApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert "The data cannot be generated" in note(app)


def test_a_cloud_keeps_every_point() -> None:
    xs = tuple(float(x) for x in range(1000))
    drawing = Drawing("x", "y", (Series("y", xs, xs, cloud=True),))
    assert len(drawing.thinned(40)[0].xs) == 1000


def where(app: App[None]) -> str:
    return str(app.query_one("#where", Static).content)


async def test_the_cloud_is_turned_by_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scatter, "make_sample", small_sample)
    app = LabApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("tab", "left")
        assert "cannot be turned" in note(app)
        await pilot.press("v")
        assert app.query_one("#space").display
        assert not app.query_one("#charts").display
        before = app.query_one(Cloud).render().plain
        await pilot.press("right", "right", "down")
        assert "50° around, 10° up" in where(app)
        assert app.query_one(Cloud).render().plain != before
        assert all(name in before for name in ("x₁", "x₂", "y"))
        await pilot.press("r")
        assert app.query_one(Cloud).render().plain == before
        await pilot.press("v")
        assert app.query_one("#charts").display


async def test_the_samples_lie_in_a_plane_that_can_be_seen_edge_on() -> None:
    """From some side the cloud is a thin line: y is a sum of both features, and little noise."""
    sample = scatter.make_sample(0)
    columns = (*sample.features, sample.labels)
    limits = tuple((min(column), max(column)) for column in columns)
    points = scaled(columns, limits)

    def thickness(view: View) -> float:
        seen = view.project(points)[:, :2]
        return float(np.sqrt(np.linalg.eigvalsh(np.cov(seen.T))[0]))

    views = [View(azimuth, elevation) for azimuth in range(0, 360, 10) for elevation in (0, 10, 20)]
    assert min(map(thickness, views)) < 0.03
    assert thickness(View()) > 0.1


def test_a_view_turns_round_and_stops_above() -> None:
    view = View(350, 80).turned(2, 3)
    assert (view.azimuth, view.elevation) == (10, 90)
    seen = View(0, 90).project(np.eye(3))
    assert seen[2] == pytest.approx([0, 0, 1])
    assert np.linalg.norm(seen, axis=1) == pytest.approx([1, 1, 1])

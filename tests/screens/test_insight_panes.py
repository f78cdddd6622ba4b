"""The panes that look inside a model, and the line that tells what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from engine.training.insight import Diagnosis, Histogram, Insight, Insights, LayerInsight
from engine.training.snapshot import SessionState, Snapshot
from tests.screens.fake_session import HostApp, linear_finished, softmax_running
from tests.screens.training_app import screen_of
from tui.page.lines import line_text
from tui.panes.diagnosis import DiagnosisPane, diagnosis_lines
from tui.panes.units import UnitsPane
from tui.panes.updates import UpdatesPane
from tui.screens.training import TrainingScreen
from tui.widgets.diagnosis_line import DiagnosisLine
from tui.widgets.training_progress import TrainingProgress
from tui.widgets.watched_charts import WatchedCharts

NARROW, WIDE = (80, 24), (120, 40)


def layer(name: str, epoch: int, units: int, dead: int) -> LayerInsight:
    bell = tuple(round(1000 * 2.0 ** (-(((i - 15) / 4) ** 2))) for i in range(24))
    falling = tuple(round(4000 / (1 + i) ** 2) for i in range(24))
    return LayerInsight(
        name,
        3e-3 / epoch if name == "hidden" else 8e-4 / epoch,
        units,
        dead,
        9 if units else 0,
        Histogram(0.0, 3.25, falling) if units else None,
        Histogram(-8.0, -2.0, bell, 120),
    )


SICK = (
    Diagnosis(
        "dead-units", "hidden", 182, "182 of 256 units dead in “hidden”",
        "182 of 256 units in the layer “hidden” are dead: they give the same at every sample, and"
        " no gradient passes through them.",
        "Start again with a lower learning rate or other first weights. Units with leaky ReLU or"
        " tanh do not die.",
    ),
    Diagnosis("overfitting", "", 0.2, "overfitting since epoch 1", "It overfits.", "Stop."),
)  # fmt: skip


def mlp(*diagnoses: Diagnosis) -> Snapshot:
    looks = tuple(
        Insight(
            235 * epoch, float(epoch), 1 / epoch, 2.303,
            (layer("hidden", epoch, 256, 182), layer("output", epoch, 0, 0)), 2.9, 0.5, 2.0,
        )
        for epoch in (1, 2, 3)
    )  # fmt: skip
    return replace(
        softmax_running(), recipe="mlp", layers=("hidden", "output"),
        insights=Insights(looks, diagnoses),
    )  # fmt: skip


def app_with(snapshot: Snapshot, theme: str = "dltutor-dark") -> HostApp:
    app = HostApp(TrainingScreen(snapshot.recipe), theme=theme)
    app.fake.publish(snapshot)
    return app


async def test_the_line_comes_when_something_is_wrong_and_keeps_its_row_until_the_end() -> None:
    app = app_with(mlp())
    async with app.run_test(size=NARROW) as pilot:
        line = app.screen.query_one(DiagnosisLine)
        assert not line.display
        app.fake.publish(mlp(*SICK))
        screen_of(app).refresh_snapshot()
        await pilot.pause()
        assert line.display
        assert line.render().plain.startswith("! 182 of 256 units dead in “hidden”")
        rows = app.screen.query_one(TrainingProgress).region
        app.fake.publish(mlp())
        screen_of(app).refresh_snapshot()
        await pilot.pause()
        assert line.display
        assert line.render().plain == "no longer: 182 of 256 units dead in “hidden”"
        assert app.screen.query_one(TrainingProgress).region == rows
        app.fake.publish(replace(mlp(), state=SessionState.FINISHED))
        screen_of(app).refresh_snapshot()
        await pilot.pause()
        assert not line.display


async def test_9_opens_all_diagnoses_and_arrows_scroll() -> None:
    app = app_with(mlp(*SICK))
    async with app.run_test(size=(80, 20)) as pilot:
        await pilot.press("9")
        await pilot.pause()
        pane = screen_of(app).panes.of(DiagnosisPane)
        assert pane.label == "diagnosis!"
        assert app.focused is pane.target
        text = "\n".join(line_text(line) for line in pane.diagnoses.lines(78))
        assert all(one.title in text for one in SICK)
        assert "Found last" not in text
        late = Insights(mlp().insights.measured, (replace(SICK[0], step=235), *SICK[1:]), 705)
        told = "\n".join(line_text(line) for line in diagnosis_lines(late, 78))
        assert "Found last after 235 updates; the latest diagnosis did not find it.\n" in told
        before = pane.scrolling.scroll_y
        await pilot.press("down", "down")
        assert pane.scrolling.scroll_y == before + 2
        assert not pane.query(WatchedCharts), "there is no room"
        await pilot.resize_terminal(200, 60)
        await pilot.pause()
        charts = pane.query_one(WatchedCharts).charts
        drawn = [{each.name for each in chart.drawing.series} for chart, *_more in charts]
        assert drawn == [
            {"by chance", "loss"}, {"hidden"}, {"above it steps grow", "rate · curvature"},
        ]  # fmt: skip
        assert charts[1][0].drawing.y_limits == (0.0, 100.0)
        assert pane.diagnoses.size.width <= 88
        await pilot.resize_terminal(120, 40)
        await pilot.pause()
        assert not pane.query_one(WatchedCharts).display


async def test_m_changes_between_activations_and_gradients_where_there_is_no_room() -> None:
    app = app_with(mlp())
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("8")
        await pilot.pause()
        pane = screen_of(app).panes.of(UnitsPane)

        def shown() -> str:
            return "\n".join(line_text(line) for line in pane.units.lines(80))

        assert "dead 182 of 256 (71 %)" in shown()
        assert "size of the gradients" not in shown().splitlines()[0]
        await pilot.press("m")
        assert "hidden: size of the gradients" in shown()
        assert "dead" not in shown()
        await pilot.press("m")
        assert "dead 182 of 256 (71 %)" in shown()
        await pilot.resize_terminal(120, 40)
        await pilot.pause()
        both = "\n".join(line_text(line) for line in pane.units.lines(118))
        assert "dead 182" in both
        assert "size of the gradients" in both


async def test_a_model_without_hidden_units_shows_its_gradients() -> None:
    look = Insight(100, 1.0, 0.5, 8.0, (layer("output", 1, 0, 0),))
    app = app_with(replace(linear_finished(), layers=("output",), insights=Insights((look,))))
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("8")
        await pilot.pause()
        pane = screen_of(app).panes.of(UnitsPane)
        assert "output: size of the gradients" in line_text(pane.units.lines(80)[0])
        assert not pane.has_views


async def test_7_draws_the_ratio_of_every_layer_on_a_log_scale() -> None:
    app = app_with(mlp())
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("7")
        await pilot.pause()
        drawing = screen_of(app).panes.of(UpdatesPane).chart.drawing
        assert drawing.log
        names = [one.name for one in drawing.series]
        assert names == ["rule of thumb: 0.001", "hidden", "output"]
        assert drawing.series[1].ys == (3e-3, 1.5e-3, 1e-3)


@pytest.mark.parametrize("size", [NARROW, WIDE, (200, 60)])
async def test_nothing_is_wider_than_the_screen(size: tuple[int, int]) -> None:
    app = app_with(mlp(*SICK))
    wrong: list[str] = []
    async with app.run_test(size=size) as pilot:
        for key in "789":
            await pilot.press(key)
            await pilot.pause()
            shown = [*screen_of(app).panes.query(".pane.-active")]
            assert shown, key
            for pane in shown:
                if pane.region.right > size[0]:
                    wrong.append(f"{key}: {pane} ends at {pane.region.right}")
                if any(scroll.max_scroll_x for scroll in pane.query("VerticalScroll")):
                    wrong.append(f"{key}: {pane} scrolls to the side")
    assert wrong == []


@pytest.mark.parametrize("key", "789")
@pytest.mark.parametrize(
    ("size", "theme"), [(NARROW, "dltutor-dark"), (WIDE, "dltutor-light")], ids=["narrow", "wide"]
)
def test_the_panes_look_as_before(
    snap_compare: Callable[..., bool], key: str, size: tuple[int, int], theme: str
) -> None:
    app = app_with(mlp(*SICK), theme)
    assert snap_compare(app, press=[key], terminal_size=size)

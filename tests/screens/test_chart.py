"""Charts: what they show, and that they are drawn no more often than they must."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest
from textual.app import ComposeResult
from textual.geometry import Region, Size
from textual.widgets import Static

from tests.screens.fake_session import losses
from tui.themes import ThemedApp
from tui.widgets import chart as chart_module
from tui.widgets.chart import EMPTY_TEXT, Chart, Drawing, Series, draw
from tui.widgets.chart_draw import picture
from tui.widgets.series import smooth

pytestmark = pytest.mark.usefixtures("drawn_at_once")


class ChartApp(ThemedApp[None]):
    CSS = "Chart { width: 60; height: 16; }"

    def __init__(self, theme: str = "dltutor-dark") -> None:
        super().__init__()
        self.animation_level = "none"
        self.wanted_theme = theme
        self.chart = Chart("loss per step", "step", "loss")

    def compose(self) -> ComposeResult:
        yield self.chart

    def on_mount(self) -> None:
        self.theme = self.wanted_theme


def loss_series(count: int = 400) -> list[Series]:
    curve = losses(count, 2.3, 0.5)
    smoothed = tuple(smooth(curve.steps, curve.values, 0.95))
    return [
        Series("batch", curve.steps, curve.values, "muted", "·"),
        Series("smoothed 0.95", curve.steps, smoothed, "primary", "", line=True),
    ]


def rows(drawing: Drawing, size: Size) -> list[str]:
    return ["".join(text for text, _ in row) for row in draw(drawing, size)]


async def test_a_sign_and_its_name_stay_on_one_line_before_anything_is_measured_too() -> None:
    app = ChartApp()
    app.chart.set_series([Series(name, (), (), "primary", "━") for name in ("x" * 42, "y" * 9)])
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        heading = str(app.chart.query_one(Static).content).split("\n")
        assert [row.strip() for row in heading] == [
            "loss per step  ━ " + "x" * 42, "━ " + "y" * 9,
        ]  # fmt: skip


def test_a_chart_of_40_by_10_has_labels_ticks_and_both_series() -> None:
    drawing = Drawing("step", "loss", tuple(loss_series()), x_limits=(0, 400))
    shown = rows(drawing, Size(40, 9))
    assert len(shown) == 9
    assert all(len(row) == 40 for row in shown)
    text = "\n".join(shown)
    assert "step" in shown[-1]
    assert "loss" in shown[-1]
    assert "400" in shown[-2]
    assert any("\u2801" <= char <= "\u28ff" for char in text)
    roles = {role for row in draw(drawing, Size(40, 9)) for _, role in row}
    assert roles == {None, "grid", "muted", "primary"}


def test_a_small_chart_gives_its_rows_to_the_curve() -> None:
    line = Series("loss", (0.0, 1.0, 2.0), (2.0, 1.0, 0.0), "primary", "", line=True)
    drawing = Drawing("epoch", "", (line,))
    curves = []
    for height in range(3, 9):
        found = draw(drawing, Size(40, height))
        curves.append(sum(any(role == "primary" for _text, role in row) for row in found))
        assert len(found) == height
        if height <= 5:
            assert rows(drawing, Size(40, height))[-1].strip("└ ").replace("─", "") == "012"
            assert not any(role == "grid" for row in found for _text, role in row)
    assert curves == [2, 3, 4, 4, 4, 5], "no row of an axis more than it bears"


def test_the_size_of_the_terminal_does_not_limit_a_chart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    monkeypatch.setenv("LINES", "5")
    shown = rows(Drawing("step", "loss", tuple(loss_series())), Size(100, 30))
    assert (len(shown), {len(row) for row in shown}) == (30, {100})


@pytest.mark.parametrize("height", range(8, 30))
def test_marks_and_ticks_stand_on_their_line(height: int) -> None:
    xs, ys = tuple(map(float, range(9))), (0.5, 0.52, 0.81, 0.83, 0.87, 0.6, 0.7, 0.71, 0.9)
    lined = Series("line", xs, ys, "primary", "", line=True)
    marked = Series("marks", xs, ys, "accent", "●")
    size, limits = Size(60, height), {"x_limits": (0.0, 8.0), "y_limits": (0.5, 0.9)}
    both = Drawing("epoch", "", (lined, marked), **limits)  # type: ignore[arg-type]  # by name
    line = rows(replace(both, series=(lined,)), size)
    dots = rows(replace(both, series=(marked,)), size)
    places = [(y, x) for y, row in enumerate(dots) for x, char in enumerate(row) if char == "●"]
    assert len(places) == 9
    assert all("\u2801" <= line[y][x] <= "\u28ff" for y, x in places)
    label = [row.split("┤")[0].strip() for row in line if "┤" in row][-2]
    level = replace(lined, ys=(float(label),) * 9)
    flat = rows(replace(both, series=(level,)), size)
    tick = next(row for row in flat if row.strip().startswith(f"{label}┤"))
    assert any("\u2801" <= char <= "\u28ff" for char in tick)


def test_a_log_scale_leaves_out_what_is_not_positive() -> None:
    series = Series("loss", (1, 2, 3, 4), (10.0, 0.0, -1.0, 0.1))
    drawing = Drawing("step", "loss", (series,), log=True)
    assert [(one.xs, one.ys) for one in drawing.thinned(40)] == [((1.0, 4.0), (1.0, -1.0))]
    text = "\n".join(rows(drawing, Size(40, 12)))
    assert "0.1┤" in text
    assert "10┤" in text


def test_points_are_thinned_to_twice_the_width() -> None:
    drawing = Drawing("step", "loss", tuple(loss_series(5000)))
    assert max(len(one.xs) for one in drawing.thinned(60)) <= 120


@pytest.mark.parametrize(
    "ys", [(), (float("nan"),), (float("inf"), float("nan"))], ids=["none", "nan", "inf"]
)
def test_nothing_to_draw(ys: tuple[float, ...]) -> None:
    series = Series("loss", tuple(range(len(ys))), ys)
    assert draw(Drawing("step", "loss", (series,)), Size(40, 10)) == []


@pytest.mark.parametrize("log", [False, True])
def test_one_point_is_drawn(log: bool) -> None:
    drawing = Drawing("step", "loss", (Series("loss", (3,), (0.5,), marker="●"),), log=log)
    assert "●" in "".join(rows(drawing, Size(40, 10)))


async def test_an_empty_chart_says_so_and_names_its_series_later() -> None:
    app = ChartApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert EMPTY_TEXT in app.chart.text
        app.chart.set_series(loss_series())
        await pilot.pause()
        assert EMPTY_TEXT not in app.chart.text
        heading = str(app.chart.query_one("Static").render())
        assert heading == "loss per step  · batch  ━ smoothed 0.95"


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[Drawing]:
    """Every drawing that is made."""
    made: list[Drawing] = []
    real: Callable[[Drawing, Size], object] = picture

    def counting(drawing: Drawing, size: Size) -> object:
        made.append(drawing)
        return real(drawing, size)

    monkeypatch.setattr(chart_module, "picture", counting)
    return made


async def test_equal_data_is_not_drawn_again(counted: list[Drawing]) -> None:
    app = ChartApp()
    async with app.run_test(size=(80, 24)) as pilot:
        app.chart.set_series(loss_series())
        await pilot.pause()
        before = len(counted)
        app.chart.set_series(loss_series())
        await pilot.pause()
        assert len(counted) == before
        app.chart.set_series(loss_series(), log=True)
        await pilot.pause()
        assert len(counted) == before + 1


async def test_a_hidden_chart_is_drawn_when_it_appears(counted: list[Drawing]) -> None:
    app = ChartApp()
    async with app.run_test(size=(80, 24)) as pilot:
        app.chart.display = False
        await pilot.pause()
        before = len(counted)
        app.chart.set_series(loss_series(300))
        app.chart.set_series(loss_series(301))
        await pilot.pause()
        assert len(counted) == before
        app.chart.display = True
        for _ in range(100):
            await pilot.pause()
            if len(counted) > before:
                break
        assert len(counted) == before + 1
        assert "⠉" in app.chart.text or "⠒" in app.chart.text


async def test_only_rows_that_changed_are_painted_again() -> None:
    app = ChartApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        series = Series("train", tuple(range(100)), tuple(0.55 for _ in range(100)), marker="•")
        limits = {"y_limits": (0.0, 1.0), "x_limits": (0.0, 100.0)}
        app.chart.set_series([series], **limits)  # type: ignore[arg-type]  # by name
        await pilot.pause()
        before = app.chart.text.split("\n")
        painted: list[Region] = []
        canvas = app.chart.query_one("_Canvas")
        real = canvas.refresh

        def noting(*regions: Region, **options: bool) -> object:
            painted.extend(regions)
            return real(*regions, **options)

        canvas.refresh = noting  # type: ignore[method-assign, assignment]  # looked at, passed on
        spike = replace(series, ys=(*series.ys[:50], 0.9, *series.ys[51:]))
        app.chart.set_series([spike], **limits)  # type: ignore[arg-type]  # by name
        await pilot.pause()
        after = app.chart.text.split("\n")
        changed = [y for y, (old, new) in enumerate(zip(before, after, strict=True)) if old != new]
        assert 1 <= len(changed) <= 2
        assert [region.y for region in painted] == changed
        assert all(region.width <= 3 for region in painted)


async def test_a_new_theme_colours_the_same_drawing(counted: list[Drawing]) -> None:
    app = ChartApp()
    async with app.run_test(size=(80, 24)) as pilot:
        app.chart.set_series(loss_series())
        await pilot.pause()
        before, dark = len(counted), app.export_screenshot()
        app.theme = "dltutor-light"
        await pilot.pause()
        assert len(counted) == before
        assert app.export_screenshot() != dark


@pytest.mark.parametrize("theme", ["dltutor-dark", "dltutor-light"])
def test_a_chart_looks_as_before(snap_compare: Callable[..., bool], theme: str) -> None:
    app = ChartApp(theme)

    async def fill(pilot: object) -> None:
        app.chart.set_series(loss_series(), x_limits=(0, 400))

    assert snap_compare(app, terminal_size=(64, 18), run_before=fill)


def test_a_log_x_axis_has_decades_at_equal_distances() -> None:
    xs = (0.0, 0.001, 0.01, 0.1, 1.0)
    series = Series("rates", xs, (9.0, 1.0, 2.0, 3.0, 4.0), "primary", "●", line=True)
    shown = rows(Drawing("rate", "loss", (series,), log_x=True), Size(60, 14))
    ticks = shown[-2]
    at = [ticks.index(label) for label in ("0.001", "0.1")]
    assert "0.01" in ticks
    marks = sorted(row.index("●") for row in shown if "●" in row)
    assert len(marks) == 4, "the point at 0 has no place on the axis"
    gaps = [after - before for before, after in pairwise(marks)]
    assert max(gaps) - min(gaps) <= 1
    assert at[0] < marks[1] < at[1] + 3


def test_a_band_follows_the_line_of_its_mean() -> None:
    series = Series(
        "seeds", (0.0, 10.0), (5.0, 5.0), "primary", "●", line=True,
        lows=(5.0, 0.0), highs=(5.0, 10.0), counts=(1, 1),
    )  # fmt: skip
    shown = rows(Drawing("epoch", "loss", (series,), y_limits=(0, 10)), Size(60, 16))
    heights = [sum(row[x] == "░" for row in shown if x < len(row)) for x in range(8, 58, 7)]
    assert heights == sorted(heights)
    assert heights[0] <= 2
    assert heights[-1] >= 9
    assert any("⣀" in row or "⠒" in row or "⠤" in row for row in shown), "no line of the mean"

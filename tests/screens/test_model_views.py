"""What a classifier shows of itself: predictions, confusion matrix, weights."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from textual.app import ComposeResult

from engine.training.snapshot import BoardCell, WeightImage
from tests.screens.fake_session import CLASSES, HostApp, linear_finished, softmax_running
from tui.page.lines import line_text
from tui.panes.gradients import GradientsPane
from tui.panes.model import ModelPane
from tui.panes.table import TablePane
from tui.screens.training import TrainingScreen
from tui.themes import ThemedApp
from tui.widgets.confusion_table import ConfusionTable
from tui.widgets.row_scroll import RowScroll
from tui.widgets.weight_grid import WeightGrid

CONFUSION = tuple(
    tuple(90 if row == column else row + column for column in range(6)) for row in range(6)
)


def weights() -> tuple[WeightImage, ...]:
    """A bright stripe for each class, each in another place."""
    images = []
    for label in range(6):
        pixels = np.full((28, 28), 128, dtype=np.uint8)
        pixels[:, 4 * label : 4 * label + 4] = 255
        images.append(WeightImage(label, pixels, 0.25))
    return tuple(images)


class WeightsApp(ThemedApp[None]):
    """The images alone."""

    def __init__(self, images: tuple[WeightImage, ...]) -> None:
        super().__init__()
        self.animation_level = "none"
        self.images = images

    def compose(self) -> ComposeResult:
        with RowScroll():
            yield WeightGrid()

    def on_mount(self) -> None:
        self.query_one(WeightGrid).set_images(self.images, CLASSES)


def test_weights_look_as_before(snap_compare: Callable[..., bool]) -> None:
    assert snap_compare(WeightsApp(weights()), terminal_size=(80, 24))


async def test_images_stand_in_as_many_columns_as_fit() -> None:
    app = WeightsApp(weights())
    async with app.run_test(size=(80, 24)) as pilot:
        grid = app.query_one(WeightGrid)
        assert grid.size.height == 1 + 2 * 12 - 1  # three images and three below
        await pilot.resize_terminal(120, 32)
        await pilot.pause()
        assert grid.size.height == 1 + 2 * 16 - 1  # two rows, a pixel for every weight
        await pilot.resize_terminal(120, 24)
        await pilot.pause()
        assert grid.size.height == 1 + 2 * 12 - 1  # smaller, but all of them are seen
        await pilot.resize_terminal(200, 60)
        await pilot.pause()
        assert grid.size.height == 1 + 2 * 30 - 1  # two cells across for every weight


async def test_rows_of_images_are_seen_whole_and_scroll_as_such() -> None:
    pixels = np.full((28, 28), 128, dtype=np.uint8)
    app = WeightsApp(tuple(WeightImage(n, pixels, 0.25, f"unit {n}") for n in range(32)))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        grid, view = app.query_one(WeightGrid), app.query_one(RowScroll)
        view.focus()
        rows = [y for y in range(1, grid.size.height) if "unit" in grid.render_line(y).text]
        tall, seen = 6, view.size.height
        for _step in range(10):
            first = view.scroll_offset.y
            named = [y - first for y in rows if 0 <= y - first < seen]
            assert named[0] == 1  # below the heading, or below a gap
            assert named[-1] + tall < seen
            await pilot.press("down")
            await pilot.pause()
        assert view.scroll_offset.y == view.max_scroll_y > 0
        assert rows[-1] in [y + view.scroll_offset.y for y in named]


async def test_no_weights_are_said_to_be_none() -> None:
    app = WeightsApp(())
    async with app.run_test():
        assert app.query_one(WeightGrid).render_line(0).text.startswith("no weights yet")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_m_goes_round_the_views(size: tuple[int, int]) -> None:
    app = HostApp(TrainingScreen("softmax"))
    app.fake.publish(softmax_running())
    app.fake.change(confusion=CONFUSION, weights=weights())
    async with app.run_test(size=size) as pilot:
        screen = app.screen
        assert isinstance(screen, TrainingScreen)
        screen.refresh_snapshot()
        await pilot.press("3")
        model = screen.panes.of(ModelPane)
        assert model.gallery.display
        await pilot.press("m")
        await pilot.pause()
        assert not model.gallery.display
        shown = "\n".join(
            line_text(line) for line in app.screen.query_one(ConfusionTable).lines(76)
        )
        assert "[90]" in shown
        assert model.label == "confusion"
        await pilot.press("m")
        await pilot.pause()
        assert model.weights.display
        assert not model.confusion.display
        await pilot.press("m")
        await pilot.pause()
        assert model.gallery.display


async def test_a_regression_has_no_such_views() -> None:
    app = HostApp(TrainingScreen("linear"))
    app.fake.publish(linear_finished())
    async with app.run_test(size=(80, 24)) as pilot:
        screen = app.screen
        assert isinstance(screen, TrainingScreen)
        screen.refresh_snapshot()
        await pilot.press("3", "m")
        assert screen.panes.of(ModelPane).view == 0
        assert screen.panes.of(ModelPane).parameters.display


@pytest.mark.parametrize(
    ("variables", "signs", "said"),
    [
        ({"COLORTERM": "truecolor"}, "▀", "orange: for the class"),
        ({"COLORTERM": "", "TERM": "xterm-256color"}, "▀", "orange: for the class"),
        ({"COLORTERM": "", "TERM": "xterm"}, " #", "+ #: for the class"),
        ({"NO_COLOR": "1"}, " #", "+ #: for the class"),
    ],
    ids=["truecolor", "256", "16", "none"],
)
async def test_weights_keep_their_shape_with_every_kind_of_colour(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], signs: str, said: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    pixels = np.full((28, 28), 128, dtype=np.uint8)
    pixels[5:23, 9:19] = 255  # its edges lie within cells
    app = WeightsApp((WeightImage(0, pixels, 0.25),))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        grid = app.query_one(WeightGrid)
        assert said in grid.render_line(0).text
        drawn = "".join(grid.render_line(y).text for y in range(2, grid.size.height))
        assert set(signs) <= set(drawn)
        # A row through the stripe differs from one above it, in signs or in greys.
        assert list(grid.render_line(2)) != list(grid.render_line(12))


async def test_hidden_units_are_named_as_units_not_as_classes() -> None:
    pixels = np.full((28, 28), 128, dtype=np.uint8)
    app = WeightsApp(
        (WeightImage(0, pixels, 0.25, "unit 0"), WeightImage(1, pixels, 0.25, "unit 1"))
    )
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        grid = app.query_one(WeightGrid)
        assert "for the unit" in grid.render_line(0).text
        assert grid.render_line(1).text.split() == ["unit", "0", "unit", "1"]


async def test_gradient_norms_are_a_line_a_layer_and_a_column_a_layer() -> None:
    snapshot = softmax_running()
    rows = tuple(replace(row, gradient_norms=(0.5, 0.25)) for row in snapshot.measured)
    app = HostApp(TrainingScreen("mlp"))
    app.fake.publish(replace(snapshot, recipe="mlp", measured=rows, layers=("hidden", "output")))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("5")
        screen = app.screen
        assert isinstance(screen, TrainingScreen)
        series = screen.panes.of(GradientsPane).chart.drawing.series
        assert [(one.name, one.marker) for one in series] == [("hidden", "●"), ("output", "×")]
        assert series[0].ys == (0.5, 0.5, 0.5, 0.5)
        await pilot.press("4")
        assert screen.panes.of(TablePane).table.get_row_at(0)[7:9] == ["0.5000", "0.2500"]
        await pilot.press("5", "y")
        assert screen.panes.of(GradientsPane).chart.drawing.log


async def test_a_board_is_a_view_of_the_model() -> None:
    board = tuple(BoardCell(str(n), str(n), "fizz" if n == 3 else str(n)) for n in range(1, 21))
    app = HostApp(TrainingScreen("fizzbuzz"))
    app.fake.publish(replace(linear_finished(), recipe="fizzbuzz", parameters=(), board=board))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("3")
        screen = app.screen
        assert isinstance(screen, TrainingScreen)
        assert screen.panes["model"].label == "board"
        assert screen.panes.of(ModelPane).board.display
        assert line_text(screen.panes.of(ModelPane).board.lines(76)[0]).startswith("19 of 20 right")

"""What a classifier shows of itself: predictions, confusion matrix, weights."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from textual.app import App, ComposeResult
from textual.containers import VerticalScroll

from engine.training.snapshot import WeightImage
from tests.screens.fake_session import CLASSES, HostApp, linear_finished, softmax_running
from tui.page.lines import line_text
from tui.screens.training import TrainingScreen
from tui.widgets.confusion_table import ConfusionTable
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


class WeightsApp(App[None]):
    """The images alone."""

    def __init__(self, images: tuple[WeightImage, ...]) -> None:
        super().__init__()
        self.animation_level = "none"
        self.images = images

    def compose(self) -> ComposeResult:
        with VerticalScroll():
            yield WeightGrid()

    def on_mount(self) -> None:
        self.query_one(WeightGrid).set_images(self.images, CLASSES)


def test_weights_look_as_before(snap_compare: Callable[..., bool]) -> None:
    assert snap_compare(WeightsApp(weights()), terminal_size=(80, 24))


async def test_images_stand_in_as_many_columns_as_fit() -> None:
    app = WeightsApp(weights())
    async with app.run_test(size=(80, 24)) as pilot:
        grid = app.query_one(WeightGrid)
        assert grid.size.height == 1 + 2 * 9 - 1  # five images and one below
        await pilot.resize_terminal(120, 24)
        await pilot.pause()
        assert grid.size.height == 1 + 9 - 1


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
        panes = screen.panes
        assert panes.gallery.display
        await pilot.press("m")
        await pilot.pause()
        assert not panes.gallery.display
        shown = "\n".join(
            line_text(line) for line in app.screen.query_one(ConfusionTable).lines(76)
        )
        assert "[90]" in shown
        assert "confusion" in screen.panes.names()
        await pilot.press("m")
        await pilot.pause()
        assert panes.weights.display
        assert not panes.confusion.display
        await pilot.press("m")
        await pilot.pause()
        assert panes.gallery.display


async def test_a_regression_has_no_such_views() -> None:
    app = HostApp(TrainingScreen("linear"))
    app.fake.publish(linear_finished())
    async with app.run_test(size=(80, 24)) as pilot:
        screen = app.screen
        assert isinstance(screen, TrainingScreen)
        screen.refresh_snapshot()
        await pilot.press("3", "m")
        assert screen.panes.view == 0
        assert screen.panes.parameters.display

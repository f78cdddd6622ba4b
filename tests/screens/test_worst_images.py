"""The worst images: those with the largest loss, of all classes or of one."""

from __future__ import annotations

from dataclasses import replace
from unittest.mock import patch

import pytest
from textual.geometry import Region

from engine.training.snapshot import PredictedImage, Snapshot
from tests.screens.fake_session import CLASSES, HostApp, image, linear_finished, softmax_running
from tui.panes.worst import MOST_OF_ALL, WorstPane
from tui.screens.training import TrainingScreen

pytestmark = pytest.mark.usefixtures("drawn_at_pauses")

SIZE = (80, 24)


def worst(count: int) -> tuple[PredictedImage, ...]:
    """Of every class in turn, each a little better than the one before."""
    return tuple(
        replace(image(i % 6, (i + 1) % 6 if i % 5 else i % 6), loss=9.0 - i / 10)
        for i in range(count)
    )


def make(snapshot: Snapshot, recipe: str = "softmax") -> HostApp:
    app = HostApp(TrainingScreen(recipe))
    app.fake.publish(snapshot)
    return app


def pane_of(app: HostApp) -> WorstPane:
    screen = app.screen
    assert isinstance(screen, TrainingScreen)
    return screen.panes.of(WorstPane)


@pytest.mark.parametrize("size", [SIZE, (120, 40)])
async def test_what_it_is_what_the_model_said_how_surely_and_the_loss(
    size: tuple[int, int],
) -> None:
    app = make(replace(softmax_running(), worst=worst(30)))
    async with app.run_test(size=size) as pilot:
        await pilot.press("w")
        await pilot.pause()
        text = pane_of(app).grid.text
        assert text.startswith(f"largest loss  all classes · {MOST_OF_ALL} test images")
        assert "T-shirt/top" in text
        assert "loss 9.00" in text
        assert "80%" in text
        assert text.index("loss 9.00") < text.index(f"loss {9 - 2.3:.2f}")
        assert "loss 6.60" not in text  # the 25th
        assert pane_of(app).grid.words(worst(2)[1]) == [
            "Trouser", "", "wrong:", "predicted", "Pullover", "80%", "loss 8.90",
        ]  # fmt: skip
        assert pane_of(app).grid.words(worst(2)[1], 28) == [
            "Trouser", "", "wrong: predicted Pullover", "80% · loss 8.90",
        ]  # fmt: skip


@pytest.mark.parametrize(("size", "least"), [(SIZE, 4), ((120, 40), 4), ((200, 60), 12)])
async def test_the_room_is_used(size: tuple[int, int], least: int) -> None:
    app = make(replace(softmax_running(), worst=worst(30)))
    async with app.run_test(size=size) as pilot:
        await pilot.press("w")
        await pilot.pause()
        seen = pane_of(app).grid.seen
        assert seen.count("loss ") - 1 >= least, "the heading has the word, too"
        assert seen.count("%") == seen.count("loss ") - 1


async def test_one_class_at_a_time() -> None:
    app = make(replace(softmax_running(), worst=worst(60)))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("w")
        pane = pane_of(app)
        for key, name in [("right", CLASSES[0]), ("right", CLASSES[1]), ("m", CLASSES[2]),
                          ("left", CLASSES[1])]:  # fmt: skip
            await pilot.press(key)
            assert pane.grid.text.startswith(f"largest loss  {name} · 10 test images")
            assert {CLASSES[one.label] for one in pane.images} == {name}
        await pilot.press("left", "left")
        assert "all classes" in pane.grid.text
        await pilot.press("left")
        assert CLASSES[-1] in pane.grid.text.splitlines()[0]
        found = [one.loss for one in pane.images]
        assert found == sorted(found, key=lambda loss: -(loss or 0))


async def test_new_images_are_shown_at_once() -> None:
    app = make(replace(softmax_running(), worst=worst(3)))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("w")
        await pilot.pause()
        app.fake.change(worst=tuple(replace(one, loss=5.0) for one in worst(3)))
        assert isinstance(app.screen, TrainingScreen)
        app.screen.refresh_snapshot()
        assert "loss 5.00" in pane_of(app).grid.text
        assert "loss 9.00" not in pane_of(app).grid.text


async def test_a_regression_has_none() -> None:
    app = make(linear_finished(), "linear")
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("w")
        assert not pane_of(app).display
        assert isinstance(app.screen, TrainingScreen)
        assert "w" not in app.screen.panes.labels(app.fake.snapshot)


async def test_the_heading_is_painted_anew_for_a_class_with_the_same_counts() -> None:
    app = make(replace(softmax_running(), worst=worst(60)))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("w", "right")
        await pilot.pause()
        grid, repainted = pane_of(app).grid, list[Region]()
        with patch.object(grid, "refresh", lambda *regions, **_how: repainted.extend(regions)):
            pane_of(app).turn(1)
        assert any(region.contains(0, 0) for region in repainted)

"""The gallery of predictions."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from rich.console import Console
from textual.app import ComposeResult
from textual.geometry import Region, Size

from tests.screens.fake_session import CLASSES, image
from tui.themes import ThemedApp
from tui.widgets.half_blocks import block_rows, halved, needs_shades, shade_rows
from tui.widgets.image_grid import EMPTY_TEXT, ImageGrid, caption, most_lines
from tui.widgets.image_layout import GridLayout

pytestmark = pytest.mark.usefixtures("drawn_at_pauses")


class GridApp(ThemedApp[None]):
    def __init__(self) -> None:
        super().__init__()
        self.animation_level = "none"
        self.grid = ImageGrid()

    def compose(self) -> ComposeResult:
        yield self.grid


IMAGES = [image(0, 4), image(1, 1, 0.931), image(5, 0), image(3, 3), image(2, 0), image(4, 4)]


def test_two_pixels_share_a_cell() -> None:
    pixels = np.array([[0, 255, 255], [255, 0, 0], [255, 255, 255]], dtype=np.uint8)
    rows = block_rows(pixels)
    assert [[segment.text for segment in row] for row in rows] == [["▀", "▀▀"], ["▀▀▀"]]
    style = rows[0][0].style
    assert style is not None
    assert style.color is not None
    assert style.bgcolor is not None
    assert style.color.triplet == (0, 0, 0)
    assert style.bgcolor.triplet == (255, 255, 255)


def test_cells_of_one_grey_are_spaces() -> None:
    rows = block_rows(np.full((2, 5), 200, dtype=np.uint8))
    assert [[segment.text for segment in row] for row in rows] == [["     "]]


def test_shades_keep_dark_and_bright_apart() -> None:
    pixels = np.repeat(np.array([[0, 20, 80, 140, 180, 255]], dtype=np.uint8), 2, axis=0)
    assert shade_rows(pixels)[0][0].text == " ░░▒▓█"


def test_halving_takes_means() -> None:
    pixels = np.array([[0, 4, 8], [4, 8, 8], [2, 2, 6]], dtype=np.uint8)
    assert halved(pixels).tolist() == [[4, 8], [2, 6]]


@pytest.mark.parametrize(
    ("system", "no_color", "shades"),
    [("truecolor", False, False), ("256", False, False), ("standard", False, True),
     ("truecolor", True, True)],
)  # fmt: skip
def test_terminals_without_greys_get_shades(system: str, no_color: bool, shades: bool) -> None:
    console = Console(color_system=system, force_terminal=True)  # type: ignore[arg-type]  # a name
    assert needs_shades(console, no_color) is shades


def test_captions_say_in_words_what_is_wrong() -> None:
    assert caption(image(5, 4, 0.5), CLASSES) == [
        "Ankle boot", "", "wrong:", "predicted", "Coat", "50%",
    ]  # fmt: skip
    assert caption(image(1, 1, 0.931), CLASSES) == ["Trouser", "", "right", "93%"]
    assert caption(image(1, 3), ()) == ["1", "", "wrong:", "predicted 3", "80%"]
    longest = max((caption(image(a, b), CLASSES) for a in range(6) for b in range(6)), key=len)
    assert len(longest) <= 7
    assert most_lines(CLASSES, 11) == len(longest) - 1  # the empty line
    assert caption(image(5, 4), CLASSES, 28) == ["Ankle boot", "", "wrong: predicted Coat", "80%"]


@pytest.mark.parametrize(
    ("area", "columns", "side", "below", "whole"),
    [
        ((80, 15), 3, 14, False, 2),
        ((58, 14), 3, 18, True, 1),
        ((58, 9), 2, 14, False, 1),
        ((120, 32), 2, 28, False, 2),  # two rows of full images
        ((118, 27), 3, 26, False, 2),  # two rows of nearly full ones rather than one
        ((118, 26), 3, 24, False, 2),
        ((118, 24), 4, 28, True, 1),
        ((98, 23), 3, 28, True, 1),
        ((198, 48), 4, 35, False, 2),
        ((300, 70), 4, 56, False, 2),  # larger ones, as all are seen
    ],
)
def test_the_layout_follows_the_space(
    area: tuple[int, int], columns: int, side: int, below: bool, whole: int
) -> None:
    layout = GridLayout.fit(8, (28, 28), Size(*area))
    assert (layout.columns, layout.pixels, layout.whole) == (columns, (side, side), whole)
    assert bool(layout.below) is below
    assert layout.columns * layout.cell.width - 1 <= area[0]
    assert layout.whole * layout.cell.height - 1 <= area[1]


async def test_no_images_yet() -> None:
    app = GridApp()
    async with app.run_test(size=(80, 16)) as pilot:
        await pilot.pause()
        assert app.grid.text == EMPTY_TEXT


async def test_images_are_counted_and_drawn_in_half_blocks() -> None:
    app = GridApp()
    async with app.run_test(size=(80, 16)) as pilot:
        app.grid.set_images(IMAGES, CLASSES)
        await pilot.pause()
        assert app.grid.text.startswith("predictions  6 selected test images · 3 wrong")
        assert app.grid.text.count("wrong:") == 3
        assert "▀" in app.grid.text
        assert "█" not in app.grid.text


async def test_without_colours_shades_are_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = GridApp()
    async with app.run_test(size=(80, 16)) as pilot:
        app.grid.set_images(IMAGES, CLASSES)
        await pilot.pause()
        assert "▀" not in app.grid.text
        assert set("░▒▓") <= set(app.grid.text)


async def test_arrows_scroll_when_the_grid_is_focused() -> None:
    app = GridApp()
    async with app.run_test(size=(60, 10)) as pilot:
        app.grid.set_images(IMAGES, CLASSES)
        app.grid.focus()
        await pilot.pause()
        assert "↑ ↓: scroll" in app.grid.text
        await pilot.press("down", "down")
        await pilot.pause()
        assert app.grid.scroll_offset.y == 2


@pytest.mark.parametrize("size", [(57, 14), (57, 10)])
async def test_no_image_is_ever_cut(size: tuple[int, int]) -> None:
    app = GridApp()
    async with app.run_test(size=size) as pilot:
        app.grid.set_images(IMAGES, CLASSES)
        app.grid.focus()
        await pilot.pause()
        seen: list[str] = []
        while not seen or app.grid.seen != seen[-1]:
            seen.append(app.grid.seen)
            assert seen[-1].startswith("predictions  6 selected test images · 3 wrong  ↑ ↓\n")
            words = " ".join(seen[-1].split())
            assert words.count("right") + words.count("wrong:") == words.count("%")
            await pilot.press("down")
            await pilot.pause()
        first = seen[0]
        await pilot.press("end", "pageup", "pageup", "pageup")
        await pilot.pause()
        assert app.grid.seen == first
        assert sum(each.count("%") for each in seen) == len(IMAGES)


async def test_only_what_changed_is_painted_again(monkeypatch: pytest.MonkeyPatch) -> None:
    app = GridApp()
    async with app.run_test(size=(80, 16)) as pilot:
        app.grid.set_images([image(0, 4), image(1, 1)], CLASSES)
        await pilot.pause()
        painted: list[Region] = []
        monkeypatch.setattr(app.grid, "refresh", lambda *regions, **_: painted.extend(regions))
        app.grid.set_images([image(0, 4), image(1, 1)], CLASSES)
        assert painted == []
        app.grid.set_images([image(0, 4), image(1, 1, 0.9)], CLASSES)
        assert [(region.x, region.height) for region in painted] == [(37 + 25, 1)]
        assert "90%" in app.grid.text
        painted.clear()
        app.grid.set_images([image(0, 4), image(2, 2, 0.9)], CLASSES)
        assert Region(37, 1, 24, 12) in painted


def test_the_gallery_looks_as_before(snap_compare: Callable[..., bool]) -> None:
    app = GridApp()

    async def fill(pilot: object) -> None:
        app.grid.set_images(IMAGES, CLASSES)

    assert snap_compare(app, terminal_size=(80, 16), run_before=fill)

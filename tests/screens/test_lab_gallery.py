"""The gallery: pages, classes, parts and sizes; what is said where there are no images."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.geometry import Size
from textual.pilot import Pilot

import engine.labs.gallery
from engine.errors import UserError
from engine.labs.gallery import Choice, Gallery
from tests.screens.lab_bench import LabAlone
from tests.screens.lab_stand_ins import CLASSES, drawn_set
from tests.screens.waiting import settle
from tui.labs.gallery import GalleryLab, GalleryPage, Grid

SnapCompare = Callable[..., bool]
NARROW, WIDE = (80, 24), (120, 40)


class LabApp(LabAlone):
    """The lab alone."""

    def __init__(self, theme: str = "dltutor-dark", focused: bool = True) -> None:
        super().__init__("gallery", theme)
        self.focused_lab = focused

    def on_mount(self) -> None:
        if self.focused_lab:
            self.lab.focus()

    @property
    def lab(self) -> GalleryLab:
        return self.query_one(GalleryLab)

    @property
    def page(self) -> GalleryPage:
        return self.query_one(GalleryPage)


@pytest.fixture(autouse=True)
def gallery(monkeypatch: pytest.MonkeyPatch) -> Gallery:
    """Every lab shows the drawn set."""
    drawn = drawn_set()
    monkeypatch.setattr(Gallery, "load", lambda _: drawn)
    return drawn


async def test_ten_images_with_their_classes() -> None:
    app = LabApp()
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        assert app.said("chosen") == ("A drawn set · train · all classes: 40 images · page 1 of 4")
        lines = app.page.text.splitlines()
        assert len(lines) == 16
        assert lines[7].split("  ")[0] == "0 T-shirt/top"
        assert sum(line.count("Ankle boot") for line in lines) == 1


async def test_arrows_page_and_go_round() -> None:
    app = LabApp()
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        await pilot.press("right")
        assert "page 2 of 4" in app.said("chosen")
        await pilot.press("left", "left")
        assert "page 4 of 4" in app.said("chosen")
        await pilot.press("n")
        assert "page 1 of 4" in app.said("chosen")
        await pilot.press("p")
        assert "page 4 of 4" in app.said("chosen")


async def test_one_class_alone_and_all_again() -> None:
    app = LabApp()
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        await pilot.press("down")
        assert "class 0, T-shirt/top: 4 images · page 1 of 1" in app.said("chosen")
        assert app.page.text.count("0 T-shirt/top") == 4
        await pilot.press("up", "up")
        assert "class 9, Ankle boot" in app.said("chosen")
        for label in range(10):
            await pilot.press(str(label))
            assert f"class {label}, {CLASSES[label]}: 4 images" in app.said("chosen")
        await pilot.press("a")
        assert "all classes: 40 images" in app.said("chosen")


async def test_the_test_images() -> None:
    app = LabApp()
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        await pilot.press("3", "x")
        assert "test · class 3, Dress: 2 images" in app.said("chosen")
        await pilot.press("x")
        assert "train · class 3, Dress: 4 images" in app.said("chosen")


async def test_large_images_and_small_ones_keep_the_place() -> None:
    app = LabApp()
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        await pilot.press("right", "z")
        assert "page 6 of 20" in app.said("chosen")
        assert len(app.page.text.splitlines()) == 15
        await pilot.press("z")
        assert "page 2 of 4" in app.said("chosen")


async def test_another_size_of_the_terminal_shows_more() -> None:
    app = LabApp()
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        await pilot.press("left")
        await pilot.resize_terminal(*WIDE)
        await pilot.pause()
        await pilot.pause()
        assert "page 2 of 2" in app.said("chosen")


def test_the_grid_follows_the_space() -> None:
    assert Grid.fit(Size(74, 16), half=True) == Grid(5, 2, True)
    assert Grid.fit(Size(74, 16), half=False) == Grid(2, 1, False)
    assert Grid.fit(Size(1, 1), half=False).count == 1


async def test_keys_do_nothing_before_there_are_images(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: Path | None) -> Gallery:
        raise UserError("The built-in glyph set cannot be drawn.")

    monkeypatch.setattr(Gallery, "load", fail)
    app = LabApp()
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        assert app.said("note") == "The built-in glyph set cannot be drawn."
        assert app.said("chosen") == "There are no images to show."
        await pilot.press("right", "down", "5", "a", "x", "z")
        assert app.said("chosen") == "There are no images to show."


async def test_another_failure_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: Path | None) -> Gallery:
        raise RuntimeError("no storage\nmore")

    monkeypatch.setattr(Gallery, "load", fail)
    app = LabApp()
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        assert app.said("note") == "The images cannot be read: no storage."


async def test_the_data_folder_of_the_application_is_used(
    monkeypatch: pytest.MonkeyPatch, gallery: Gallery
) -> None:
    asked: list[Path | None] = []

    def load(folder: Path | None) -> Gallery:
        asked.append(folder)
        return gallery

    monkeypatch.setattr(Gallery, "load", load)
    app = LabApp()
    app.data_dir = Path("here")  # type: ignore[attr-defined]  # as the tutor has one
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
    assert asked == [Path("here")]


async def test_why_the_images_are_synthetic_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Gallery, "load", lambda _: drawn_set(synthetic=True))
    app = LabApp(focused=False)
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        assert "these are synthetic." in app.said("note")
        assert app.lab.outer_size.height <= 21


async def test_without_colours_shades_are_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = LabApp()
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        assert "▀" not in app.page.text
        assert "█" in app.page.text


def test_the_choice_begins_with_all_training_images() -> None:
    assert Choice() == Choice(engine.labs.gallery.PARTS[0], None, 0)


async def _loaded(pilot: Pilot[None]) -> None:
    await settle(pilot)
    await pilot.press("right")


def test_the_gallery_looks_as_before(snap_compare: SnapCompare) -> None:
    assert snap_compare(LabApp(), terminal_size=NARROW, run_before=_loaded)


def test_the_wide_gallery_looks_as_before(snap_compare: SnapCompare) -> None:
    async def large(pilot: Pilot[None]) -> None:
        await _loaded(pilot)
        await pilot.press("z")

    assert snap_compare(LabApp("dltutor-light"), terminal_size=WIDE, run_before=large)


async def test_the_images_are_counted_anew_where_the_words_above_take_more_room() -> None:
    app = LabApp()
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        before = app.page._grid
        app.lab.query_one("#chosen").styles.height = 6
        await settle(pilot)
        assert before.rows > app.page._grid.rows == Grid.fit(app.page.size, half=True).rows

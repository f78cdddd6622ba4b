"""The pictures of the ten views, and the page that compares two versions of them."""

from __future__ import annotations

from pathlib import Path

from lessons.learner.progress import Progress
from tests import screenshots
from tests.alike import alone
from tests.screens.waiting import settle
from tests.views import SIZES, THEMES, VIEWS, take, themes_of
from tests.views_page import page
from tui.app import TutorApp


async def test_a_view_in_two_themes() -> None:
    pictures = await take(VIEWS["prose"], SIZES[0], ["dark", "light"])
    assert set(pictures) == {"dark", "light"}
    assert pictures["dark"] != pictures["light"]
    assert all("Hidden\N{NO-BREAK SPACE}layer:" in picture for picture in pictures.values())


def test_the_page_sets_another_version_beside(tmp_path: Path) -> None:
    new, old = tmp_path / "new", tmp_path / "old"
    for folder, names in (
        (new, ["home-80x24-dark", "race-120x40-light"]),
        (old, ["home-80x24-dark"]),
    ):
        folder.mkdir()
        for name in names:
            (folder / f"{name}.svg").touch()
    alone, both = page(new), page(new, old)
    assert alone.count("<img") == 2
    assert both.index("../old/home-80x24-dark.svg") < both.index('"home-80x24-dark.svg"')
    assert both.count("<img") == 3
    assert both.count("<td>none</td>") == 5


def test_the_whole_set() -> None:
    pictures = [
        (view, size, theme) for view in VIEWS for size in SIZES for theme in themes_of(view, size)
    ]
    assert len(VIEWS) == 10
    assert sum(theme in ("dark", "light") for _view, _size, theme in pictures) == 60
    assert len(pictures) == 72
    assert {theme for _view, _size, theme in pictures} == THEMES.keys()


async def test_the_picture_that_moves_is_the_stepper_and_the_same_each_time() -> None:
    films = []
    for _time in range(2):
        with alone() as folder:
            app = TutorApp(
                lesson=screenshots.LESSON, progress=Progress(folder / "p.sqlite"), preload=None
            )
            async with app.run_test(size=screenshots.SIZE) as pilot:
                await settle(pilot)
                films.append(await screenshots.stepper(app, pilot, most=2))
    assert films[0] == films[1]
    for number, shown in enumerate(films[0], start=1):
        text = "".join(run[0] for row in shown.rows for run in row)
        assert f"operation {number} of 47" in text
        assert "F returns" in text, "in the whole screen"

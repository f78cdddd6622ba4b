"""The pictures of the ten views, and the page that compares two versions of them."""

from __future__ import annotations

from pathlib import Path

from tests.views import SIZES, THEMES, VIEWS, take
from tests.views_page import page


async def test_a_view_in_two_themes() -> None:
    pictures = await take(VIEWS["prose"], SIZES[0], ["dark", "light"])
    assert set(pictures) == {"dark", "light"}
    assert pictures["dark"] != pictures["light"]
    assert all("Hidden layer:" in picture for picture in pictures.values())


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


def test_the_ten_views() -> None:
    assert len(VIEWS) == 10
    assert {"dark", "light"} < THEMES.keys()

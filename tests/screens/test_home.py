"""The contents screen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.widgets import Static

from lessons.format.catalog import Catalog, catalog
from lessons.learner.progress import Progress
from tests.screens.conftest import MakeTutor
from tui.screens.home import HomeScreen
from tui.screens.lesson import LessonScreen

SnapCompare = Callable[..., bool]


CONTENTS = """
- {slug: one, title: The first chapter, lessons: {a: Done before, b: Under way, c: Not begun}}
- {slug: two, title: The second chapter, lessons: {a: Still to come, b: Also to come}}
"""


def small_contents(folder: Path) -> Catalog:
    """Two chapters, of which one is written."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "contents.yaml").write_text(CONTENTS)
    for name in "abc":
        head = "---\nminutes: 5\nneeds: [one/a]\n---\n"
        path = folder / "one" / name / "lesson.en.md"
        path.parent.mkdir(parents=True)
        path.write_text(f"{head}## First\nText.\n\n## Second\nText.\n")
    return Catalog(folder)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_contents(
    make_tutor: MakeTutor, snap_compare: SnapCompare, tmp_path: Path, size: tuple[int, int]
) -> None:
    progress = Progress(tmp_path / "p.sqlite")
    progress.visit("one/a", 1, ("first", "second"))
    progress.visit("one/b", 0, ("first", "second"))
    progress.remember("last", "two/a")
    app = make_tutor(progress=progress, contents=small_contents(tmp_path / "en"))
    assert snap_compare(app, terminal_size=size)


async def test_all_lessons_are_listed_and_coming_ones_cannot_be_opened(
    make_tutor: MakeTutor, tmp_path: Path
) -> None:
    app = make_tutor(contents=small_contents(tmp_path / "en"))
    async with app.run_test() as pilot:
        home = app.screen
        assert isinstance(home, HomeScreen)
        options = [home.contents.get_option_at_index(n) for n in range(home.contents.option_count)]
        listed = {option.id: option.disabled for option in options if option.id}
        written = {entry.slug: not entry.is_written for entry in app.contents.entries()}
        assert listed == written
        assert True in listed.values()
        for slug, disabled in listed.items():
            if disabled:
                place = home.contents.get_option_index(slug)
                assert "coming" in str(home.contents.get_option_at_index(place).prompt)
        await pilot.press("end")
        assert home.marked is not None
        assert not listed[home.marked]


async def test_enter_opens_and_g_comes_back(make_tutor: MakeTutor) -> None:
    app = make_tutor()
    async with app.run_test() as pilot:
        home = app.screen
        assert isinstance(home, HomeScreen)
        marked = home.marked
        await pilot.press("enter")
        screen = app.screen
        assert isinstance(screen, LessonScreen)
        assert screen.lesson.slug == marked
        await pilot.press("g")
        assert app.screen is home


async def test_find_narrows_the_list_and_enter_opens_the_only_one(make_tutor: MakeTutor) -> None:
    app = make_tutor()
    async with app.run_test() as pilot:
        await pilot.press("slash", *"by hand")
        home = app.screen
        assert isinstance(home, HomeScreen)
        assert home.marked == "backprop/worked-example"
        await pilot.press("enter")
        assert isinstance(app.screen, LessonScreen)


async def test_nothing_of_what_is_said_about_a_lesson_is_cut_off(make_tutor: MakeTutor) -> None:
    app = make_tutor()
    async with app.run_test(size=(80, 24)) as pilot:
        home = app.screen
        assert isinstance(home, HomeScreen)
        about = home.query_one("#about", Static)
        for place in range(home.contents.option_count):
            home.contents.highlighted = place
            await pilot.pause()
            width = about.content_size.width
            wanted = about.get_content_height(about.size, app.size, width)
            assert about.size.height == wanted


async def test_a_search_without_result_says_so_and_escape_ends_it(make_tutor: MakeTutor) -> None:
    app = make_tutor()
    async with app.run_test() as pilot:
        await pilot.press("slash", *"zzz")
        home = app.screen
        assert isinstance(home, HomeScreen)
        assert "No lesson matches" in str(home.contents.get_option_at_index(0).prompt)
        await pilot.press("escape")
        assert home.contents.option_count > 30


async def test_progress_is_shown(make_tutor: MakeTutor, tmp_path: Path) -> None:
    progress = Progress(tmp_path / "p.sqlite")
    for slug, step in (("backprop/worked-example", -1), ("backprop/deltas", 1)):
        keys = catalog().step_keys(slug)
        progress.visit(slug, step % len(keys), keys)
    progress.remember("last", "")
    app = make_tutor(progress=progress)
    async with app.run_test():
        home = app.screen
        assert isinstance(home, HomeScreen)

        def line(slug: str) -> str:
            place = home.contents.get_option_index(slug)
            return str(home.contents.get_option_at_index(place).prompt)

        assert "done" in line("backprop/worked-example")
        assert "at step 2" in line("backprop/deltas")
        assert "new" in line("linear/from-scratch")


async def test_the_last_lesson_is_open_at_the_next_start(
    make_tutor: MakeTutor, tmp_path: Path
) -> None:
    progress = Progress(tmp_path / "p.sqlite")
    progress.visit("backprop/deltas", 2, catalog().step_keys("backprop/deltas"))
    app = make_tutor(progress=progress)
    async with app.run_test():
        screen = app.screen
        assert isinstance(screen, LessonScreen)
        assert (screen.lesson.slug, screen.step) == ("backprop/deltas", 2)


async def test_q_quits(make_tutor: MakeTutor) -> None:
    app = make_tutor()
    async with app.run_test() as pilot:
        await pilot.press("q")
        assert app.return_code == 0


async def test_the_theme_is_remembered(make_tutor: MakeTutor, tmp_path: Path) -> None:
    app = make_tutor(progress=Progress(tmp_path / "p.sqlite"))
    async with app.run_test() as pilot:
        dark = app.current_theme.dark
        await pilot.press("t")
        assert app.current_theme.dark is not dark
        chosen = app.theme
    assert Progress(tmp_path / "p.sqlite").setting("theme") == chosen

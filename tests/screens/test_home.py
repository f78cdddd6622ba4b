"""The contents screen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.screen import Screen
from textual.widgets import Static
from textual.widgets._toast import Toast, ToastRack

from engine.playground.settings import Settings
from lessons.format.catalog import Catalog, catalog
from lessons.format.document import plain_text
from lessons.judge.verdicts import Verdict
from lessons.learner.progress import Progress
from tests.screens.conftest import MakeTutor
from tests.screens.waiting import settle
from tui.app import TutorApp
from tui.page.lines import line_text
from tui.screens.chapter import ChapterScreen
from tui.screens.confirm import ConfirmScreen
from tui.screens.home import HomeScreen
from tui.screens.home_list import ContentsList, FindField
from tui.screens.lesson import LessonScreen
from tui.widgets.lesson_card import LessonCard
from tui.widgets.welcome import Welcome

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


def toasts(screen: Screen[object]) -> list[str]:
    """What is said in the corner."""
    return [str(toast.render()) for toast in screen.query(Toast)]


@pytest.mark.usefixtures("drawn_at_pauses")
async def test_a_dialog_sends_away_what_was_read_but_no_error(make_tutor: MakeTutor) -> None:
    app = make_tutor()
    async with app.run_test(notifications=True) as pilot:
        home = app.screen
        app.notify("Nothing to do here.", markup=False)
        app.notify("No data. `dltutor data fetch mnist` [fetches] them.", severity="error",
                   markup=False)  # fmt: skip
        await settle(pilot)
        code = str(app.screen.query(Toast).last().render())
        assert code == "No data. dltutor data fetch mnist [fetches] them."
        app.notify("Said at the same time.", markup=False)
        app.push_screen(ConfirmScreen("Really? " * 30, yes="Remove"))
        await settle(pilot)
        assert not home.query_one(ToastRack).display, "none is seen half behind the dialog"
        assert toasts(app.screen) == [code], "there is room for one beside the dialog"
        dialog = app.screen.query_one("#confirm")
        assert dialog.border_title == "Remove"
        assert not app.screen.query_one(Toast).region.overlaps(dialog.region)
        await pilot.resize_terminal(80, 20)
        await settle(pilot)
        assert toasts(app.screen) == []
        await pilot.press("n")
        await settle(pilot)
        assert {*toasts(app.screen)} == {code, "Said at the same time."}, "they have waited"
        assert home.query_one(ToastRack).display


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

        assert "✓" in line("backprop/worked-example")
        assert "◐" in line("backprop/deltas")
        assert "step 2 of 7" in line("backprop/deltas")
        assert "○" in line("linear/from-scratch")
        headings = [str(option.prompt) for option in home.contents.options if option.disabled]
        assert "1/9" in next(row for row in headings if "Backpropagation" in row)


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


async def test_the_first_start_says_what_this_is_until_a_lesson_was_opened(
    make_tutor: MakeTutor,
) -> None:
    app = make_tutor()
    async with app.run_test(size=(80, 24)) as pilot:
        home = app.screen
        welcome = home.query_one(Welcome)
        assert welcome.display
        said = "\n".join(line_text(line) for line in welcome.lines(76))
        for part in ("fundamentals of deep learning", "school algebra", "Start here"):
            assert part in said
        await pilot.press("enter", "g")
        assert app.screen is home
        assert not welcome.display


async def test_g_lands_on_the_lesson_that_was_open_and_c_on_its_chapter(
    make_tutor: MakeTutor,
) -> None:
    app = make_tutor(lesson="linear/model")
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("c")
        assert isinstance(app.screen, ChapterScreen)
        assert app.screen.chapter.slug == "linear"
        await pilot.press("escape")
        await pilot.press("g")
        home = app.screen
        assert isinstance(home, HomeScreen)
        assert home.marked == "linear/model"


async def test_the_card_says_what_waits_and_a_click_opens_the_lesson(
    make_tutor: MakeTutor, tmp_path: Path
) -> None:
    progress = Progress(tmp_path / "p.sqlite")
    keys = catalog().step_keys("backprop/deltas")
    progress.visit("backprop/deltas", 2, keys)
    progress.answer("backprop/deltas", "sign", "up", Verdict.WRONG, "")
    progress.answer("backprop/deltas", "sign", "down", Verdict.RIGHT, "")
    app = make_tutor(progress=progress)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("g")
        card = app.screen.query_one(LessonCard)
        said = "\n".join(line_text(line) for line in card.lines(50))
        assert "step 3 of 7" in said
        assert "Continue" in said
        assert "say what the delta of a unit measures" in said
        lines = [line_text(line) for width in range(24, 60) for line in card.lines(width)]
        facts = [line for line in lines if "·" in line]
        assert any(line.endswith("·") for line in facts)
        assert not any(line.startswith("·") for line in facts)
        await pilot.click(LessonCard)
        assert isinstance(app.screen, LessonScreen)
        assert app.screen.step == 2


async def test_a_tall_card_names_the_steps_and_marks_what_was_seen(
    make_tutor: MakeTutor, tmp_path: Path
) -> None:
    progress = Progress(tmp_path / "p.sqlite")
    progress.visit("backprop/deltas", 2, catalog().step_keys("backprop/deltas"))
    app = make_tutor(progress=progress)
    async with app.run_test(size=(160, 60)) as pilot:
        await pilot.press("g")
        await settle(pilot)
        card = app.screen.query_one(LessonCard)
        said = [line_text(line) for line in card.lines(60)]
        titles = [plain_text(step.title) for step in catalog().load("backprop/deltas").steps]
        signs = ["•", "•", "●", *["·"] * (len(titles) - 3)]
        assert said[-len(titles) :] == [
            f"{sign} {t}" for sign, t in zip(signs, titles, strict=True)
        ]
        await pilot.resize_terminal(160, 44)
        await settle(pilot)
        assert not any("in this lesson" in line_text(line) for line in card.lines(60))


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


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("nosuch", "dltutor-dark"),
        ("", "dltutor-dark"),
        ("textual-light", "dltutor-light"),
        ("dltutor-contrast", "dltutor-contrast"),
    ],
)
async def test_a_stored_theme_that_this_version_does_not_know_costs_nothing(
    make_tutor: MakeTutor, tmp_path: Path, stored: str, shown: str
) -> None:
    progress = Progress(tmp_path / "p.sqlite")
    progress.remember("theme", stored)
    app = make_tutor(progress=progress)
    async with app.run_test():
        assert app.theme == shown


async def test_no_color_sends_no_colour(
    make_tutor: MakeTutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = make_tutor()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("t")  # there is no other theme to go to
        for strip in app.screen._compositor.render_strips():
            segments = list(strip)
            for line_filter in app._filters:
                if line_filter.enabled:
                    segments = line_filter.apply(segments, app.screen.background_colors[1])
            for segment in segments:
                style = segment.style
                assert style is None or style.color is None or style.color.is_default
                assert style is None or style.bgcolor is None or style.bgcolor.is_default


async def test_the_row_below_the_list_never_grows_so_the_selected_lesson_stays_in_view(
    make_tutor: MakeTutor,
) -> None:
    app = make_tutor()
    async with app.run_test(size=(80, 24)) as pilot:
        home = app.screen
        assert isinstance(home, HomeScreen)
        await pilot.press("end")
        await pilot.pause()
        assert home.query_one("#about").size.height == 1
        about = str(home.query_one("#about", Static).content)
        assert about.endswith("builds on A module of your own, …")
        place = home.contents.highlighted
        assert place is not None
        below = home.contents.scroll_offset.y + home.contents.scrollable_content_region.height
        assert home.contents.scroll_offset.y <= place < below


async def test_a_start_with_a_lesson_leaves_the_contents_for_later(
    make_tutor: MakeTutor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen, shown = [], LessonScreen.show_step

    async def noting(lesson: LessonScreen, step: int) -> None:
        seen.append(bool(app.screen_stack[0].children))
        await shown(lesson, step)

    monkeypatch.setattr(LessonScreen, "show_step", noting)
    app = make_tutor(lesson="one/b", contents=small_contents(tmp_path / "en"))
    async with app.run_test(size=(120, 40)) as pilot:
        home = app.screen_stack[0]
        assert isinstance(home, HomeScreen)
        assert seen == [False]
        assert home.is_furnished  # after the first frame
        assert home.contents.option_count == 0
        await pilot.press("g")
        assert isinstance(app.screen, HomeScreen)
        assert home.marked == "one/b"
        assert _rows_fit(home)


@pytest.mark.parametrize("key", ["g", "slash"])
async def test_contents_that_nobody_has_seen_are_made_when_a_key_leads_there(
    make_tutor: MakeTutor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    """The key may come before the first frame."""
    monkeypatch.setattr(TutorApp, "_after_first_frame", lambda app: None)
    app = make_tutor(lesson="one/b", contents=small_contents(tmp_path / "en"))
    async with app.run_test(size=(120, 40)) as pilot:
        home = app.screen_stack[0]
        assert isinstance(home, HomeScreen)
        assert not home.is_furnished
        assert not home.children
        await pilot.press(key)
        assert isinstance(app.screen, HomeScreen)
        assert home.marked == "one/b"
        assert _rows_fit(home)
        assert isinstance(home.focused, FindField if key == "slash" else ContentsList)
        await pilot.press("down")
        assert home.marked == "one/c"


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_after_another_start_the_rows_leave_room_for_the_scrollbar(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    app = TutorApp(
        progress=Progress(tmp_path / "p.sqlite"),
        preload=None,
        refresh_rate=1e-6,
        playground=(Settings(), None),
    )
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await pilot.press("escape")
        home = app.screen
        assert isinstance(home, HomeScreen)
        assert home.contents.show_vertical_scrollbar
        row = "".join(segment.text for segment in home.contents.render_line(0))
        assert row.rstrip().endswith("0/9")
        assert home._filled_for == home._row_width


def _rows_fit(home: HomeScreen) -> bool:
    """Whether the count of a chapter, at the end of its row, is seen beside the card."""
    return "0/3" in "".join(segment.text for segment in home.contents.render_line(0))

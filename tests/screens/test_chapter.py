"""The chapter page: what is done, what is shaky, reset."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from itertools import chain
from pathlib import Path

import pytest
from textual.widgets import OptionList, Static

from lessons.format.catalog import Catalog
from lessons.learner.progress import LessonProgress, Progress
from tests.screens.conftest import MakeTutor
from tests.screens.notes import notes
from tui.math import cell_width
from tui.page.lines import line_text
from tui.screens.chapter import ChapterScreen
from tui.screens.confirm import ConfirmScreen
from tui.screens.home import HomeScreen
from tui.screens.lesson import LessonScreen
from tui.themes import THEMES
from tui.widgets.row import is_legible
from tui.widgets.standing_card import StandingCard

SnapCompare = Callable[..., bool]


@pytest.fixture
def progress(tmp_path: Path, fixed_day: date) -> Progress:
    """A learner with one lesson done, one begun, and slips in both; nothing is due today."""
    days = [fixed_day - timedelta(days=3)]
    found = Progress(tmp_path / "p.sqlite", lambda: days[-1])
    for step in range(3):
        found.visit("backprop/one", step, ("forward", "backward", "end"))
    days.append(fixed_day)
    found.answer("backprop/one", "z_h1", "0.3775", "right")
    found.answer("backprop/one", "total_loss", "0.6", "slip", "no-half")
    found.answer("backprop/one", "total_loss", "0.3", "right")
    found.answer("backprop/two", "grad_w5", "1", "slip", "sign")
    found.answer("backprop/two", "grad_w5", "1", "slip", "half-precedence")
    found.remember("last", "")
    return found


@pytest.mark.parametrize("theme", ["dltutor-dark", "dltutor-light"])
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_a_chapter(
    make_tutor: MakeTutor,
    snap_compare: SnapCompare,
    contents: Catalog,
    progress: Progress,
    size: tuple[int, int],
    theme: str,
) -> None:
    progress.remember("theme", theme)
    app = make_tutor(progress=progress, contents=contents)
    assert snap_compare(app, terminal_size=size, press=["c"])


def test_reset_asks_first(
    make_tutor: MakeTutor, snap_compare: SnapCompare, contents: Catalog, progress: Progress
) -> None:
    app = make_tutor(progress=progress, contents=contents)
    assert snap_compare(app, terminal_size=(80, 24), press=["c", "r"])


def rows(screen: ChapterScreen) -> list[str]:
    return [str(option.prompt) for option in screen.standing.options]


async def test_shaky_questions_stand_first_with_their_slips(
    make_tutor: MakeTutor, contents: Catalog, progress: Progress
) -> None:
    app = make_tutor(progress=progress, contents=contents)
    async with app.run_test() as pilot:
        await pilot.press("c")
        screen = app.screen
        assert isinstance(screen, ChapterScreen)
        found = rows(screen)
        assert found[0].startswith("Shaky")
        assert found[1] == " ! The first, step 2 · right at try 2\n   slips: the ½ left out"
        assert found[2].startswith(" ! The second, step 1 · not right yet after 2 tries\n")
        assert [line.split() for line in found[5].splitlines()] == [
            ["✓", "The", "first", "3/3", "1", "1", "·", "·", "1"],
            ["slips:", "the", "½", "left", "out"],
        ]
        assert "◐ The second" in found[6]
        assert "0/1" in found[6]


async def test_a_new_step_of_a_lesson_that_is_done_is_not_seen_yet(
    make_tutor: MakeTutor, contents: Catalog, progress: Progress, tmp_path: Path
) -> None:
    path = tmp_path / "en" / "backprop" / "one" / "lesson.en.md"
    text = path.read_text("utf-8").replace("## Backward", "## New\nText.\n\n## Back {#backward}")
    path.write_text(text, "utf-8")
    app = make_tutor(progress=progress, contents=Catalog(contents.folder))
    async with app.run_test() as pilot:
        await pilot.press("c", "j", "j")
        screen = app.screen
        assert isinstance(screen, ChapterScreen)
        assert rows(screen)[5].split()[:4] == ["✓", "The", "first", "3/4"]
        assert str(screen.query_one("#about", Static).render()) == "done · steps seen ●○●●"
        await pilot.press("enter")
        await pilot.pause()
        lesson = app.screen
        assert isinstance(lesson, LessonScreen)
        assert lesson.step == 3, "where it was left"


async def test_long_slips_wrap_under_each_other(
    make_tutor: MakeTutor, contents: Catalog, progress: Progress
) -> None:
    for slip in ("updated-weights-first", "sigmoid-of-activation", "no-derivative"):
        progress.answer("backprop/two", "grad_w5", "2", "slip", slip)
    app = make_tutor(progress=progress, contents=contents)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("c")
        screen = app.screen
        assert isinstance(screen, ChapterScreen)
        lines = "\n".join(rows(screen)).splitlines()
        assert max(map(len, lines)) <= 77
        assert sum(line.startswith(" " * 10) for line in lines) >= 2
        await pilot.resize_terminal(120, 40)
        await pilot.pause()
        wide = "\n".join(rows(screen)).splitlines()
        assert len(wide) < len(lines)


def on_card(screen: ChapterScreen) -> list[str]:
    card = screen.query_one(StandingCard)
    return [line_text(line) for line in card.lines(card.content_size.width)]


async def test_a_card_says_more_about_the_marked_row(
    make_tutor: MakeTutor, contents: Catalog, progress: Progress, fixed_day: date
) -> None:
    app = make_tutor(progress=progress, contents=contents)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("c")
        await pilot.pause()
        screen = app.screen
        assert isinstance(screen, ChapterScreen)
        said = on_card(screen)
        assert said[0] == "Backward", "the title of the step"
        assert "  ✗ 0.6 · the ½ left out" in said
        assert "right at try 2" in said
        at = said.index("The slip")
        assert said[at + 1].startswith("the ½ left out. The ½ is missing"), "and its sentence"
        assert f"due on {fixed_day + timedelta(days=1)}" in said
        assert "0.298371109" not in " ".join(said), "it is asked again"
        # Every row fits, and nothing of it is said twice.
        room = screen.standing.scrollable_content_region.width
        assert all(cell_width(line) <= room for row in rows(screen) for line in row.splitlines())
        assert not any("slips" in row for row in rows(screen))
        await pilot.press("j", "j")
        await pilot.pause()
        said = on_card(screen)
        assert said[:3] == ["The first", "", "━" * 24 + "  3 of 3 steps"]
        assert "later try   1  " in " ".join(said)
        assert "1× the ½ left out" in said
        steps = said[said.index("Steps; a click opens one") + 1 :]
        assert [step.split()[:3] for step in steps] == [
            ["✓", "1", "Forward"], ["✓", "2", "Backward"], ["✓", "3", "End"],
        ]  # fmt: skip
        assert steps[1].endswith("! later try")
        row = len(said) - 2  # the second step; a border and a row of air are above
        await pilot.click(StandingCard, offset=(6, row + 2))
        await pilot.pause()
        lesson = app.screen
        assert isinstance(lesson, LessonScreen)
        assert (lesson.lesson.slug, lesson.step) == ("backprop/one", 1)


async def test_enter_opens_the_lesson_at_the_marked_question(
    make_tutor: MakeTutor, contents: Catalog, progress: Progress
) -> None:
    app = make_tutor(progress=progress, contents=contents)
    async with app.run_test() as pilot:
        await pilot.press("c", "enter")
        await pilot.pause()
        screen = app.screen
        assert isinstance(screen, LessonScreen)
        assert (screen.lesson.slug, screen.step) == ("backprop/one", 1)
        await pilot.press("g")
        assert isinstance(app.screen, HomeScreen)


async def test_a_lesson_opens_where_it_was_left(
    make_tutor: MakeTutor, contents: Catalog, progress: Progress
) -> None:
    app = make_tutor(progress=progress, contents=contents)
    async with app.run_test() as pilot:
        await pilot.press("c", "j", "j", "enter")
        await pilot.pause()
        screen = app.screen
        assert isinstance(screen, LessonScreen)
        assert (screen.lesson.slug, screen.step) == ("backprop/one", 2)


async def test_a_reset_is_done_only_when_agreed_to(
    make_tutor: MakeTutor, contents: Catalog, progress: Progress
) -> None:
    app = make_tutor(progress=progress, contents=contents)
    async with app.run_test() as pilot:
        await pilot.press("c", "j", "j", "r")
        assert isinstance(app.screen, ConfirmScreen)
        assert "stay in the log" in app.screen.question
        await pilot.press("n")
        assert progress.get("backprop/one").done
        await pilot.press("r", "y")
        await pilot.pause()
        screen = app.screen
        assert isinstance(screen, ChapterScreen)
        assert progress.get("backprop/one") == LessonProgress()
        assert len(progress.answers()) == 5
        assert screen.marked is not None
        assert screen.marked[0].state == "new", "the mark stays on the lesson"
        assert not any("The first, step" in row for row in rows(screen))
        assert any("The second, step" in row for row in rows(screen))
        assert screen.check_action("reset", ()) is None


async def test_the_arrows_turn_to_other_chapters_and_stop_at_the_ends(
    make_tutor: MakeTutor, contents: Catalog, progress: Progress
) -> None:
    app = make_tutor(progress=progress, contents=contents)
    async with app.run_test() as pilot:
        await pilot.press("c", "left")
        screen = app.screen
        assert isinstance(screen, ChapterScreen)
        assert screen.chapter.slug == "backprop"
        await pilot.press("right")
        assert screen.chapter.slug == "functions"
        assert any("Still to come · coming" in row for row in rows(screen))
        assert screen.marked is None
        await pilot.press("right", "enter", "r")
        assert screen.is_current
        assert screen.chapter.slug == "functions"
        assert notes(app) == [
            "This is the first chapter. →: the next one",
            "This is the last chapter. ←: the one before",
            "No lesson is selected, so there is nothing to reset. ↑ ↓: select one",
        ]
        await pilot.press("h", "q")
        assert isinstance(app.screen, HomeScreen)


async def test_a_lesson_that_nobody_has_seen_has_nothing_to_reset(
    make_tutor: MakeTutor, contents: Catalog
) -> None:
    app = make_tutor(contents=contents)
    async with app.run_test() as pilot:
        await pilot.press("c", "r", "r")
        told = "Nothing of this lesson has been seen yet. enter: open it"
        assert notes(app) == [told]


async def test_a_chapter_opens_from_the_palette_over_a_lesson(
    make_tutor: MakeTutor, contents: Catalog, progress: Progress
) -> None:
    app = make_tutor(lesson="backprop/two", progress=progress, contents=contents)
    async with app.run_test() as pilot:
        await pilot.pause()
        lesson = app.screen
        commands = {command.title: command for command in app.get_system_commands(lesson)}
        commands["Chapter: Another chapter"].callback()
        await pilot.pause()
        screen = app.screen
        assert isinstance(screen, ChapterScreen)
        commands["Chapter: A short chapter"].callback()
        await pilot.pause()
        assert screen.is_current
        assert screen.chapter.slug == "backprop"
        await pilot.press("escape")
        assert app.screen is lesson


async def test_a_broken_lesson_says_so_and_stops_nothing(
    make_tutor: MakeTutor, contents: Catalog, progress: Progress, tmp_path: Path
) -> None:
    (tmp_path / "en" / "backprop" / "two" / "lesson.en.md").write_text(
        "no lesson any more", "utf-8"
    )
    app = make_tutor(progress=progress, contents=Catalog(tmp_path / "en"))
    async with app.run_test() as pilot:
        await pilot.press("c")
        screen = app.screen
        assert isinstance(screen, ChapterScreen)
        shown = "".join("".join(rows(screen)).split())  # a long path goes on in the next row
        assert "lesson.en.md" in shown


async def test_rows_can_be_read_in_every_theme_the_selected_one_too(
    make_tutor: MakeTutor, contents: Catalog, progress: Progress
) -> None:
    app = make_tutor(progress=progress, contents=contents)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("c")
        standing = app.screen.query_one("#standing", OptionList)
        signs: dict[str, set[str]] = {}
        for theme in (theme for theme in THEMES if not theme.ansi):
            app.theme = theme.name
            await pilot.pause()
            found = signs.setdefault(theme.name, set())
            for segment in chain.from_iterable(
                map(standing.render_line, range(standing.size.height))
            ):
                style = segment.style
                if segment.text.strip() and style and style.color and style.bgcolor:
                    assert is_legible(style.color, style.bgcolor), (theme.name, segment.text)
                    found.add(style.color.name)
        assert len(set(map(frozenset, signs.values()))) == len(signs)  # each has its own inks

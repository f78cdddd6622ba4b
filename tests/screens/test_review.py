"""Old questions come back at the start of a day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Static

from lessons.format.catalog import Catalog
from lessons.judge.questions import NumberQuestion
from lessons.learner.progress import Progress
from tests.screens.conftest import MakeTutor
from tests.screens.lesson_steps import shown
from tests.screens.notes import notes
from tests.screens.waiting import settle
from tests.small_course import fence
from tests.unit.lessons.course import question_of
from tui.key_names import use_keys
from tui.page.lines import line_text
from tui.screens.confirm import ConfirmScreen
from tui.screens.home import HomeScreen
from tui.screens.lesson import LessonScreen
from tui.screens.review import ReviewScreen
from tui.widgets.choice_rows import ChoiceRows
from tui.widgets.feedback import Feedback
from tui.widgets.review_rail import ReviewRail

SnapCompare = Callable[..., bool]


@pytest.fixture
def progress(tmp_path: Path, fixed_day: date) -> Progress:
    """A learner who met three questions three days ago, and starts again today."""
    days = [fixed_day - timedelta(days=3)]
    found = Progress(tmp_path / "p.sqlite", lambda: days[-1])
    found.answer("backprop/one", "z_h1", "0.3775", "right")
    found.answer("backprop/two", "grad_w5", "", "shown")
    found.answer("backprop/one", "total_loss", "0.6", "slip", "no-half")
    days.append(fixed_day)
    return found


async def still(pilot: Pilot[None]) -> None:
    for field in pilot.app.screen.query(Input):
        field.cursor_blink = False
    await pilot.pause()


@pytest.mark.parametrize("theme", ["dltutor-dark", "dltutor-light"])
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_an_old_question(
    make_tutor: MakeTutor,
    snap_compare: SnapCompare,
    contents: Catalog,
    progress: Progress,
    size: tuple[int, int],
    theme: str,
) -> None:
    progress.remember("theme", theme)
    app = make_tutor(progress=progress, contents=contents)
    assert snap_compare(app, terminal_size=size, run_before=still)


async def test_a_character_begins_the_answer_and_the_rail_follows(
    make_tutor: MakeTutor, contents: Catalog, progress: Progress
) -> None:
    app = make_tutor(progress=progress, contents=contents)
    use_keys({"review.enter": "E", "review.next": "N", "lesson.next": "M"})
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        screen = app.screen
        assert isinstance(screen, ReviewScreen)
        assert shown(screen.question_view.query_one(Feedback)) == "E: answer · N: skip"

        def rail() -> str:
            view = screen.query_one(ReviewRail)
            return "\n".join(line_text(line) for line in view.lines(32))

        assert "● Backward" in rail()
        assert "first try  in 3 days" in rail()
        await pilot.press(*"0.6", "enter")
        await settle(pilot)
        assert isinstance(app.focused, Input)
        assert "✗ Backward" in rail()
        assert progress.last_answer("backprop/one", "total_loss") == "0.6"
        await pilot.click(ReviewRail, offset=(3, rail().split("\n").index("○ A gradient")))
        assert screen.place == 1


async def test_in_an_answer_the_arrow_that_is_greyed_for_the_review_moves_the_cursor(
    make_tutor: MakeTutor, contents: Catalog, progress: Progress
) -> None:
    app = make_tutor(progress=progress, contents=contents)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("1", "3", "left", "2")
        field = app.focused
        assert isinstance(field, Input)
        assert field.value == "123"
        assert not [note for note in notes(app) if "first question" in note]


def questions(screen: object) -> list[str]:
    assert isinstance(screen, ReviewScreen)
    return [question.block.name for question in screen.questions]


async def test_they_come_at_the_first_start_of_a_day_only(
    make_tutor: MakeTutor, contents: Catalog, tmp_path: Path, progress: Progress, fixed_day: date
) -> None:
    app = make_tutor(progress=progress, contents=contents)
    async with app.run_test() as pilot:
        await pilot.pause()
        assert questions(app.screen) == ["total_loss", "grad_w5", "z_h1"]
    again = make_tutor(progress=Progress(tmp_path / "p.sqlite"), contents=contents)
    async with again.run_test() as pilot:
        await pilot.pause()
        assert isinstance(again.screen, HomeScreen)
    tomorrow = Progress(tmp_path / "p.sqlite", lambda: fixed_day + timedelta(days=1))
    next_day = make_tutor(progress=tomorrow, contents=contents)
    async with next_day.run_test() as pilot:
        await pilot.pause()
        assert isinstance(next_day.screen, ReviewScreen)


async def test_they_come_over_the_lesson_that_was_open(
    make_tutor: MakeTutor, contents: Catalog, progress: Progress
) -> None:
    progress.visit("backprop/two", 0, ("a-gradient",))
    app = make_tutor(progress=progress, contents=contents)
    async with app.run_test() as pilot:
        await pilot.pause()
        assert isinstance(app.screen, ReviewScreen)
        await pilot.press("p")
        assert isinstance(app.screen, LessonScreen)


async def test_without_an_old_question_nothing_comes(
    make_tutor: MakeTutor, contents: Catalog, tmp_path: Path
) -> None:
    progress = Progress(tmp_path / "p.sqlite")
    progress.answer("backprop/one", "z_h1", "1", "wrong")
    progress.remember("last", "")
    app = make_tutor(progress=progress, contents=contents)
    async with app.run_test() as pilot:
        await pilot.pause()
        assert isinstance(app.screen, HomeScreen)
        await pilot.press("v")
        assert isinstance(app.screen, HomeScreen)
        assert any("No questions are due" in note for note in notes(app))


async def test_they_are_put_off_by_one_key_and_called_again_by_one(
    make_tutor: MakeTutor, contents: Catalog, progress: Progress
) -> None:
    app = make_tutor(progress=progress, contents=contents)
    async with app.run_test() as pilot:
        await pilot.pause()
        await pilot.press("p")
        assert isinstance(app.screen, HomeScreen)
        assert any("3 questions are still open" in note for note in notes(app))
        before = progress.answers()
        await pilot.press("v")
        assert questions(app.screen) == ["total_loss", "grad_w5", "z_h1"]
        assert progress.answers() == before


async def test_an_answer_counts_as_one_in_the_lesson(
    make_tutor: MakeTutor, contents: Catalog, progress: Progress, fixed_day: date
) -> None:
    question = question_of("backprop/worked-example", "total_loss")
    assert isinstance(question, NumberQuestion)
    right = f"{question.answer():.9g}"
    app = make_tutor(progress=progress, contents=contents)
    async with app.run_test() as pilot:
        await pilot.pause()
        await pilot.press("enter", *"77", "enter", "escape", "enter")
        await pilot.press(*["backspace"] * 4, *right, "enter")
        await pilot.pause()
        assert [
            (each.slug, each.question, each.verdict, each.day) for each in progress.answers()[3:]
        ] == [
            ("backprop/one", "total_loss", "wrong", fixed_day),
            ("backprop/one", "total_loss", "right", fixed_day),
        ]
        screen = app.screen
        await pilot.press("right")
        assert isinstance(screen, ReviewScreen)
        assert screen.place == 1
        await pilot.press("enter", "ctrl+r", "escape", "right", "right")
        assert isinstance(app.screen, HomeScreen)
        assert progress.answers()[-1].verdict == "shown"
        assert progress.answers()[-1].slug == "backprop/two"
        await pilot.press("v")
        assert questions(app.screen) == ["z_h1"]


async def test_one_can_go_back_and_the_answer_still_stands(
    make_tutor: MakeTutor, contents: Catalog, progress: Progress
) -> None:
    app = make_tutor(progress=progress, contents=contents)
    async with app.run_test() as pilot:
        await pilot.pause()
        await pilot.press("left")
        screen = app.screen
        assert isinstance(screen, ReviewScreen)
        assert screen.place == 0
        told = "This is the first question. →: the next one"
        assert notes(app) == [told]
        await pilot.press("enter", *"12", "enter", "escape", "l", "h")
        assert screen.place == 0
        assert screen.query(".old-question").first().query_one(Input).value == "12"


@pytest.mark.parametrize("key", ["enter", "b"])
async def test_options_out_of_view_come_into_view_before_one_is_chosen(
    make_tutor: MakeTutor, fixed_day: date, tmp_path: Path, key: str
) -> None:
    days = [fixed_day - timedelta(days=40)]
    progress = Progress(tmp_path / "q.sqlite", lambda: days[-1])
    progress.answer("backprop/deltas", "half_gone", "", "shown")
    days.append(fixed_day)
    app = make_tutor(progress=progress)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, ReviewScreen)
        rows = screen.query_one(ChoiceRows)
        assert screen.can_view_entire(screen.question_view), "not only what its step says before"
        place = screen.query_one("#place", Static).render_line(0).text
        assert place.split("·")[1].split("  ")[0].strip() == screen.questions[0].lesson.title
        page = screen.page.region
        assert rows.region.right <= page.right - 2, "a cell between words and the scrollbar"
        await pilot.press("pageup", key)
        assert not rows.marks
        assert screen.can_view_partial(rows)
        await pilot.press("down", "enter")
        await settle(pilot)
        assert screen.question_view.is_settled
        await pilot.press("enter")
        told = "This question is answered. →: close the review"
        assert notes(app) == [told]
        await pilot.press("pageup")
        assert screen.page.scroll_y < screen.page.max_scroll_y - 5


async def test_the_lesson_is_one_key_away(
    make_tutor: MakeTutor, contents: Catalog, progress: Progress
) -> None:
    app = make_tutor(progress=progress, contents=contents)
    async with app.run_test() as pilot:
        await pilot.pause()
        await pilot.press("o")
        await pilot.pause()
        screen = app.screen
        assert isinstance(screen, LessonScreen)
        assert (screen.lesson.slug, screen.step) == ("backprop/one", 1)


async def test_a_question_that_is_gone_and_a_broken_lesson_are_passed_over(
    make_tutor: MakeTutor, contents: Catalog, progress: Progress, tmp_path: Path
) -> None:
    (tmp_path / "en" / "backprop" / "two" / "lesson.en.md").write_text(
        "no lesson any more", "utf-8"
    )
    one = tmp_path / "en" / "backprop" / "one" / "lesson.en.md"
    one.write_text(one.read_text("utf-8").replace(fence("total_loss"), ""))
    app = make_tutor(progress=progress, contents=Catalog(tmp_path / "en"))
    async with app.run_test() as pilot:
        await pilot.pause()
        assert questions(app.screen) == ["z_h1"]


async def test_another_question_of_the_start_goes_first(
    make_tutor: MakeTutor, contents: Catalog, progress: Progress
) -> None:
    app = make_tutor(progress=progress, contents=contents)
    app.call_later(app.push_screen, ConfirmScreen("Go on?"))
    async with app.run_test() as pilot:
        await pilot.pause()
        assert isinstance(app.screen, ConfirmScreen)
        assert any("Questions are due for review today" in note for note in notes(app))

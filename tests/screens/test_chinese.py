"""Screens in Chinese: characters of two cells break, align and stay inside of their boxes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import tests.in_english  # noqa: F401 - before a test speaks Chinese
from engine import language
from lessons.format.catalog import catalog
from lessons.learner.progress import Progress
from tests.screens.conftest import MakeTutor
from tests.screens.waiting import settle
from tests.unit import warm
from tui.app import TutorApp
from tui.math import cell_width
from tui.page.lesson import lesson_lines
from tui.page.lines import line_text, line_width
from tui.palette import commands
from tui.screens.lesson import LessonScreen
from tui.widgets.lines_view import LinesView

SIZES = [(80, 24), (120, 40)]
CLOSING = "，。、；：？！）》】」』”’…％"
OPENING = "（《【「『“‘"
SLUG = "backprop/worked-example"


@pytest.fixture(autouse=True)
def chinese() -> Iterator[None]:
    """Screens in Chinese; English is left behind for the tests that follow."""
    language.use("zh")
    yield
    language.use("en")


def rows(app: TutorApp) -> list[str]:
    """The rows of the screen as they are drawn."""
    strips = app.screen._compositor.render_strips()
    return ["".join(segment.text for segment in strip) for strip in strips]


@pytest.mark.parametrize("width", [60, 72, 80, 100, 120])
def test_no_line_of_a_lesson_overflows_or_begins_with_a_closing_sign(width: int) -> None:
    lesson = catalog("zh").load(SLUG)
    for line in lesson_lines(lesson, width):
        text = line_text(line).strip("▎ ")
        assert line_width(line) <= width, text
        assert not text.startswith(tuple(CLOSING)), text
        assert not text.endswith(tuple(OPENING)), text


@pytest.mark.parametrize("size", SIZES)
async def test_every_step_fits_the_screen(make_tutor: MakeTutor, size: tuple[int, int]) -> None:
    app = make_tutor(SLUG, contents=catalog("zh"))
    async with app.run_test(size=size) as pilot:
        screen = app.screen
        assert isinstance(screen, LessonScreen)
        for step in range(len(catalog("zh").load(SLUG).steps)):
            await screen.show_step(step)
            await settle(pilot)
            found = rows(app)
            assert len(found) == size[1]
            for row in found:
                assert cell_width(row) == size[0], f"step {step}: {row}"
            for view in screen.query(LinesView):
                room = view.content_size.width
                for line in view.lines(room) if room else ():
                    assert line_width(line) <= room, line_text(line)


async def test_the_boxes_of_the_help_have_straight_borders(make_tutor: MakeTutor) -> None:
    app = make_tutor(SLUG, contents=catalog("zh"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("question_mark")
        await settle(pilot)
        found = [row for row in rows(app) if "│" in row]
        assert len(found) > 10
        for column in (str.index, str.rindex):
            assert len({cell_width(row[: column(row, "│")]) for row in found}) == 1


async def test_the_columns_of_the_contents_line_up(make_tutor: MakeTutor) -> None:
    app = make_tutor(contents=catalog("zh"))
    async with app.run_test(size=(80, 24)):
        found = [row for row in rows(app) if "○" in row]
        english = [row for row in found if " en" in row]
        assert len(english) > 8
        assert len({cell_width(row[: row.rindex(" en")]) for row in english}) == 1
        assert any("手算一个网络" in row for row in found if row not in english)


def test_a_question_in_chinese() -> None:
    """In both sizes, of one program: to import all in Chinese takes longer than the screens."""
    numbers = [str(number) for size in SIZES for number in size]
    done = warm.run(["-m", "tests.screens.chinese_rows", *numbers])
    assert done.returncode == 0, done.stderr
    wanted = [
        Path(__file__).with_name(f"chinese_{width}x{height}.txt").read_text("utf-8")
        for width, height in SIZES
    ]
    assert done.stdout == "".join(wanted), "renew them with python -m tests.screens.chinese_rows"
    for (width, _), text in zip(SIZES, wanted, strict=True):
        assert max(map(cell_width, text.splitlines())) <= width


async def test_the_palette_chooses_the_language_of_the_next_start(
    make_tutor: MakeTutor, tmp_path: Path
) -> None:
    progress = Progress(tmp_path / "own.sqlite")
    app = make_tutor(progress=progress, contents=catalog("zh"))
    async with app.run_test() as pilot:
        found = {command.title: command for command in commands(app)}
        assert "语言：English" in found
        assert "语言：中文" not in found, "it is the one in use"
        found["语言：English"].callback()
        await pilot.pause()
        assert progress.setting("language") == "en"

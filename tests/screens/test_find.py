"""Finding words in the course: the rows of what is found, and where they lead."""

from __future__ import annotations

import pytest
from rich.style import Style
from textual.widgets import Static

from lessons.format.catalog import catalog
from lessons.format.document import plain_text
from lessons.format.searching import Found, Index, Where
from tests.screens.conftest import MakeTutor
from tests.screens.waiting import settle
from tui.math import cell_width
from tui.screens.found_rows import found_row
from tui.screens.home import HomeScreen
from tui.screens.lesson import LessonScreen
from tui.widgets.lesson_card import LessonCard
from tui.widgets.row import Inks


async def test_find_narrows_the_list_and_enter_opens_the_first_place(make_tutor: MakeTutor) -> None:
    app = make_tutor()
    async with app.run_test() as pilot:
        await pilot.press("slash", *"by hand")
        home = app.screen
        assert isinstance(home, HomeScreen)
        assert home.marked == "backprop/worked-example"
        shown = {active.binding.id for active in home.active_bindings.values()}
        assert {"find.submit", "home.clear"} <= shown
        assert "home.find" not in shown, "here / is a character like any other"
        assert "places found" in str(home.query_one("#overall", Static).render())
        await pilot.press("down", "down")
        await pilot.resize_terminal(100, 24)
        await settle(pilot)
        assert home.contents.highlighted == 2, "what is selected stays so at another size"
        await pilot.press("enter")
        assert isinstance(app.screen, LessonScreen)
        await pilot.press("escape", "g")
        await settle(pilot)
        assert home.is_current
        assert home.contents.highlighted == 2, "and on the way back"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("The slope of the mean", "The slope of the mean"),
        (
            "A word " * 9 + "then the slope at last, and more",
            "… A word A word then the slope at l…",
        ),
        ("| a | slope |", "a · slope"),
    ],
)
def test_a_place_is_shown_from_before_the_word_on(text: str, shown: str) -> None:
    entry = next(catalog().entries())
    quiet, lit = Style(color="red"), Style(color="blue")
    row = found_row(
        Found(entry, 3, "Title", Where.TEXT, text), "SLO", 40,
        Inks(quiet, quiet, quiet, lit, quiet),
    )  # fmt: skip
    place, passage = row.plain.split("\n")
    assert place.split() == [*entry.title.split(), "›", "4", "text"]
    assert cell_width(place) == 39
    assert passage.strip() == shown
    assert [text for text, style in row.pieces if style.color == lit.color] == ["slo"]


@pytest.mark.parametrize(
    ("wanted", "shown"),
    [("worked", ""), ("worked hand", ""), ("example", "backprop/worked-example · Backpropagation")],
)
def test_a_lesson_found_by_another_name_shows_that_name(wanted: str, shown: str) -> None:
    found = Index(catalog()).find(wanted)[0]
    assert found.entry.slug == "backprop/worked-example"
    quiet, lit = Style(color="red"), Style(color="blue")
    row = found_row(found, wanted, 60, Inks(quiet, quiet, quiet, lit, quiet))
    _place, _line, names = row.plain.partition("\n")
    assert names.strip() == shown
    lit_texts = [text for text, style in row.pieces if style.color == lit.color]
    assert lit_texts == wanted.split()


async def test_a_search_without_result_says_so_and_escape_ends_it(make_tutor: MakeTutor) -> None:
    app = make_tutor()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("slash", *"zzz")
        home = app.screen
        assert isinstance(home, HomeScreen)
        await settle(pilot)
        shown = " ".join(strip.text for strip in home._compositor.render_strips())
        assert "or a symbol such as δ." in " ".join(shown.split()), "not cut off"
        told = [str(home.contents.get_option_at_index(place).prompt) for place in (0, 1)]
        assert "Nothing in the course matches" in told[0]
        assert "Try fewer words" in told[1]
        assert not home.query_one(LessonCard).display, "no empty frame"
        await pilot.press("escape")
        assert home.contents.option_count > 30
        assert home.query_one(LessonCard).display


async def test_words_are_found_in_every_step_and_lead_there(make_tutor: MakeTutor) -> None:
    app = make_tutor()
    async with app.run_test(size=(120, 40)) as pilot:
        home = app.screen
        assert isinstance(home, HomeScreen)
        await pilot.press("slash", *"jacobian row column")
        assert home.found is not None
        assert home.found.where is Where.SYMBOL
        await pilot.press("enter")
        lesson = app.screen
        assert isinstance(lesson, LessonScreen)
        assert lesson.lesson.slug == "functions/softmax"


async def test_what_is_found_opens_at_its_step(make_tutor: MakeTutor) -> None:
    app = make_tutor()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("slash", *"kaiming in the program", "enter")
        lesson = app.screen
        assert isinstance(lesson, LessonScreen)
        title = lesson.lesson.steps[lesson.step].title
        assert plain_text(title) == "Kaiming in the program"

"""A block of numbers before a derivation: how it looks, and that nothing of it is cut."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.pilot import Pilot

from lessons.format.document import WithNumbers
from tests.screens.conftest import MakeTutor
from tests.screens.waiting import settle
from tests.unit.lessons.course import SLUGS, lesson
from tui.math.meanings import coloured_rows, meaning
from tui.page.lines import Ink, line_text, line_width
from tui.page.number_rows import number_rows
from tui.page.spoken import Formulas, block_words
from tui.screens.lesson import LessonScreen
from tui.widgets.number_rows import NumberRowsView

SLUG, KEY = "backprop/worked-example", "the-slope-of-the-sigmoid"
CHAPTER = [slug for slug in SLUGS if slug.startswith("backprop/")]


def blocks(slug: str) -> list[WithNumbers]:
    return [b for step in lesson(slug).steps for b in step.blocks if isinstance(b, WithNumbers)]


@pytest.mark.parametrize(("size", "keys"), [((80, 24), ()), ((120, 40), ("t",))])
def test_pictures(
    make_tutor: MakeTutor,
    snap_compare: Callable[..., bool],
    size: tuple[int, int],
    keys: tuple[str, ...],
) -> None:
    async def walk(pilot: Pilot[None]) -> None:
        screen = pilot.app.screen
        assert isinstance(screen, LessonScreen)
        await screen.show_step(screen.lesson.keys.index(KEY))
        await settle(pilot)
        assert screen.query(NumberRowsView)
        await pilot.press(*keys)
        for _turn in range(3):
            await settle(pilot)

    assert snap_compare(make_tutor(SLUG), terminal_size=size, run_before=walk)


@pytest.mark.parametrize("slug", CHAPTER)
def test_no_row_is_wider_than_the_page(slug: str) -> None:
    for block in blocks(slug):
        for width in (40, 76, 88):
            rows = number_rows(block, width)
            assert max(map(line_width, rows)) <= width, (block.names, width)


def test_numbers_have_the_colour_of_what_they_stand_for() -> None:
    (block,) = blocks(SLUG)
    inks = {text: ink for row in number_rows(block, 76) for text, ink in row}
    assert inks["0.593270"] is Ink.COMPUTED or inks["0.593270"] is Ink.NUMBER
    assert inks["0.241301"] is Ink.BACKWARD


@pytest.mark.parametrize(
    ("symbol", "hue"),
    [
        ("x_1", "input"),
        (r"\mathbf{x}", "input"),
        (r"W_{11}^{(2)}", "weight"),
        ("b", "weight"),
        (r"\theta", "weight"),
        (r"\delta_1^{(3)}", "delta"),
        (r"\frac{\partial L}{\partial w}", "delta"),
        (r"\sigma'(z)", "delta"),
        (r"J_{ij}", "delta"),
        (r"\ell", "loss"),
        ("y_1", "loss"),
        (r"\hat y", "computed"),
        ("z", "computed"),
    ],
)
def test_a_symbol_has_a_meaning(symbol: str, hue: str) -> None:
    assert meaning(symbol) == hue


def test_a_number_that_stands_for_two_things_has_no_colour() -> None:
    rows = coloured_rows([r"x = 3 \quad w = 3", r"z = 3 \cdot 0.5 = 1.5", "a = 1.5 - 1 = 0.5"])
    assert rows[1].startswith(r"z = 3 \cdot 0.5 =")
    assert r"\color{computed}{1.5}" in rows[2]


def test_a_minus_belongs_to_its_number() -> None:
    rows = coloured_rows(["x = 0.3", "u = 0 - 0.3 = -0.3", r"v = e^{-0.3} = 0.74", "1 - 0.3 = 0.7"])
    assert r"e^{\color{computed}{-0.3}}" in rows[2]
    assert r"1 - \color{input}{0.3}" in rows[3]


def test_the_plain_dialogue_reads_the_rows() -> None:
    (block,) = blocks(SLUG)
    title, given, *rows = block_words(block, Formulas.LINE)
    assert title == "With numbers"
    assert given == "z = 0.3775"
    assert len(rows) == 3
    assert rows[-1].endswith("(the same, from the output alone)")


def test_text_of_the_block_is_its_rows() -> None:
    (block,) = blocks(SLUG)
    text = "\n".join(map(line_text, number_rows(block, 76)))
    assert "With numbers" in text
    assert "0.241301" in text

"""What the rail and the card at the end show of a lesson: the formulas so far."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from lessons.format.catalog import catalog
from lessons.format.document import Derivation, DerivationLine, Figure, Lesson
from lessons.format.used import formulas_so_far, result_of
from tests.cases import for_each
from tui.page.lines import line_text, line_width
from tui.page.prose import pieces
from tui.page.rail import rail_lines
from tui.widgets.review_rail import Asked, ReviewRail


def derivations(slug: str) -> Iterator[Derivation]:
    for step in catalog("en").load(slug).steps:
        yield from (block for block in step.blocks if isinstance(block, Derivation))


def figures_of(lesson: Lesson, step: int) -> list[Figure]:
    return [block for block in lesson.steps[step].blocks if isinstance(block, Figure)]


def derivation(*lines: str) -> Derivation:
    return Derivation("a", tuple(DerivationLine(line, ()) for line in lines))


@for_each(
    ("lines", "result"),
    [
        (("a = b + c", "= c + b", "= d"), "a = d"),
        ((r"\frac{a}{b} = c = e", "= d"), r"\frac{a}{b} = d"),
        (("a = b", "= c", "a + 1 = c + 1"), "a + 1 = c + 1"),
        (("a = b",), ""),  # nothing is derived
        (("a = b", "c = d"), ""),  # a list of equations, not a chain
        (("a = b", r"\ge c", "= d"), ""),  # a equals no d
        (("a = b", "= c", r"\approx d"), ""),
        (("a = b", "= c", r"\iff d = e"), ""),
        ((r"a \approx b", "= c"), ""),
        ((r"a \le b", "= c"), ""),
    ],
)
def test_the_result_is_the_first_left_side_and_the_last_right_side(
    lines: tuple[str, ...], result: str
) -> None:
    assert result_of(derivation(*lines)) == result


def test_the_results_of_a_lesson_are_its_formulas() -> None:
    found = {block.name: result_of(block) for block in derivations("backprop/gradients")}
    assert found["batch_gradient"] == r"\frac{\partial L}{\partial W^{(l)}} = X^\top D"
    assert all(found.values())
    lesson = catalog("en").load("backprop/gradients")
    shown = formulas_so_far(lesson, len(lesson.steps))
    assert found["batch_gradient"] in [formula.latex for formula in shown]


def test_the_rail_lists_the_steps_around_where_there_is_room() -> None:
    lesson = catalog("en").load("functions/activations")
    without = [line_text(line) for line in rail_lines(lesson, 15, 46).lines]
    assert "in this lesson" not in without
    bare = len(without) + 5  # a rule and a title with what separates them
    for room, first, count in ((6, 0, 0), (9, 11, 9), (40, 0, 30)):
        rail = rail_lines(lesson, 15, 46, (), bare + room)
        listed = [line_text(line) for line in rail.lines][bare:]
        assert len(listed) == count
        assert rail.steps == {bare + row: first + row for row in range(count)}
        for number, line in enumerate(listed, start=first):
            assert line[0] == ("●" if number == 15 else "•" if number < 15 else "·")
    narrow = rail_lines(lesson, 15, 24, (), 400)
    listed = [line_text(narrow.lines[row])[2:] for row in narrow.steps]
    titles = ["".join(text for text, _ink in pieces(step.title)) for step in lesson.steps]
    assert " ".join(listed).split() == " ".join(titles).split(), "no word is cut"


PARTS = ("on this step", "so far")


@pytest.mark.parametrize(("width", "rows"), [(80, 54), (52, 42)])
@pytest.mark.parametrize("slug", ["backprop/deltas", "linear/model", "classification/softmax"])
def test_a_large_rail_shows_a_picture_and_the_rest_keeps_its_place(
    slug: str, width: int, rows: int
) -> None:
    lesson = catalog("en").load(slug)
    pictures = 0
    for step in range(len(lesson.steps)):
        ends = []
        for shown in (figures_of(lesson, step), []):
            rail = rail_lines(lesson, step, width, shown, rows)
            assert len(rail.lines) <= rows
            assert all(line_width(line) <= width for line in rail.lines)
            said = [line_text(line) for line in rail.lines]
            assert "in this lesson" not in said
            first = next(said.index(part) for part in (*PARTS, said[-1]) if part in said)
            ends.append((first, said[first:]))
            pictures += len({*said[:first]}) > 5
        assert ends[0] == ends[1], "a figure that appears moves nothing"
    assert pictures >= 2 * len(lesson.steps) - 4, "nearly each has one"


def test_a_figure_grows_in_a_large_rail_and_stays_until_the_next_one() -> None:
    lesson = catalog("en").load("backprop/deltas")
    drawn = [
        [line_text(line) for line in rail_lines(lesson, 0, 80, figures_of(lesson, 0), rows).lines]
        for rows in (54, 39)
    ]
    tall, low = (each.index("on this step") for each in drawn)
    assert tall > low
    later = [line_text(line) for line in rail_lines(lesson, 1, 80, (), 54).lines]
    assert later[0] == "What a delta is for"
    assert "slope 0.144" in "\n".join(later)


def test_a_large_rail_of_a_review_shows_a_picture_and_symbols_but_no_formula() -> None:
    lesson = catalog("en").load("backprop/worked-example")
    step = lesson.keys.index("gradient-of-a-weight")
    asked = ReviewRail([Asked(lesson, step, ())], date(2026, 1, 1))
    asked.rows = 54
    said = [line_text(line) for line in asked.lines(76)]
    place = said.index("next review")
    assert place < said.index("The network") < said.index("on this step") < len(said) <= 54
    assert "w₅ 0.4" in "\n".join(said)
    assert "so far" not in said
    for width, rows in ((30, 54), (76, 20)):
        asked.rows = rows
        assert len(asked.lines(width)) == place + 5, "a small one has no room for them"


def test_the_rail_names_the_step_of_each_formula() -> None:
    lesson = catalog("en").load("functions/activations")
    said = [line_text(line).strip() for line in rail_lines(lesson, len(lesson.steps) - 1, 54).lines]
    place = said.index("SiLU: its slope")
    assert said[place + 1].startswith("f′(z) = σ(z)")
    assert "f(z) = z σ(z)" in said[place : place + 5]
    assert "GELU: its slope" in said[:place]

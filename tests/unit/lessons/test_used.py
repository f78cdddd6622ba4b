"""What the rail and the card at the end show of a lesson: the formulas so far."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lessons.format.catalog import catalog
from lessons.format.document import Derivation, DerivationLine, Figure
from lessons.format.used import formulas_so_far, result_of
from tui.page.lines import line_text, line_width
from tui.page.prose import pieces
from tui.page.rail import rail_lines


def derivations(slug: str) -> Iterator[Derivation]:
    for step in catalog("en").load(slug).steps:
        yield from (block for block in step.blocks if isinstance(block, Derivation))


def derivation(*lines: str) -> Derivation:
    return Derivation("a", tuple(DerivationLine(line, ()) for line in lines))


@pytest.mark.parametrize(
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
    without = [line_text(line) for line in rail_lines(lesson, 15, 54).lines]
    assert "in this lesson" not in without
    bare = len(without) + 5  # a rule and a title with what separates them
    for room, first, count in ((6, 0, 0), (9, 11, 9), (40, 0, 30)):
        rail = rail_lines(lesson, 15, 54, (), bare + room)
        listed = [line_text(line) for line in rail.lines][bare:]
        assert len(listed) == count
        assert rail.steps == {bare + row: first + row for row in range(count)}
        for number, line in enumerate(listed, start=first):
            assert line[0] == ("●" if number == 15 else "•" if number < 15 else "·")
    narrow = rail_lines(lesson, 15, 24, (), 400)
    listed = [line_text(narrow.lines[row])[2:] for row in narrow.steps]
    titles = ["".join(text for text, _ink in pieces(step.title)) for step in lesson.steps]
    assert " ".join(listed).split() == " ".join(titles).split(), "no word is cut"


def test_a_large_rail_fills_its_height() -> None:
    lesson = catalog("en").load("backprop/deltas")
    places = set()
    for step in range(len(lesson.steps)):
        figures = [block for block in lesson.steps[step].blocks if isinstance(block, Figure)]
        rail = rail_lines(lesson, step, 80, figures, 58)
        assert len(rail.lines) <= 58
        assert all(line_width(line) <= 80 for line in rail.lines)
        places.add(tuple(rail.steps.items()))
        said = "\n".join(map(line_text, rail.lines))
        assert ("slope 0.144" in said) is (step not in (3, 4)), "it stays where it has room"
        if figures:
            small = rail_lines(lesson, step, 80, figures, 40)
            drawn = [[line_text(line) for line in each.lines] for each in (rail, small)]
            tall, low = (each.index("on this step") for each in drawn)
            assert tall > low
    assert len(places) == 1, "the titles stand where they stood"
    (titles,) = places
    assert [step for _row, step in titles] == [*range(len(lesson.steps))]


def test_the_rail_names_the_step_of_each_formula() -> None:
    lesson = catalog("en").load("functions/activations")
    said = [line_text(line).strip() for line in rail_lines(lesson, len(lesson.steps) - 1, 54).lines]
    place = said.index("SiLU: its slope")
    assert said[place + 1].startswith("f′(z) = σ(z)")
    assert "f(z) = z σ(z)" in said[place : place + 5]
    assert "GELU: its slope" in said[:place]

"""A drawn network of any widths, at any size."""

from __future__ import annotations

from functools import lru_cache
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.network import BiasMode
from engine.trace import Trace
from engine.worked_example import drawn_problem, worked_example
from tests.cases import for_each
from tui.figures.network_labels import Label
from tui.figures.network_layout import Detail, Place
from tui.figures.network_lines import Line
from tui.figures.network_painter import NetworkDrawing, draw_network
from tui.figures.network_parts import simple_network
from tui.math import cell_width
from tui.math.scripts import indexed
from tui.page.lines import Ink, line_text, line_width
from tui.widgets.network_drawing import network_figure

_AROUND = [*product(range(-2, 3), range(-1, 2))]
WIDTHS = st.lists(st.integers(1, 8), min_size=3, max_size=5).map(tuple)


def _cells(place: Place) -> set[tuple[int, int]]:
    return {
        (x, y)
        for x in range(place.x, place.x + place.width)
        for y in range(place.y, place.y + place.height)
    }


def _words(label: Label) -> set[tuple[int, int]]:
    """The cells of a label without the blanks at its ends."""
    start = label.x + label.text.startswith(" ")
    return {(start + offset, label.y) for offset in range(len(label.text.strip()))}


def _assert_sound(drawing: NetworkDrawing, width: int, height: int) -> None:
    assert len(drawing.lines) == height
    assert all(line_width(line) == width for line in drawing.lines)
    places = [*drawing.layout.places.values(), *drawing.layout.left_out.values()]
    taken = [_cells(place) for place in places]
    taken += [
        {(label.x + offset, label.y) for offset in range(len(label.text))}
        for label in drawing.labels
    ]
    for one, other in combinations(taken, 2):
        assert not one & other, "nothing overlaps"
    words = [_words(label) for label in drawing.labels]
    for label in words:
        around = {(x + dx, y + dy) for x, y in label for dx, dy in _AROUND}
        assert all(near is label or not around & near for near in words), "no label crowds another"
    for cells in taken:
        for x, y in cells:
            assert 0 <= x < width, "nothing is outside"
            assert 0 <= y < height, "nothing is outside"


@settings(max_examples=60, deadline=None)
@given(
    WIDTHS,
    st.integers(17, 200),
    st.integers(1, 60),
    st.integers(0, 10_000),
    st.sampled_from((Detail.HUGE, Detail.LARGE, Detail.FULL)),
)
def test_nothing_overlaps_and_nothing_is_outside(
    widths: tuple[int, ...], width: int, height: int, at: int, largest: Detail
) -> None:
    trace = _trace(widths)
    figure = network_figure(trace, at % len(trace.operations))
    drawing = draw_network(figure, width, height, largest=largest)
    _assert_sound(drawing, width, height)
    if height >= max(widths):
        assert len(drawing.layout.places) == sum(widths), "every unit is shown"
        assert not drawing.layout.left_out
    for label in drawing.labels:
        assert label.text in line_text(drawing.lines[label.y]) + " " * len(label.text)


@lru_cache(maxsize=32)
def _trace(widths: tuple[int, ...]) -> Trace:
    return drawn_problem(widths).trace()


@for_each(("width", "height"), [(1, 1), (3, 2), (9, 40), (200, 1)])
def test_even_where_nothing_fits_it_is_drawn(width: int, height: int) -> None:
    drawing = draw_network(simple_network((8, 8, 8, 8, 8)), width, height)
    assert len(drawing.lines) == height
    assert all(line_width(line) == width for line in drawing.lines)


def test_boxes_become_smaller_step_by_step() -> None:
    figure = network_figure(drawn_problem((2, 4, 2)).trace(), 0)
    found = [
        {place.detail for (layer, _), place in drawing.layout.places.items() if layer == 1}
        for drawing in (draw_network(figure, 100, height) for height in (20, 12, 4))
    ]
    assert found == [{Detail.FULL}, {Detail.VALUE}, {Detail.LINE}]
    narrow = draw_network(figure, 20, 20)
    assert {place.detail for place in narrow.layout.places.values()} == {Detail.DOT}
    assert "●" in "".join(map(line_text, narrow.lines))


@pytest.mark.parametrize(
    ("size", "detail", "shown"),
    [
        ((60, 22), Detail.FULL, "out 0.59327 "),
        ((78, 24), Detail.LARGE, "out 0.593269992 "),
        ((120, 40), Detail.HUGE, "out  0.593269992 "),
        ((120, 20), Detail.LARGE, "out 0.593269992 "),
    ],
)
def test_boxes_and_what_is_between_them_grow_with_the_room(
    size: tuple[int, int], detail: Detail, shown: str
) -> None:
    trace = worked_example(BiasMode.PER_UNIT).trace()
    drawing = draw_network(network_figure(trace, 5), *size, largest=Detail.HUGE)
    assert {place.detail for place in drawing.layout.places.values()} == {detail}
    assert any(shown in line_text(line) for line in drawing.lines)
    assert len(drawing.labels) == 8, "every weight has its number"
    _assert_sound(drawing, *size)
    small = draw_network(network_figure(trace, 5), *size)
    assert {place.detail for place in small.layout.places.values()} == {Detail.FULL}


@pytest.mark.parametrize(
    ("size", "shown"),
    [((74, 8), "w₂ 0.2"), ((38, 8), "0.2"), ((46, 10), "")],
)
def test_labels_that_would_touch_become_shorter_or_are_left_out(
    size: tuple[int, int], shown: str
) -> None:
    problem = worked_example()
    weights = tuple(tuple(map(tuple, matrix)) for matrix in problem.network().W)
    drawing = draw_network(simple_network((2, 2, 2), None, weights), *size)
    _assert_sound(drawing, *size)
    assert len(drawing.labels) == (8 if shown else 0)
    if shown:
        assert shown in {label.text for label in drawing.labels}


@for_each("width", [62, 63, 72])
def test_no_dots_of_an_edge_touch_a_weight(width: int) -> None:
    figure = network_figure(worked_example(BiasMode.PER_UNIT).trace(), 5)
    drawing = draw_network(figure, width, 16)
    assert len(drawing.labels) == 8
    for label in drawing.labels:
        line = line_text(drawing.lines[label.y]).ljust(width)
        start = label.x + label.text.startswith(" ")
        beside = line[start - 1] + line[start + len(label.text.strip())]
        assert not [sign for sign in beside if "\u2800" < sign <= "\u28ff"], line


def test_no_dots_of_an_edge_touch_a_name_without_a_box() -> None:
    drawing = draw_network(simple_network((3, 8, 8)), 60, 8)
    names = [place for place in drawing.layout.places.values() if place.detail is Detail.LINE]
    assert len(names) >= 16
    for place in names:
        before = line_text(drawing.lines[place.y])[: place.x]
        assert before[-1:] in ("", " "), before


def test_units_without_room_are_marked() -> None:
    text = [line_text(line) for line in draw_network(simple_network((8, 2, 1)), 60, 5).lines]
    assert any("⋮" in line for line in text)
    assert any("x₈" in line for line in text)


def test_sign_and_size_of_a_weight_can_be_seen_without_colour() -> None:
    def line(weight: int, dashed: bool) -> set[tuple[int, int]]:
        return set(Line(0, 10.0, 60, 10.0, weight, dashed, False, Ink.PLAIN).dots())

    thin, normal, thick = (len(line(weight, False)) for weight in (1, 2, 3))
    assert thin < normal < thick
    for weight in (1, 2, 3):
        assert line(weight, True) < line(weight, False)
    figure = simple_network((1, 2), [[1.0], [None, None]], [[[0.9], [-0.9]]])
    inks = {ink for row in draw_network(figure, 60, 9).lines for _text, ink in row}
    assert {Ink.POSITIVE, Ink.NEGATIVE} <= inks


def test_without_braille_only_plain_signs_are_used() -> None:
    figure = network_figure(drawn_problem((2, 2, 2)).trace(), 0)
    text = "".join(line_text(line) for line in draw_network(figure, 72, 12, braille=False).lines)
    assert not [sign for sign in text if "\u2800" <= sign <= "\u28ff" or sign in "╭╮╰╯▸◂●○"]
    assert "w1 0.27" in text
    assert "-" in text


def test_a_name_has_its_index_lowered_where_that_cannot_be_read_otherwise() -> None:
    names = ("w12", "h1", "w8⁺", "E", "η", "h4_10")
    assert [indexed(name) for name in names] == ["w₁₂", "h₁", "w₈⁺", "E", "η", "h4_10"]
    assert all(cell_width(indexed(name)) == cell_width(name) for name in names)


def test_values_stand_in_the_boxes_of_a_simple_network() -> None:
    outputs: list[list[float | None]] = [[0.5, -0.25], [0.125, None]]
    text = "\n".join(
        line_text(line) for line in draw_network(simple_network((2, 2), outputs), 60, 9).lines
    )
    for shown in ("0.5", "−0.25", "0.125", "·"):
        assert shown in text

"""Figures from data: never wider than asked, every value at its place, the same said in words."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lessons.format.drawings import (
    Bars,
    Curve,
    Drawing,
    Graph,
    Hue,
    Line,
    Matrix,
    Net,
    Node,
    Series,
    Shapes,
    Spot,
    Surface,
)
from tests.cases import for_each
from tui.figures.registry import draw, fits, kinds, words
from tui.page.lines import HEAT_LEVELS, Heat, Ink, line_text, line_width
from tui.page.signs import use_plain_signs

PARABOLA = Line("L", lambda w: w * w, Hue.LOSS)
DRAWINGS: dict[str, Drawing] = {
    "curve": Curve((PARABOLA,), -2.0, 2.0, "w", tangent=1.0, path=((2.0, 4.0), (-1.0, 1.0))),
    "two panels": Curve((PARABOLA,), -2, 2, "w", slope=Line("slope", lambda w: 2 * w, Hue.DELTA)),
    "holes": Curve((Line("ln", math.log), Line("1/x", lambda x: 1 / x)), -1, 1, area=(0, 1)),
    "nowhere": Curve((Line("none", lambda _x: math.nan),), 0, 1, spots=(Spot(0.5, 0.5, "here"),)),
    "constant": Curve((Line("7", lambda _x: 7.0),), 0, 1),
    "huge": Curve((Line("exp", math.exp),), -900, 900),
    "surface": Surface("L", lambda a, b: a * a + b * b, (-1, 1), (-1, 1), path=((-1, 1), (0, 0))),
    "no surface": Surface("L", lambda _a, _b: math.nan, (0, 1), (0, 1)),
    "bars": Bars(("cat", "dog"), (Series("p", (0.75, 0.25)), Series("q", (0.5, -0.5)))),
    "no bars": Bars(("a", "b"), (Series("", (0.0, math.inf)),)),
    "shapes": Shapes((Matrix("X", (4, 3)), Matrix("W", (3, 2)), Matrix("Z", (4, 2))), ("·", "→")),
    "many shapes": Shapes((Matrix("X", (256, 1, 28, 28)), Matrix("s", ())), ("→",)),
    "graph": Graph(
        (
            Node("x", value=3.0, gradient=0.5),
            Node("w", value=2.0, gradient=1.5),
            Node("u", ("x", "w"), 6.0, 1.0),
            Node("y", ("u", "w"), 8.0, 1.0),
        )
    ),
    "names": Graph((Node("a"), Node("b", ("a",)), Node("c", ("a", "b")))),
    "network": Net((2, 3, 1), ((0.1, 0.2), (None, None, 0.3), (None,)), layers=("in", "h", "out")),
    "wide network": Net((784, 200, 10)),
}


@pytest.fixture(params=[False, True], ids=["full signs", "plain signs"])
def signs(request: pytest.FixtureRequest) -> object:
    use_plain_signs(request.param)
    yield request.param
    use_plain_signs(False)


def rows(drawing: Drawing, width: int, height: int | None = None) -> list[str]:
    return [line_text(line) for line in draw(drawing, width, height)]


def test_every_kind_of_drawing_has_one_file_that_draws_it() -> None:
    assert set(kinds()) == {each.KIND for each in DRAWINGS.values()}
    assert {kind.KIND for kind in Drawing.__subclasses__()} == set(kinds())


@pytest.mark.parametrize("name", DRAWINGS)
@pytest.mark.usefixtures("signs")
@settings(max_examples=15, deadline=None)
@given(width=st.integers(1, 130), height=st.integers(1, 45))
def test_a_figure_stays_inside(name: str, width: int, height: int) -> None:
    lines = draw(DRAWINGS[name], width, height)
    assert len(lines) <= height
    assert all(line_width(line) <= width for line in lines)


@for_each("name", DRAWINGS)
@for_each("width", [1, 12, 30, 54, 86, 300])
def test_the_height_that_suits_it_is_moderate(name: str, width: int) -> None:
    lines = draw(DRAWINGS[name], width)
    assert 0 < len(lines) <= 60
    assert all(line_width(line) <= width for line in lines)


@for_each("name", DRAWINGS)
def test_plain_signs_hold_no_braille(name: str) -> None:
    use_plain_signs(True)
    try:
        text = "".join(rows(DRAWINGS[name], 70))
    finally:
        use_plain_signs(False)
    assert not any(0x2800 <= ord(sign) < 0x2900 for sign in text)
    assert not set(text) & set("╭╮╰╯▏▎▍▋▊▉●○◂▸✚")


def test_a_curve_passes_where_its_function_does() -> None:
    line = Curve((Line("", lambda x: x),), 0, 1, y_range=(0, 1))
    found = rows(line, 40, 4)  # too low for axes: the sheet is the unit square
    assert found[0].rstrip()[-1] != " "
    assert len(found[0].rstrip()) == 40
    assert found[3][0] != " "
    assert not found[0][:28].strip()
    assert not found[3][12:].strip()


def test_a_step_is_no_line_from_bottom_to_top() -> None:
    step = Curve((Line("", lambda x: float(x > 0.3)),), 0, 1, y_range=(0, 1))
    assert [bool(row.strip()) for row in rows(step, 40, 4)] == [True, False, False, True]


def test_a_moved_tangent_says_its_slope() -> None:
    curve = DRAWINGS["curve"]
    moved = draw(curve, 60, options={"at": -1.5})
    assert line_text(moved[0]) == "w = −1.5  L = 2.25  slope −3"
    assert moved[0][-1][1] is Ink.DELTA
    # Outside of the axis it stays at the end.
    assert "w = 2 " in line_text(draw(curve, 60, options={"at": 99.0})[0])


def test_ticks_are_even_and_round() -> None:
    labels = rows(Curve((PARABOLA,), -2, 2, "w"), 60)[-1].split()
    values = [float(label.replace("−", "-")) for label in labels]
    gaps = {round(b - a, 9) for a, b in pairwise(values)}
    assert len(gaps) == 1
    assert 0.0 in values


@for_each("height", range(8, 30))
@for_each("name", ["curve", "surface"])
def test_numbers_up_an_axis_stand_at_equal_distances(name: str, height: int) -> None:
    rows = [line_text(line) for line in draw(DRAWINGS[name], 72, height)]
    starts = [row.partition("┤")[0].strip() for row in rows]
    at = [place for place, row in enumerate(rows) if "┤" in row and starts[place] != "w₂"]
    assert len(at) >= 2
    assert len({after - before for before, after in pairwise(at)}) == 1


def test_the_name_of_an_axis_keeps_off_its_numbers() -> None:
    rows = [line_text(line) for line in draw(DRAWINGS["surface"], 72, 20)]
    starts = [row.partition("┤")[0].strip() if "┤" in row else "" for row in rows]
    place = starts.index("w₂")
    assert starts[place - 1 : place + 2] == ["", "w₂", ""]


def test_a_small_step_of_a_line_is_no_line_either() -> None:
    stairs = Line("f", lambda x: 0.02 * math.floor(10 * x))
    rows = [line_text(line) for line in draw(Curve((stairs,), 0.05, 0.95, "x"), 72, 20)]
    dots = "".join(rows)
    assert not [sign for sign in dots if sign in "⡇⢸"], "no dots above each other"


def test_bars_are_right_to_an_eighth_of_a_cell() -> None:
    bars = Bars(("a", "b"), (Series("", (1.0, 0.3125)),), digits=4)
    first, second = rows(bars, 2 + 16 + 1 + 6)
    assert first == "a " + "█" * 16 + " 1.0000"
    assert second == "b " + "█" * 5 + " " * 11 + " 0.3125"
    third = rows(Bars(("a", "b"), (Series("", (1.0, 0.3203125)),), digits=4), 25)[1]
    assert third.startswith("b " + "█" * 5 + "▏")


def test_negative_bars_lie_left_of_zero() -> None:
    above, below = rows(Bars(("a", "b"), (Series("", (1.0, -1.0)),)), 40)
    assert above.index("█") > below.rindex("█")


def test_bars_that_find_no_room_are_counted() -> None:
    bars = Bars(tuple("abcdef"), (Series("", (1.0,) * 6),))
    assert rows(bars, 40, 4)[-1] == "… 3 more"


def test_bars_grow_thicker_with_their_room_and_the_number_stands_once() -> None:
    bars = Bars(("a", "b"), (Series("p", (1.0, 0.5)), Series("q", (0.5, 1.0))))
    for room, thick, air in ((4, 1, 0), (5, 1, 1), (9, 2, 1), (12, 2, 1), (60, 3, 1)):
        found = rows(bars, 40, room + 1)[1:]
        assert len(found) == 4 * thick + air <= room
        assert [row.strip()[0] for row in found if row.strip()[-1:].isdigit()] == [*"a▓b▓"]
        assert sum("█" in row for row in found) == sum("▓" in row for row in found) == 2 * thick


def test_boxes_have_as_many_cells_as_the_matrix() -> None:
    text = "\n".join(rows(DRAWINGS["shapes"], 60))
    assert text.count("·") == 4 * 3 + 3 * 2 + 4 * 2 + 1
    assert "(4, 3)    (3, 2)   (4, 2)" in text
    assert rows(DRAWINGS["shapes"], 20)[0].startswith("X(4, 3)")


def test_values_go_forward_and_gradients_back() -> None:
    lines = draw(DRAWINGS["graph"], 80)
    text = "\n".join(map(line_text, lines))
    forward = "".join(part for line in lines for part, ink in line if ink is Ink.COMPUTED)
    backward = "".join(part for line in lines for part, ink in line if ink is Ink.DELTA)
    assert all(number in forward for number in "3268")
    assert all(number in backward for number in ("◂0.5", "◂1.5", "◂1"))
    assert text.index("x") < text.index("u")
    # As a list, where there is no room for a graph.
    assert "y  8    ◂1  ← u, w" in rows(DRAWINGS["graph"], 20)


def test_the_coldest_cell_is_the_lowest_place() -> None:
    cells = [
        ink
        for line in draw(DRAWINGS["surface"], 40, 12)
        for text, ink in line
        for _sign in text
        if isinstance(ink, Heat)
    ]
    assert min(cell.upper for cell in cells) <= 1
    assert max(cell.upper for cell in cells) == HEAT_LEVELS
    assert any(cell.mark is not None for cell in cells)


def test_words_say_the_numbers_that_matter() -> None:
    assert "4 at −2, 0 at 0, 4 at 2" in words(DRAWINGS["curve"])
    assert "has the slope 2." in words(DRAWINGS["curve"])
    assert "A path of 2 points leads from (2, 4) to (−1, 1)." in words(DRAWINGS["curve"])
    assert "p: cat 0.750, dog 0.250." in words(DRAWINGS["bars"])
    assert words(DRAWINGS["shapes"]) == "Shapes: X (4, 3) · W (3, 2) → Z (4, 2)."
    assert "u from x, w = 6 (gradient 1)" in words(DRAWINGS["graph"])
    assert "x₁ = 0.1, x₂ = 0.2" in words(DRAWINGS["network"])


def test_a_graph_that_fits_is_no_list() -> None:
    graph = DRAWINGS["graph"]
    width = next(width for width in range(1, 200) if fits(graph, width))
    assert "←" not in "".join(rows(graph, width))
    assert "←" in "".join(rows(graph, width - 1))


def test_a_graph_draws_its_columns_closer_before_it_becomes_a_list() -> None:
    widths: dict[int, int] = {}
    for width in range(100, 0, -1):
        first = rows(DRAWINGS["graph"], width)[1].strip()
        if first.startswith("(x)"):
            widths[first.index("(u)")] = width
    assert len(widths) == 3
    assert not fits(DRAWINGS["graph"], min(widths.values()) - 1)


@for_each(
    ("make", "problem"),
    [
        (lambda: Curve((), 0, 1), "at least one line"),
        (lambda: Curve((PARABOLA,), 1, 1), "smaller than"),
        (lambda: Curve((PARABOLA,), 0, 1, tangent=2), "must touch"),
        (lambda: Bars(("a",), (Series("p", (1.0, 2.0)),)), "2 values for 1 names"),
        (lambda: Shapes((Matrix("X", (1,)),), ("·",)), "One sign stands"),
        (lambda: Graph((Node("y", ("x",)),)), "does not stand before"),
        (lambda: Graph((Node("y"), Node("y"))), "Two nodes"),
        (lambda: Net((2, 1), ((0.0,), (0.0,))), "one entry per unit"),
        (lambda: Net((2, 1), weights=(((1.0,),),)), "a row per unit"),
    ],
)
def test_a_drawing_without_sense_is_refused(make: object, problem: str) -> None:
    assert callable(make)
    with pytest.raises(ValueError, match=problem):
        make()

"""The parts of a chart: its characters, ticks, names, bands, and that nothing erases a series."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from textual.geometry import Size

from tests.cases import for_each
from tui.widgets import chart_draw, chart_ink
from tui.widgets.chart_draw import draw, picture
from tui.widgets.chart_field import Field
from tui.widgets.chart_ink import ASCII, BLOCKS, BRAILLE, Ink, ink_for
from tui.widgets.chart_raster import line, points
from tui.widgets.chart_series import Drawing, Series, wide
from tui.widgets.row_ticks import Rows
from tui.widgets.series import Axis, linear_axis, log_axis

SIZE = Size(70, 16)
UTF = {"LANG": "en_GB.UTF-8", "TERM": "xterm-256color"}


@for_each(
    ("environment", "platform", "plain", "expected"),
    [
        (UTF, "linux", False, BRAILLE),
        ({"TERM": "xterm"}, "linux", False, BRAILLE),
        ({**UTF, "LANG": "C.UTF-8"}, "linux", False, BRAILLE),
        ({**UTF, "TERM": "linux"}, "linux", False, ASCII),
        ({**UTF, "TERM": "vt100"}, "linux", False, ASCII),
        ({**UTF, "LANG": "C"}, "linux", False, ASCII),
        ({**UTF, "LANG": "de_DE.ISO-8859-1@euro"}, "linux", False, ASCII),
        ({**UTF, "LC_ALL": "POSIX"}, "linux", False, ASCII),
        ({"LANG": "C", "LC_ALL": "en_GB.utf8"}, "linux", False, BRAILLE),
        (UTF, "linux", True, ASCII),
        ({}, "win32", False, BLOCKS),
        ({"WT_SESSION": "1"}, "win32", False, BRAILLE),
    ],
)
def test_the_terminal_decides_the_characters(
    environment: dict[str, str], platform: str, plain: bool, expected: Ink
) -> None:
    assert ink_for(environment, platform, plain=plain) is expected


def field(ink: Ink, columns: int = 8, lines: int = 4) -> Field:
    across, up = columns * ink.across - 1, lines * ink.down - 1
    return Field(columns, lines, ink, Axis(0.0, across, (), ()), Axis(0.0, up, (), ()))


@pytest.mark.parametrize("ink", [BRAILLE, BLOCKS])
def test_every_dot_of_a_cell_is_where_its_value_is(ink: Ink) -> None:
    for x in range(ink.across):
        for y in range(ink.down):
            bits = points([4 * ink.across + x], [ink.down + y], field(ink))
            assert bits.sum() == bits[2, 4] == 1 << ((ink.down - 1 - y) * ink.across + x)
    assert len(set(ink.glyphs)) == 2 ** (ink.across * ink.down)
    assert ink.decoded(ink.glyphs).tolist() == [list(range(len(ink.glyphs)))]


def dots(bits: object, ink: Ink, lines: int = 4) -> set[tuple[int, int]]:
    """The dots that are set, x from the left, y from the bottom."""
    return {
        (column * ink.across + place % ink.across,
         (lines - 1 - row) * ink.down + ink.down - 1 - place // ink.across)
        for row, cells in enumerate(bits.tolist())  # type: ignore[attr-defined]  # an array
        for column, cell in enumerate(cells)
        for place in range(ink.across * ink.down)
        if cell >> place & 1
    }  # fmt: skip


@pytest.mark.parametrize("ends", [(0, 15), (15, 0), (3, 3), (7, 8)])
def test_a_line_has_no_gaps_and_stays_near_the_straight_one(ends: tuple[int, int]) -> None:
    first, last = ends
    for x_end in (1, 6, 15):
        found = dots(line([0, x_end], [first, last], field(BRAILLE)), BRAILLE)
        assert {(0, first), (x_end, last)} <= found
        for x, y in found:
            off = abs(y - (first + (last - first) * x / x_end))
            assert off <= max(1.0, abs(last - first) / x_end)
        longest = max(x_end, abs(last - first))
        assert len(found) >= longest + 1
        for x, y in found - {(x_end, last)}:
            assert any(
                (x + dx, y + dy) in found for dx in (-1, 0, 1) for dy in (-1, 0, 1) if dx or dy
            )


def test_a_line_is_cut_at_the_edge_and_keeps_its_slope() -> None:
    found = dots(line([0, 15], [0, 1500], field(BRAILLE)), BRAILLE)
    assert {x for x, _y in found} == {0}
    assert {y for _x, y in found} == set(range(16))


def test_a_line_is_drawn_once_for_its_ink_and_size() -> None:
    ends = [0.0, 5.0], [0.0, 5.0]
    first = line(*ends, field(BRAILLE))
    assert line(*ends, field(BRAILLE)) is first
    assert not first.flags.writeable, "whoever changed it would change it for all"
    assert line(*ends, field(BLOCKS)).tolist() != first.tolist()
    assert line(*ends, field(BRAILLE, lines=5)).shape == (5, 8)


def test_a_value_that_is_no_number_interrupts_the_line_and_is_marked() -> None:
    xs = tuple(map(float, range(11)))
    ys = tuple(math.nan if x == 5 else 0.55 for x in xs)
    drawing = Drawing("step", "loss", (Series("loss", xs, ys, marker="", line=True),),
                      y_limits=(0.0, 1.0))  # fmt: skip
    rows = draw(drawing, SIZE)
    text = ["".join(piece for piece, _role in row) for row in rows]
    marks = [(y, row.index("✗")) for y, row in enumerate(text) if "✗" in row]
    assert len(marks) == 1
    assert marks[0][0] == 0
    cells = [(sign, paint) for row in rows for piece, paint in row for sign in piece]
    drawn = sum(paint == "primary" for _sign, paint in cells)
    assert 45 <= drawn <= 56, "the line goes on across the gap, or is lost"
    assert ("✗", "error") in cells


ROLES_OF = {"a": "primary", "b": "warning", "c": "success"}


def shares(*series: Series) -> dict[str | None, int]:
    """How many cells each role has."""
    found: dict[str | None, int] = {}
    for row in draw(Drawing("x", "", series, y_limits=(0.0, 1.0)), SIZE):
        for piece, paint in row:
            found[paint] = found.get(paint, 0) + len(piece.replace(" ", ""))
    return found


@pytest.mark.parametrize("ends", [(0.5, 0.5), (0.0, 1.0)])
def test_series_on_each_other_are_all_seen(ends: tuple[float, float]) -> None:
    def series(name: str, role: str, sign: str) -> Series:
        return Series(name, (0.0, 10.0), ends, role, sign, line=True)  # type: ignore[arg-type]

    found = shares(
        series("a", "primary", "●"), series("b", "warning", "×"), series("c", "success", "▲")
    )
    for role in ROLES_OF.values():
        assert found[role] >= 12


def test_a_steep_line_does_not_hide_another_in_its_columns() -> None:
    steep = [Series(n, (5.0, 5.05), (0.0, 1.0), r, "", line=True)  # type: ignore[arg-type]
             for n, r in (("a", "primary"), ("b", "warning"))]  # fmt: skip
    found = shares(*steep, Series("x", (0.0, 10.0), (0.1, 0.1), "muted", "", line=True))
    assert min(found["primary"], found["warning"]) >= 4


def ends(rows: list[str], *names: str) -> dict[str, tuple[int, int]]:
    found = {}
    for name in names:
        places = [(y, row.index(name)) for y, row in enumerate(rows) if name in row]
        assert len(places) == 1, f"{name} stands {len(places)} times"
        found[name] = places[0]
    return found


@for_each("last", [(0.2, 0.8), (0.5, 0.5), (0.5, 0.52), (0.0, 0.01), (0.99, 1.0)])
@for_each("until", [4.0, 10.0])
def test_names_stand_at_the_ends_and_do_not_overlap(
    last: tuple[float, float], until: float
) -> None:
    series = [
        Series(name, (0.0, until), (0.5, y), role, sign, line=True)  # type: ignore[arg-type]
        for name, role, sign, y in zip(
            ("train", "test"), ("primary", "warning"), "●×", last, strict=True
        )
    ]
    drawing = Drawing("epoch", "", tuple(series), (0.0, 10.0), (0.0, 1.0), named=True)
    shown = picture(drawing, SIZE)
    rows = ["".join(piece for piece, _role in row) for row in shown.rows]
    assert shown.named == {"train", "test"}
    found = ends(rows, "● train", "× test")
    assert found["● train"][0] != found["× test"][0]
    if last[0] != last[1]:  # the upper name is that of the line that ends higher
        assert (found["● train"][0] < found["× test"][0]) == (last[0] > last[1])
    end = 4 + 58 * until / 10
    for (y, x), height in zip(found.values(), last, strict=True):
        assert abs(y - (12 - 12 * height)) <= 2
        assert 0 <= x - end <= 6 or until < 10


def test_the_mark_at_the_end_of_a_named_line_stands_there_once() -> None:
    xs = tuple(map(float, range(6)))
    upper = Series("upper", xs, (0.0, 0.9, 0.8, 0.8, 0.8, 0.8), "primary", "●", line=True)
    lower = Series("lower", xs[:3], (0.0, 0.1, 0.2), "warning", "■", line=True)
    drawing = Drawing("epoch", "", (upper, lower), (0.0, 5.0), (0.0, 1.0), named=True)
    shown = picture(drawing, SIZE)
    rows = ["".join(piece for piece, _role in row) for row in shown.rows]
    assert shown.named == {"upper", "lower"}
    field = Rows(13, 4)
    axis = Axis(0.0, 1.0, (), ())
    for name, mark, height, count in (("upper", "●", 0.8, 6), ("lower", "■", 0.2, 3)):
        (row,) = [row for row in rows if name in row]
        assert rows.index(row) == 12 - field.of(height, axis)
        assert f"{mark} {name}" in row
        assert f"{mark} {mark}" not in row
        assert row[row.index(name) - 3] != " ", "the mark is not at the end of its line"
        # Every point has its mark but the first one, which is under that of the other line.
        assert "".join(rows).count(mark) in (count - 1, count)


def test_a_long_name_stays_in_the_legend() -> None:
    long = Series("a name of more than a fifth", (0.0, 1.0), (0.0, 1.0), line=True)
    short = Series("short", (0.0, 1.0), (1.0, 0.0), line=True)
    assert picture(Drawing("x", "", (long, short), named=True), SIZE).named == {"short"}
    run = Series("lr 0.001 · rmsprop", (0.0, 1.0), (0.0, 1.0), "primary", "▲", line=True)
    shown = picture(Drawing("x", "", (run, short), named=True), Size(112, 20))
    assert shown.named == {run.name, "short"}


def test_without_a_legend_all_lines_are_named_or_none() -> None:
    run = Series("lr 0.001 · rmsprop", (0.0, 1.0), (0.0, 1.0), "primary", "▲", line=True)
    short = Series("lr 0.5 · sgd", (0.0, 1.0), (1.0, 0.0), "warning", "×", line=True)
    drawing = Drawing("x", "", (run, short), named=True, has_legend=False)
    assert picture(drawing, SIZE).named == frozenset()
    assert picture(drawing, Size(112, 20)).named == {run.name, short.name}


@for_each("high", [0.37, 0.9, 1.0, 2.5, 7.3, 34.0, 812.0, 5e6])
@for_each("count", [2, 3, 5, 8])
def test_ticks_are_round_and_at_equal_distances(high: float, count: int) -> None:
    axis = linear_axis(0.0, high, count)
    gaps = [after - before for before, after in pairwise(axis.ticks)]
    assert max(gaps) == pytest.approx(min(gaps))
    mantissa = gaps[0] / 10 ** math.floor(math.log10(gaps[0]) + 1e-9)
    assert min(abs(mantissa - nice) for nice in (1, 2, 5)) < 1e-6
    assert len(axis.ticks) <= count + 2
    assert axis.ticks[0] == 0
    assert axis.ticks[-1] >= high * (1 - 1e-9)


@for_each(("low", "high"), [(0.1, 10), (1e-7, 3.0), (0.02, 0.9), (3, 7), (1, 1e9)])
@for_each("count", [2, 4, 8])
def test_ticks_of_a_log_axis_are_decades_at_equal_distances_or_1_2_5(
    low: float, high: float, count: int
) -> None:
    axis = log_axis(low, high, count)
    values = [10**tick for tick in axis.ticks]
    assert 2 <= len(values) <= count + 3
    gaps = [after - before for before, after in pairwise(axis.ticks)]
    if all(abs(tick - round(tick)) < 1e-9 for tick in axis.ticks):
        assert max(gaps) == pytest.approx(min(gaps))
    else:
        assert max(gaps) <= math.log10(2.5) + 1e-9


@for_each(
    ("ys", "expected"),
    [((1.0, 900.0), False), ((1.0, 1001.0), True), ((0.0, 1e6), False), ((-1.0, 1e6), False),
     ((), False), ((math.nan, 1e-5, 1.0), True)],
)  # fmt: skip
def test_more_than_three_decades_ask_for_a_log_scale(ys: tuple[float, ...], expected: bool) -> None:
    assert wide([Series("loss", tuple(map(float, range(len(ys)))), ys)]) is expected


@pytest.mark.parametrize("ink", [BRAILLE, BLOCKS, ASCII])
def test_every_set_of_characters_draws_the_same_chart(
    ink: Ink, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (chart_draw, chart_ink):
        monkeypatch.setattr(module, "ink", lambda: ink)
    xs = tuple(map(float, range(30)))
    series = Series("loss", xs, tuple(2 / (1 + x) for x in xs), "primary", "", line=True,
                    lows=tuple(1 / (1 + x) for x in xs), highs=tuple(3 / (1 + x) for x in xs),
                    counts=(1,) * 30)  # fmt: skip
    rows = draw(Drawing("step", "loss", (series,)), SIZE)
    text = ["".join(piece for piece, _role in row) for row in rows]
    assert {len(row) for row in text} == {70}
    assert ink.axis[4] in text[-3]
    assert any(ink.shade in row for row in text)
    if ink is ASCII:
        assert all(row.isascii() for row in text)
    heights = [
        min(y for y, row in enumerate(rows) if x in primary(row)) for x in (6, 12, 20, 40, 60)
    ]
    assert heights == sorted(heights)
    assert heights[0] < heights[-1]


def primary(row: list[tuple[str, str | None]]) -> set[int]:
    """The columns of a row in which the line is."""
    columns, at = set(), 0
    for piece, paint in row:
        if paint == "primary":
            columns |= set(range(at, at + len(piece)))
        at += len(piece)
    return columns


def test_the_edges_of_a_band_lie_between_rows() -> None:
    def top(high: float) -> set[str]:
        series = Series("m", (0.0, 10.0), (1.0, 1.0), "primary", "", line=True,
                        lows=(0.0, 0.0), highs=(high, high), counts=(1, 1))  # fmt: skip
        rows = draw(Drawing("x", "", (series,), y_limits=(0.0, 10.0)), SIZE)
        return {p for row in rows for p, paint in row if paint == "primary-band"}

    edges = [top(5.0 + step / 5) for step in range(4)]
    assert len({frozenset(signs) for signs in edges}) >= 3

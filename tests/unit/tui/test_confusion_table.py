"""The confusion matrix says in signs, not only in colour, what is right and what is mixed up."""

from __future__ import annotations

import re

from tests.cases import for_each
from tui.page.lines import line_text
from tui.widgets.confusion_table import confusion_lines

COUNTS = ((8, 2, 0), (1, 9, 0), (0, 3, 7))


def test_right_counts_stand_in_brackets_and_the_worst_mistake_is_marked() -> None:
    lines = [line_text(line) for line in confusion_lines(COUNTS, ("Bag", "Coat", "Dress"), 76)]
    rows = [line.split() for line in lines if line[:1].isdigit()]
    assert rows == [
        ["0", "Bag", "[8]", "!2", "·"],
        ["1", "Coat", "!1", "[9]", "·"],
        ["2", "Dress", "·", "!3", "[7]"],
    ]


def test_ten_classes_of_a_thousand_images_fit_80_columns() -> None:
    counts = tuple(tuple(999 for _ in range(10)) for _ in range(10))
    lines = confusion_lines(counts, ("Ankle boot and more",) * 10, 76)
    assert max(len(line_text(line)) for line in lines) <= 76


@for_each("shades", [False, True])
@for_each("width", [52, 58, 76, 100])
def test_no_column_is_cut_where_the_pane_is_narrow(width: int, shades: bool) -> None:
    counts = tuple(tuple(100 + row + at for at in range(10)) for row in range(10))
    lines = [
        line_text(line)
        for line in confusion_lines(counts, ("Ankle boot",) * 10, width, shades=shades)
    ]
    assert max(map(len, lines)) <= width
    rows = [line for line in lines if line[:2] in {f"{label} " for label in range(10)}]
    assert len(rows) == 10
    assert all(len(re.findall(r"\d{3}", row)) == 10 for row in rows)


def test_without_colours_signs_before_the_numbers_say_how_large_the_shares_are() -> None:
    classes = ("Bag", "Coat", "Dress")
    lines = [line_text(line) for line in confusion_lines(COUNTS, classes, 76, shades=True)]
    rows = [line.split() for line in lines if line[:1].isdigit()]
    assert rows == [
        ["0", "Bag", "%[8]", "=!2", "·"],
        ["1", "Coat", "-!1", "@[9]", "·"],
        ["2", "Dress", "·", "+!3", "%[7]"],
    ]
    assert lines[-1].split() == ["share", "of", "the", "row:", "0%", ".2%", "-10%", "+30%",
                                 "#60%", "@100%"]  # fmt: skip


def test_a_rare_mistake_still_has_a_sign() -> None:
    (row,) = [
        line_text(line)
        for line in confusion_lines(((9999, 1), (0, 5)), ("A", "B"), 76, shades=True)
        if line_text(line).startswith("0")
    ]
    assert row.split() == ["0", "A", "@[9999]", ".!1"]


@for_each(
    ("width", "rows", "room", "height"),
    [(192, 44, 12, 3), (192, 60, 16, 4), (114, 26, 8, 2), (114, 20, 6, 1), (76, 26, 6, 2)],
)
def test_cells_fill_the_room_and_stay_about_square(
    width: int, rows: int, room: int, height: int
) -> None:
    counts = tuple(tuple(100 * (row == at) for at in range(10)) for row in range(10))
    classes = ("Ankle boot",) * 10
    laid = confusion_lines(counts, classes, width, rows=rows)
    assert len(laid) <= max(rows, 14)
    cells = laid[2 : 2 + 10 * height]
    assert {sum(len(text) for text, _ink in line) for line in cells} == {14 + 10 * room}
    named = [at for at, line in enumerate(cells) if "[100]" in line_text(line)]
    assert named == [(height - 1) // 2 + at * height for at in range(10)]
    for at, line in enumerate(cells):  # the ground of a count reaches over all of its cell
        assert line[1 + at // height][1] != line[1 + (at // height + 1) % 10][1]


def test_signs_for_shares_are_not_spread_over_rows() -> None:
    counts = ((5, 0), (0, 5))
    laid = confusion_lines(counts, ("A", "B"), 100, shades=True, rows=40)
    assert laid == confusion_lines(counts, ("A", "B"), 100, shades=True)

"""Numbers in columns: their points stand below each other, whatever the signs and sizes."""

from __future__ import annotations

from engine.naming import Shown
from tests.cases import for_each
from tui.columns import at_dots, at_point, fixed, in_column
from tui.widgets.numbers import measured


@for_each(
    ("value", "shown"),
    [
        (3.0, "    3.000"),
        (-0.5, "   −0.500"),
        (-1e-20, "−1.00e−20"),
        (0.0, "    0.000"),
        (-0.0, "    0.000"),
        (40000.0, "40000.000"),
        (1e12, "1.0000e12"),
        (float("inf"), "        ∞"),
        (float("-inf"), "       −∞"),
        (float("nan"), "      nan"),
    ],
)
def test_a_point_never_moves_with_the_sign(value: float, shown: str) -> None:
    assert fixed(value, 3, 9) == shown


def test_a_column_is_aligned_at_its_points_without_needless_zeros() -> None:
    assert at_point([1.0, -10.0, 0.5, None, 2.25], 8) == [
        "    1   ", "  −10   ", "    0.5 ", "        ", "    2.25",
    ]  # fmt: skip


def test_a_column_has_as_many_decimals_as_it_has_room_for() -> None:
    assert at_point([1 / 3, -1234.0], 9) == ["    0.333", "−1234    "]
    assert at_point([1 / 3, 1e-9], 9) == ["0.3333333", "1.0000e−9"]


def test_large_losses_have_the_same_number_of_digits() -> None:
    assert [measured(value) for value in (526000.0, 555400.0)] == ["5.260e5", "5.554e5"]


def test_written_numbers_stand_at_their_points_too_with_exponents_words_and_units() -> None:
    assert in_column(["0.25", "−13", "1.5e−9", "✗ inf", "12.5 %", "10 000", ""], 12) == [
        "      0.25  ", "    −13     ", "      1.5e−9", "  ✗ inf     ", "     12.5 % ",
        " 10 000     ", "            ",
    ]  # fmt: skip


def test_a_number_that_finds_no_room_at_the_point_stands_further_right() -> None:
    assert in_column(["0.123456", "−1000", "x"], 9) == [" 0.123456", "−1000    ", " x       "]
    assert in_column(["0.12345678", "✗ nan"], 10)[1] == " ✗ nan    ", "words keep their distance"


@for_each(
    ("value", "form", "shown"),
    [
        (1.1e-16, ".1e", "1.1e−16"), (-2500.0, "+.0e", "−2e3"), (1e-6, "g", "1e−6"),
        (0.5, "+.2f", "+0.50"), (float("-inf"), ".3g", "−inf"), (float("nan"), ".3g", "nan"),
    ],
)  # fmt: skip
def test_numbers_have_the_signs_and_exponents_of_formulas(
    value: float, form: str, shown: str
) -> None:
    assert format(Shown(value), form) == shown


def test_facts_are_broken_at_their_dots_alone() -> None:
    assert at_dots("one fact · two · three more", 16) == "one fact · two\nthree more"

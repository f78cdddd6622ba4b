"""Worked numbers are shown with the digits that the lesson writes."""

from __future__ import annotations

import pytest

from lessons.format.digits import agrees, formatted, parse
from tests.cases import for_each


@for_each(
    ("written", "value", "shown"),
    [
        ("0.298371109", 0.29837110876, "0.298371109"),
        ("0.30", 0.29837110876, "0.30"),
        ("-0.0226", -0.0226025404, "−0.0226"),
        ("3.510188e-5", 3.510188e-5, "3.510188e−5"),
        ("60 000", 60000.0, "60 000"),
        ("7850", 7850.0, "7850"),
        ("96", 95.99999999, "96"),
        ("0.0000", -5.55e-17, "0.0000"),
    ],
)
def test_formatted(written: str, value: float, shown: str) -> None:
    assert formatted(written, value) == shown
    assert agrees(written, value)


def test_a_wrong_digit_is_found() -> None:
    assert not agrees("0.298371108", 0.29837110876)


def test_what_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="is not a number"):
        formatted("about 3", 3.0)


def test_half_a_unit_of_the_last_digit() -> None:
    written, half_unit = parse("0.25")
    assert (written, half_unit) == pytest.approx((0.25, 0.005))
    assert parse("−2.5e-3") == pytest.approx((-0.0025, 5e-5))

"""Cases of one test: all are tried, and the failure names each that does not hold."""

from __future__ import annotations

import pytest

from tests.cases import each


def even(number: int) -> None:
    assert number % 2 == 0
    assert 6 // number


def test_all_that_fail_are_named_with_the_reason() -> None:
    with pytest.raises(pytest.fail.Exception) as caught:
        each([3, 2, 0, 5], even)
    said = str(caught.value)
    assert said.startswith("3 of 4 cases do not hold.")
    assert "\n3\nAssertionError: " in said
    assert "\n0\nZeroDivisionError: " in said
    assert "test_cases.py:12" in said


def test_cases_that_hold_are_silent_and_none_at_all_are_a_mistake() -> None:
    each([2, 4], even)
    with pytest.raises(AssertionError, match="no case"):
        each([], even)

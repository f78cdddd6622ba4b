"""A test of many small cases that is written like a parametrized one."""

from __future__ import annotations

import inspect
import random
import re
from itertools import product
from pathlib import Path

import pytest

from tests.cases import each, for_each

WITHOUT_NAME = lambda: None


def test_all_cases_are_tried_and_each_draws_the_same_random_numbers() -> None:
    tried: list[tuple[object, ...]] = []

    @for_each("number", range(3))
    def one(number: int) -> None:
        tried.append((number, random.random()))

    @for_each("text, number", [("a", 1), pytest.param("b", 2, id="the second")])
    def two(text: str, number: int) -> None:
        tried.append((text, number))

    one()
    two()
    drawn = random.Random(0).random()
    assert tried == [(0, drawn), (1, drawn), (2, drawn), ("a", 1), ("b", 2)]


def test_it_stands_beside_fixtures_and_upon_itself(tmp_path: Path) -> None:
    tried: list[tuple[object, ...]] = []

    @for_each("number", [1, 2])
    @for_each("text", "ab")
    def test(text: str, tmp_path: Path, number: int) -> None:
        tried.append((tmp_path, number, text))

    assert [*inspect.signature(test).parameters] == ["tmp_path"]
    test(tmp_path=tmp_path)
    assert tried == [*product([tmp_path], [1, 2], "ab")]


@for_each(
    ("text", "ids", "called"),
    [
        ("plain", None, "text='plain'"),
        (re.compile, None, "text=compile"),
        (WITHOUT_NAME, None, "text=<lambda> of line 15"),
        ("x" * 1000, None, "text='" + "x" * 299 + "…"),
        ("plain", len, "text=5"),
        ("plain", ["the name"], "the name"),
        (pytest.param("plain", id="a name"), None, "a name"),
    ],
)
def test_a_case_that_fails_is_called_by_its_values_or_its_name(
    text: object, ids: object, called: str
) -> None:
    @for_each("text", [text], ids)  # type: ignore[arg-type]  # one of the three kinds
    def failing(text: object) -> None:
        assert text is None, "it is not"

    with pytest.raises(pytest.fail.Exception, match=r"^1 of 1 cases do not hold\.\n\n") as caught:
        failing()
    assert f"\n\n{called}\nAssertionError: it is not\n" in str(caught.value)


def test_what_raises_nothing_or_skips_is_told_as_well() -> None:
    def check(number: int) -> None:
        if number == 2:
            pytest.skip("no 2 here")
        with pytest.raises(ZeroDivisionError):
            assert 1 / number

    with pytest.raises(pytest.fail.Exception) as caught:
        each([0, 1, 2, 0, 3], check)
    said = str(caught.value)
    assert said.startswith("3 of 5 cases do not hold.\n\n1\nFailed: DID NOT RAISE")
    assert "\n\n2\nSkipped: no 2 here (" in said
    assert "\n\n3\nFailed: DID NOT RAISE" in said
    assert said.count("test_for_each.py:") == 3


def test_what_cannot_be_one_test_is_refused() -> None:
    async def later(number: int) -> None:
        pass

    with pytest.raises(AssertionError, match="nobody would await it"):
        for_each("number", [1])(later)  # type: ignore[arg-type]
    with pytest.raises(AssertionError, match="does not take"):
        for_each("text", [1])(lambda number: None)
    with pytest.raises(AssertionError, match="marks are those of a test"):
        for_each("number", [pytest.param(1, marks=pytest.mark.cuda)])
    with pytest.raises(ValueError, match="shorter"):
        for_each("text, number", [("a",)])

"""Answers are judged: right, a named slip, wrong, or not readable."""

from __future__ import annotations

import pytest

from lessons.checks.answers import Verdict, judge, read_number
from lessons.checks.base import ChoiceQuestion, NumberQuestion, Option, Slip

QUESTION = NumberQuestion(
    answer=lambda: 0.138498562,
    explanation="Because.",
    slips=(Slip("no-derivative", lambda: 0.741365070, "You forgot a factor."),),
    hint="Multiply.",
)


@pytest.mark.parametrize(
    "text", ["0.138", "0.139", "0.1385", ".1385", " 1.385e-1 ", "0,1385", "277/2000"]
)
def test_right(text: str) -> None:
    assert judge(QUESTION, text).verdict is Verdict.RIGHT


def test_three_digits_are_enough_and_two_are_not() -> None:
    assert judge(QUESTION, "0.14").verdict is Verdict.WRONG


def test_a_slip_is_named() -> None:
    found = judge(QUESTION, "0.741")
    assert (found.verdict, found.slip) == (Verdict.SLIP, "no-derivative")
    assert found.message == "You forgot a factor."


def test_a_wrong_sign_is_named_without_being_listed() -> None:
    assert judge(QUESTION, "−0.1385").slip == "sign"


def test_another_number_gets_the_hint() -> None:
    found = judge(QUESTION, "7")
    assert found.verdict is Verdict.WRONG
    assert found.message.endswith("Multiply.")


@pytest.mark.parametrize("text", ["", "  ", "abc", "1/0", "nan", "inf", "1/2/3"])
def test_what_is_no_number_is_said_to_be_none(text: str) -> None:
    assert judge(QUESTION, text).verdict is Verdict.UNREADABLE


def test_choices() -> None:
    question = ChoiceQuestion(
        options=(
            Option("one", "No.", slip="sign"),
            Option("two", "Yes.", right=True),
            Option("three", "No, either."),
        ),
        proof=lambda: 1,
    )
    assert judge(question, "B").verdict is Verdict.RIGHT
    assert judge(question, "a").slip == "sign"
    assert judge(question, "c").verdict is Verdict.WRONG
    assert judge(question, "d").verdict is Verdict.UNREADABLE
    assert judge(question, "").verdict is Verdict.UNREADABLE


@pytest.mark.parametrize(
    ("text", "value"),
    [("0.5", 0.5), ("-2e-3", -0.002), ("1/8", 0.125), ("60 000", 60000.0), ("−1", -1.0)],
)
def test_numbers_as_learners_write_them(text: str, value: float) -> None:
    assert read_number(text) == value

"""Answers are judged: right, a named slip, wrong with one hint more, or not readable."""

from __future__ import annotations

import math
import random
from dataclasses import replace

import numpy as np
import pytest

from engine.errors import UserError
from engine.formulas.notation import Notation
from lessons.judge.answers import (
    Verdict,
    how_to_answer,
    judge,
    read_number,
    reveal,
    right_answer,
)
from lessons.judge.choices import fitting, right_factor
from lessons.judge.questions import (
    ChoiceQuestion,
    Factor,
    FillQuestion,
    Hints,
    NumberQuestion,
    Option,
    OrderQuestion,
    Question,
    ShapeQuestion,
    ShapeSlip,
    SignQuestion,
    Slip,
)
from lessons.judge.shapes import read_shape
from tests.cases import for_each

NUMBER = NumberQuestion(
    answer=lambda: 0.138498562,
    explanation="Because.",
    slips=(
        Slip(
            "no-derivative",
            lambda: 0.741365070,
            "You forgot a factor.",
            line=r"\delta = a - y",
            right=r"\delta = (a - y)\,\sigma'(z)",
        ),
    ),
    hints=Hints("Think.", "Multiply $a$.", "0.74 · 0.19"),
)
CHOICE = ChoiceQuestion(
    options=(
        Option("one", "No.", slip="sign", line="x", right_line="-x"),
        Option("two", "Yes.", right=True),
        Option("three", "No, either."),
    ),
    proof=lambda: 1,
)
SIGN = SignQuestion(lambda: -0.02, "It goes down.", "Look at the difference.", slip="sign")
SHAPE = ShapeQuestion(
    lambda: np.zeros((2, 3)).shape,
    "Rows are samples.",
    slips=(ShapeSlip("row-for-column", lambda: (3, 2), "Turned round."),),
    hints=Hints("Count.", "$n \\times d$", "2 samples"),
)
ORDER = OrderQuestion(
    items=("forward", "loss", "gradients", "update"),
    feedback=("F needs nothing.", "L needs F.", "G needs L.", "U needs G."),
    proof=lambda: (0, 1, 2, 3),
    explanation="So it is.",
)


LOSS = Notation().drawn("a").drawn("y").defined(r"L = \frac12 (a - y)^2", "")
FILL = FillQuestion(
    formula=r"\frac{\partial L}{\partial a} = \square",
    factors=(
        Factor("y - a", "Turned round.", slip="sign"),
        Factor("a - y", "The 2 and the ½ cancel."),
        Factor("2(a - y)", "The ½ is left out.", slip="no-half"),
    ),
    notation=LOSS,
)
ALL: list[Question] = [NUMBER, CHOICE, SIGN, SHAPE, ORDER, FILL]


@for_each("question", ALL)
def test_the_shipped_answer_is_right_and_is_what_is_revealed(question: Question) -> None:
    found = judge(question, right_answer(question))
    assert found.verdict is Verdict.RIGHT
    assert found.given
    told = reveal(question, "a guess")
    assert told.verdict is Verdict.SHOWN
    assert told.given == "a guess"
    assert told.result in told.message
    assert how_to_answer(question)


@for_each("question", ALL)
def test_nothing_is_an_answer_that_does_not_count(question: Question) -> None:
    assert judge(question, " ").verdict is Verdict.UNREADABLE


@for_each("question", ALL)
def test_any_text_is_judged(question: Question) -> None:
    source = random.Random(1)
    for _ in range(500):
        text = "".join(
            source.choices("0123456789.,()[]x× abcd+-*/^e`$\\<_", k=source.randrange(12))
        )
        found = judge(question, text, source.randrange(6))
        assert found.message


# --- numbers ---------------------------------------------------------------------------------


@for_each(
    "text",
    [
        "0.138",
        "0.139",
        "0.1385",
        ".1385",
        " 1.385e-1 ",
        "0,1385",
        "277/2000",
        "sigmoid(0) - 0.3615",
    ],
)
def test_right(text: str) -> None:
    assert judge(NUMBER, text).verdict is Verdict.RIGHT


def test_a_rounded_answer_is_accepted_with_a_word_about_digits() -> None:
    found = judge(NUMBER, "0.14")
    assert found.verdict is Verdict.RIGHT
    assert "2 digits" in found.message
    assert found.result == "0.138498562"
    assert "With more digits" in judge(NUMBER, "0.138").message
    assert "digits" not in judge(NUMBER, "0.138498562").message


def test_one_digit_is_too_few_to_tell() -> None:
    found = judge(NUMBER, "0.1")
    assert found.verdict is Verdict.UNREADABLE
    assert "too few digits" in found.message


def test_digits_that_a_slip_shares_do_not_tell() -> None:
    question = NumberQuestion(
        lambda: 0.1385, "Because.", slips=(Slip("mean", lambda: 0.1412, "That is the mean."),)
    )
    assert judge(question, "0.14").verdict is Verdict.UNREADABLE
    assert judge(question, "0.141").slip == "mean"
    assert judge(question, "0.1385").verdict is Verdict.RIGHT


def test_a_slip_is_named_with_its_line_and_the_right_one() -> None:
    found = judge(NUMBER, "0.741")
    assert (found.verdict, found.slip) == (Verdict.SLIP, "no-derivative")
    assert found.message == "You forgot a factor."
    assert found.line == r"\delta = a - y"
    assert found.right == r"\delta = (a - y)\,\sigma'(z)"
    assert found.result == ""  # the answer is not given away


@for_each(
    ("text", "slip", "said"),
    [
        ("−0.1385", "sign", "sign"),
        ("0.277", "factor-two", "twice"),
        ("0.06925", "factor-two", "half"),
        ("1.385", "power-of-ten", "one place to the left"),
        ("0.001385", "power-of-ten", "2 places to the right"),
    ],
)
def test_what_a_number_alone_can_tell(text: str, slip: str, said: str) -> None:
    found = judge(NUMBER, text)
    assert (found.verdict, found.slip) == (Verdict.SLIP, slip)
    assert said in found.message


def test_the_ladder_idea_formula_numbers_answer() -> None:
    said = [judge(NUMBER, "7", tries).message for tries in range(4)]
    assert "Hint 1 of 3, the idea: Think." in said[0]
    assert "Hint 2 of 3, the formula: Multiply" in said[1]
    assert "Hint 3 of 3, the numbers put in: 0.74" in said[2]
    assert "The answer is 0.138498562. Because." in said[3]
    verdicts = [judge(NUMBER, "7", tries).verdict for tries in range(4)]
    assert verdicts == [Verdict.WRONG] * 3 + [Verdict.SHOWN]


def test_an_answer_of_zero() -> None:
    question = NumberQuestion(lambda: 0.0, "Nothing moves.")
    assert judge(question, "0").verdict is Verdict.RIGHT
    assert judge(question, "1").verdict is Verdict.WRONG


@for_each("text", ["", "  ", "abc", "1/0", "nan", "inf", "1//2", "__import__('os')"])
def test_what_is_no_number_is_said_to_be_none(text: str) -> None:
    assert judge(NUMBER, text).verdict is Verdict.UNREADABLE


@for_each(
    ("text", "value"),
    [("0.5", 0.5), ("-2e-3", -0.002), ("1/8", 0.125), ("60 000", 60000.0), ("−1", -1.0)],
)
def test_numbers_as_learners_write_them(text: str, value: float) -> None:
    assert read_number(text) == value


# --- the other kinds ---------------------------------------------------------------------------


def test_choices() -> None:
    assert judge(CHOICE, "B").verdict is Verdict.RIGHT
    found = judge(CHOICE, "a")
    assert (found.slip, found.line, found.right) == ("sign", "x", "-x")
    assert judge(CHOICE, "c").verdict is Verdict.WRONG
    assert judge(CHOICE, "d").verdict is Verdict.UNREADABLE


@for_each("text", ["-", "−", "minus", "Negative"])
def test_signs(text: str) -> None:
    assert judge(SIGN, text).verdict is Verdict.RIGHT
    assert judge(SIGN, "+").slip == "sign"
    assert judge(SIGN, "0").verdict is Verdict.WRONG


def test_the_sign_of_zero_is_zero() -> None:
    question = SignQuestion(lambda: 0.0, "Flat.", "Look again.")
    assert judge(question, "zero").verdict is Verdict.RIGHT


@for_each("text", ["(2, 3)", "2,3", "2x3", "2 × 3", "[2, 3]", "2 3"])
def test_shapes(text: str) -> None:
    assert judge(SHAPE, text).verdict is Verdict.RIGHT


def test_wrong_shapes_are_told_apart() -> None:
    assert judge(SHAPE, "(3, 2)").slip == "row-for-column"
    assert "2 axes, not 1" in judge(SHAPE, "(2,)").message
    assert "One of the axes" in judge(SHAPE, "(2, 7)").message
    assert judge(SHAPE, "(9, 9)", 3).verdict is Verdict.SHOWN


@for_each("text", ["(a, b)", "(2, -3)", "2.5", "(", "1,2,3,4,5,6,7"])
def test_what_is_no_shape(text: str) -> None:
    assert read_shape(text) is None


def test_a_single_number_has_no_axes() -> None:
    assert read_shape("()") == ()


def test_an_order_is_shown_mixed_and_its_first_fault_named() -> None:
    assert sorted(ORDER.shown()) == [0, 1, 2, 3]
    assert ORDER.shown() != (0, 1, 2, 3)
    right = right_answer(ORDER).split()
    assert judge(ORDER, "".join(right)).verdict is Verdict.RIGHT
    assert judge(ORDER, ", ".join(right)).verdict is Verdict.RIGHT
    swapped = [right[0], right[2], right[1], right[3]]
    found = judge(ORDER, " ".join(swapped))
    assert found.verdict is Verdict.WRONG
    assert "G needs L." in found.message
    assert judge(ORDER, "a a b c").verdict is Verdict.UNREADABLE


def test_the_right_factor_is_computed() -> None:
    assert fitting(FILL) == (1,)
    assert right_factor(FILL) == 1
    found = judge(FILL, "b")
    assert found.right == r"\frac{\partial L}{\partial a} = {a - y}"
    wrong = judge(FILL, "c")
    assert (wrong.slip, wrong.line) == ("no-half", r"\frac{\partial L}{\partial a} = {2(a - y)}")


def test_a_blank_that_two_factors_fill_is_refused() -> None:
    twice = FillQuestion(
        FILL.formula,
        (FILL.factors[1], FILL.factors[1]),
        FILL.notation,
    )
    with pytest.raises(ValueError, match="2 factors fit"):
        judge(twice, "a")


def test_a_blank_whose_formula_cannot_be_computed_is_told_in_a_sentence() -> None:
    broken = replace(FILL, formula=FILL.formula.replace(r"\square", r"(\square"))
    with pytest.raises(UserError, match=r"never closed.* `dltutor check` says where\."):
        judge(broken, "a")


def test_the_answer_of_a_number_is_finite() -> None:
    assert math.isfinite(NUMBER.answer())

"""Numbers, signs, shapes and options are read as people write them and programs print them."""

from __future__ import annotations

import math

import pytest

from engine.expressions import ExpressionError
from lessons.judge.answers import Verdict, judge
from lessons.judge.picking import picked
from lessons.judge.questions import Hints, NumberQuestion, ShapeQuestion, SignQuestion, Slip
from lessons.judge.reading import readings
from lessons.judge.shapes import read_shape, read_sign
from tests.cases import for_each


@for_each(
    ("text", "value"),
    [
        ("203_530", 203530),
        ("203 530", 203530),
        ("203\N{NO-BREAK SPACE}530", 203530),
        ("203\N{THIN SPACE}530", 203530),
        ("203\N{NARROW NO-BREAK SPACE}530", 203530),
        ("203'530", 203530),
        ("1,234,567", 1234567),
        ("1,234,567.8", 1234567.8),
        ("1.234.567,8", 1234567.8),
        ("0,3775", 0.3775),
        ("½", 0.5),
        ("1½", 1.5),
        ("1 1/2", 1.5),
        ("⅓", 1 / 3),
        ("10⁻³", 1e-3),
        ("10^-3", 1e-3),
        ("10**-3", 1e-3),
        ("2×10^-3", 2e-3),
        ("2·10⁻³", 2e-3),
        ("2 x 10^-3", 2e-3),
        ("1E−3", 1e-3),
        ("= 0.3775", 0.3775),
        ("≈0.37", 0.37),
        ("~ 0.37", 0.37),
        ("x = 0.3775", 0.3775),
        ("w_5⁺ = 0.3589", 0.3589),
        ("∂E/∂w5 = 0.0822", 0.0822),
        ("loss: 0.37", 0.37),
        ("1 - 1 = 0", 0),
        ("0.775.", 0.775),
        ("+0.5", 0.5),
        ("−0.5", -0.5),
        (".5", 0.5),
        ("5.", 5),
        ("0.3775...", 0.3775),
        ("0.3775 (approx)", 0.3775),
        ("0.3775 approx", 0.3775),
        ("I think it is 0.3775?", 0.3775),
        ("w → 0.3775", 0.3775),
        ("minus 5/4", -1.25),
        ("负1.25。", -1.25),
        ("about 0.3775", 0.3775),
        ("tensor(0.3775)", 0.3775),
        ("tensor([0.3775])", 0.3775),
        ("torch.tensor([[0.3775]])", 0.3775),
        ("tensor(0.3775, dtype=torch.float64, grad_fn=<AddBackward0>)", 0.3775),
        ("np.float64(0.3775)", 0.3775),
        ("array([0.3775])", 0.3775),
        ("ln 2", math.log(2)),
        ("log(2)", math.log(2)),
        ("np.log(2)", math.log(2)),
        ("log2(8)", 3),
        ("log₂ 8", 3),
        ("e^-1", math.exp(-1)),
        ("ln(1 + 9 e^{-5})", math.log1p(9 * math.exp(-5))),
        ("9e**-5", 9 * math.exp(-5)),
        ("2ln2", 2 * math.log(2)),
        ("1e3 log(2)", 1000 * math.log(2)),
        ("sqrt(2)", math.sqrt(2)),
        ("√2", math.sqrt(2)),
        ("2π", 2 * math.pi),
        ("2/3", 2 / 3),
        ("sigmoid(0.3775)", 1 / (1 + math.exp(-0.3775))),
        ("0.37", 0.37),
        ("\\frac{1}{12}", 1 / 12),
        ("$0.5$", 0.5),
        ("three", 3),
        ("a half", 0.5),
        ("10%", 0.1),
        ("10 per cent", 0.1),
        ("47 MB", 47e6),
        ("47MB", 47e6),
        ("188 kB", 188e3),
        ("1.5 MiB", 1.5 * 2**20),
        ("3 ms", 3e-3),
        ("60k", 60000),
        ("235 batches", 235),
        ("-inf", -math.inf),
        ("∞", math.inf),
    ],
)
def test_numbers(text: str, value: float) -> None:
    (found,) = readings(text)
    assert found.value == pytest.approx(value, rel=1e-12)


@for_each("text", ["1,234", "203,530", "-12,345"])
def test_a_comma_that_may_group_or_begin_the_decimals_has_two_readings(text: str) -> None:
    grouped, decimal = readings(text)
    assert grouped.value == pytest.approx(1000 * decimal.value)


@for_each("text", ["", " ", ",", "%", "MB", "a b", "1//2", "½½", "2e", "9" * 300])
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(ExpressionError):
        readings(text)


def number(answer: float, prompt: str = "What is $x$?", **more: object) -> NumberQuestion:
    hints = Hints("Think.", "$x = a + b$", "1 + 1")
    return NumberQuestion(lambda: answer, "Because.", hints=hints, prompt=prompt, **more)  # type: ignore[arg-type]


def verdict(question: NumberQuestion, text: str) -> tuple[str, str]:
    found = judge(question, text)
    return found.verdict.value, found.slip


MANY = "How many weights does it have?"


@for_each(
    ("question", "text", "expected"),
    [
        (number(203530.0, MANY), "203,530", ("right", "")),
        (number(203530.0, MANY), "203,531", ("unreadable", "")),
        (number(203530.0, MANY), "203.530", ("unreadable", "")),
        (number(203530.0, MANY), "203530 weights", ("right", "")),
        (number(203530.0, MANY), "203530 MB", ("unreadable", "")),
        (number(1000.0, MANY), "10000", ("wrong", "")),
        (number(8.0, MANY), "0.8", ("wrong", "")),
        (number(8.0, MANY), "9", ("slip", "off-by-one")),
        (number(8.0, MANY), "8.0", ("right", "")),
        (number(235.0, "How many batches are there?"), "234.375", ("slip", "fraction-of-batch")),
        (number(235.0, "How many batches are there?"), "235.4", ("slip", "fraction-of-batch")),
        (number(30.0, "How many updates are 10 epochs?"), "27", ("slip", "off-by-one-epoch")),
        (number(188.16, "How many MB do they take?"), "188.16 MB", ("right", "")),
        (number(188.16, "How many MB do they take?"), "188160 kB", ("right", "")),
        (number(188.16, "How many MB do they take?"), "179.44 MiB", ("right", "")),
        (number(188.16, "How many MB do they take?"), "3 s", ("unreadable", "")),
        (number(0.1, "What is its accuracy?"), "10%", ("right", "")),
        (number(0.1, "What is its accuracy?"), "10", ("slip", "percent-for-fraction")),
        (number(10.0, "How many per cent?", percent=True), "10 %", ("right", "")),
        (number(10.0, "How many per cent?", percent=True), "0.1", ("slip", "fraction-for-percent")),
        (number(1000.6931, "What is it? Give six digits."), "1001", ("unreadable", "")),
        (number(1000.6931, "What is it? Give six digits."), "1000.69", ("right", "")),
        (number(0.99), "1.0", ("wrong", "")),
        (number(0.99), "1", ("wrong", "")),
        (number(0.24), "0.2", ("unreadable", "")),
        (number(0.138498), "0.14", ("right", "")),
        (number(0.138498, "Three digits are enough."), "0.14", ("unreadable", "")),
        (number(0.138498), "-0.138", ("slip", "sign")),
        (number(0.138498), "0.277", ("slip", "factor-two")),
        (number(0.138498), "0.28", ("wrong", "")),
        (number(0.138498), "1.4", ("wrong", "")),
        (number(0.138498), "1.385", ("slip", "power-of-ten")),
        (number(math.log(7), "What is $\\ln 7$?"), "2.807", ("slip", "log-base-2")),
        (number(math.log(7), "What is $\\ln 7$?"), "0.8451", ("slip", "log-base-10")),
        (number(0.36, before=lambda: 0.4), "0.04", ("slip", "bare-step")),
        (number(0.36, before=lambda: 0.4), "-0.04", ("slip", "bare-step")),
        (number(0.36, before=lambda: 0.4), "0.4", ("slip", "no-step")),
        (number(4.0, exact=True), "4.01", ("wrong", "")),
        (number(0.8333333, digits=4), "0.833", ("unreadable", "")),
        (number(0.8333333, digits=4), "0.8333", ("right", "")),
        (number(0.0), "0.001", ("wrong", "")),
        (number(9.5367e-7), "1e-6", ("unreadable", "")),
        (number(9.5367e-7), "9.5e-7", ("right", "")),
        (number(31.6228), "30", ("unreadable", "")),
        (number(22.6), "20", ("unreadable", "")),
        (number(0.316228), "0", ("wrong", "")),
        (number(0.3), "0", ("wrong", "")),
        (number(31.6228), "32", ("right", "")),
        (number(31.6228), "20", ("wrong", "")),
        (number(31.6228), "40", ("wrong", "")),
        (number(148.4132, "Give three digits."), "150", ("unreadable", "")),
        (number(0.16024), "0.1660", ("wrong", "")),
        (number(31.0, "How many are there?"), "30", ("slip", "off-by-one")),
        (number(235.0, "How many batches are there?"), "200", ("wrong", "")),
        (number(30.0, "How many\nupdates are 10\nepochs?"), "27", ("slip", "off-by-one-epoch")),
        (number(8.0, "How\nmany weights?"), "9", ("slip", "off-by-one")),
        (number(8.0, "How many\ntimes as large?"), "9", ("wrong", "")),
        (number(18.0, MANY), "eighteen", ("right", "")),
        (number(0.5), "nan", ("unreadable", "")),
        (number(math.inf), "inf", ("right", "")),
        (number(math.inf), "∞", ("right", "")),
        (number(math.inf), "1e9", ("wrong", "")),
    ],
)
def test_verdicts_by_what_is_asked(
    question: NumberQuestion, text: str, expected: tuple[str, str]
) -> None:
    assert verdict(question, text) == expected


def test_a_minus_sign_alone_speaks_of_no_difference() -> None:
    hints = Hints("Think.", "$x = a + b$", "1 + 1")
    plain = NumberQuestion(lambda: 0.25, "Because.", hints=hints)
    assert "difference" not in judge(plain, "-0.25").message
    hints = Hints("Think.", "$x = a - b$", "1 - 1")
    assert "difference" in judge(NumberQuestion(lambda: 0.25, "So.", hints=hints), "-0.25").message


def test_the_simpler_value_is_not_said_to_lack_digits() -> None:
    found = judge(number(9.999999000000095), "10")
    assert found.verdict is Verdict.RIGHT
    assert "digits" not in found.message
    assert found.result == found.given


def test_a_slip_is_known_with_as_many_digits_as_are_asked() -> None:
    def spread(digits: int | None = None) -> NumberQuestion:
        slips = (Slip("no-change", lambda: 4.47214, "The old one."),)
        return NumberQuestion(lambda: 8.94427, "So.", slips=slips, digits=digits)

    assert verdict(spread(), "4.5") == ("slip", "no-change")
    assert verdict(spread(3), "4.47") == ("slip", "no-change")
    assert verdict(spread(3), "4.5") == ("wrong", "")
    assert verdict(spread(), "4") == ("wrong", "")


def test_zeros_that_a_slip_shares_are_not_said_to_be_rounded() -> None:
    slips = (Slip("one", lambda: 29.1, "One."),)
    assert verdict(NumberQuestion(lambda: 31.6, "So.", slips=slips), "30") == ("wrong", "")


def test_a_square_is_said_to_be_left_out_only_where_the_answer_is_one() -> None:
    def answer(formula: str) -> NumberQuestion:
        return NumberQuestion(lambda: 0.01, "So.", hints=Hints("Think.", formula, "1"))

    assert verdict(answer("$L = (a - y)^2$"), "0.1") == ("slip", "not-squared")
    assert verdict(answer(r"$\sigma^2 = 2 L$, so $\sigma = \sqrt{2 L}$"), "0.1") == ("wrong", "")
    assert verdict(answer(r"$\sqrt{a^2 + b^2}$"), "0.1") == ("wrong", "")


def test_two_slips_behind_one_number_are_not_told_apart() -> None:
    slips = (Slip("one", lambda: 0.1041, "One."), Slip("two", lambda: 0.1039, "Two."))
    found = judge(NumberQuestion(lambda: 0.7, "So.", slips=slips), "0.104")
    assert (found.verdict, found.slip) == (Verdict.WRONG, "")


@for_each(
    ("text", "shape"),
    [
        ("torch.Size([2, 3])", (2, 3)),
        ("(2,3)", (2, 3)),
        ("2x3", (2, 3)),
        ("2×3", (2, 3)),
        ("2 by 3", (2, 3)),
        ("[2,3]", (2, 3)),
        ("2, 3", (2, 3)),
        ("(2, 3,)", (2, 3)),
        ("(3,)", (3,)),
        ("3", (3,)),
        ("torch.Size([3])", (3,)),
        ("()", ()),
        ("scalar", ()),
        ("torch.Size([])", ()),
        ("(256, 1, 28, 28)", (256, 1, 28, 28)),
        ("X.shape = (2, 3)", (2, 3)),
        ("x.shape = torch.Size([2, 3])", (2, 3)),
        ("np.shape: (2,)", (2,)),
        (r"2\times3", (2, 3)),
        ("2·3", (2, 3)),
        ("(2; 3)", (2, 3)),
    ],
)
def test_shapes(text: str, shape: tuple[int, ...]) -> None:
    assert read_shape(text) == shape


@for_each(
    ("text", "sign"),
    [("+", "+"), ("plus", "+"), ("positive", "+"), ("−", "-"), ("(-)", "-"), ("[+]", "+"),
     ("[ zero ]", "0"), ("(+]", None), ("[]", None), ("Negative.", "-"),
     ("it is negative", "-"), ("> 0", "+"), ("0", "0"), ("zero", "0"), ("0.0", "0"),
     ("up", None), ("", None)],
)  # fmt: skip
def test_signs(text: str, sign: str | None) -> None:
    assert read_sign(text) == sign
    question = SignQuestion(lambda: 1.0, "It rises.", "Look again.")
    assert (judge(question, text).verdict is Verdict.UNREADABLE) == (sign is None)


OPTIONS = ("$W : 256 \\times 784$", "They move apart: the largest grows.", "12")


@for_each(
    ("text", "place"),
    [("b", 1), ("b)", 1), ("(b)", 1), ("B.", 1), ("b:", 1), ("[b]", 1), ("option b", 1),
     ("2", 1), ("#2", 1), ("W: 256 × 784", 0), ("b) They move apart: the largest grows.", 1),
     ("they move apart", 1), ("12", 2), ("3", 2), ("d", None), ("4", None), ("", None),
     ("they", None), ("ab", None)],
)  # fmt: skip
def test_options(text: str, place: int | None) -> None:
    assert picked(text, OPTIONS) == place


BEGINNINGS = ("No, it stays.", "*Both* of them.", "Two sigmoids in a row.", "The two, added.", "2")


@for_each(
    ("text", "place"),
    [("no", 0), ("No.", 0), ("NO", 0), ("both", 1), ("two sigmoids", 2), ("two", 2), ("the", None),
     ("the two", 3), ("sigmoids", None), ("n", None), ("bot", None), ("2", 4), ("no no", None)],
)  # fmt: skip
def test_words_with_which_one_option_begins(text: str, place: int | None) -> None:
    assert picked(text, BEGINNINGS) == place


def test_words_with_which_two_options_begin_choose_none() -> None:
    assert picked("no", ("No, it grows.", "No, it shrinks.", "Yes.")) is None
    assert picked("ln", (r"\ln p", r"\frac{1}{p}")) is None


def test_a_wrong_shape_is_told_what_is_right_about_it() -> None:
    question = ShapeQuestion(lambda: (), "A number.")
    assert "no axes, not 2" in judge(question, "(1, 1)").message

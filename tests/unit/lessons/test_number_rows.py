"""Blocks of numbers: what holds, what is refused, and how exactly it is looked at."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from engine.formulas.notation import Notation
from engine.formulas.written_numbers import written_numbers
from lessons.format.document import Lesson, NumberRow, WithNumbers
from lessons.format.fence import Fence, FenceError
from lessons.format.fences import read_fence
from lessons.format.parser import running_text
from lessons.format.scopes import notation_of
from lessons.proof.number_rows import Known, NumbersProof, prove_numbers
from lessons.proof.translations import differences
from tests.cases import for_each
from tests.unit.lessons.course import lesson

UNIT = (
    Notation()
    .size("K")
    .drawn("x", "K")
    .drawn("w", "K")
    .drawn("b")
    .defined("x_j = (x)_j", "", over="j")
    .defined(r"z = w^\top x + b", "")
    .entrywise(r"\sigma", "sigmoid")
    .defined(r"a = \sigma(z)", "")
    .defined(r"f(u) = \sigma(u)")
    .index("j", "K")
    .with_moving("x")
)
GIVEN = r"z = 0.85"


def proof(*rows: str, notation: Notation = UNIT, known: Known | None = None) -> NumbersProof:
    block = WithNumbers(("name",), tuple(NumberRow(row) for row in rows))
    return prove_numbers(block, notation, known or Known())


def problem(*rows: str, notation: Notation = UNIT) -> str:
    """What is wrong with some rows; empty where all hold."""
    return " ".join(row.problem for row in proof(*rows, notation=notation).rows).strip()


@for_each(
    "row",
    [
        r"a = \sigma(0.85) = 0.7006",
        r"a = \frac{1}{1 + e^{-0.85}} = 7.006 \cdot 10^{-1}",
        r"\frac{da}{dz} = a (1 - a) = 0.2098",
        r"\frac{f(0.851) - f(0.85)}{0.001} \approx 0.2098",
        r"a = 0.7006 \quad 1 - a = 0.2994",
        r"\begin{pmatrix} z \\ a \end{pmatrix} = \begin{pmatrix} 0.85 \\ 0.7006 \end{pmatrix}",
        r"0.7 < a < 0.71",
    ],
)
def test_what_follows_from_the_given_values_holds(row: str) -> None:
    assert problem(GIVEN, row) == ""


@for_each(
    "row",
    [
        r"a = \sigma(0.85) = 0.7007",
        r"a = \sigma(0.86) = 0.7006",
        r"a = 7.006 \cdot 10^{-2}",
        r"\frac{da}{dz} = a (1 - a) = 0.2198",
        r"\frac{f(0.851) - f(0.85)}{0.001} \approx 0.2198",
        r"a = 0.7006 \quad 1 - a = 0.2995",
        r"\begin{pmatrix} z \\ a \end{pmatrix} = \begin{pmatrix} 0.85 \\ 0.7106 \end{pmatrix}",
        r"0.71 < a",
    ],
)
def test_a_wrong_digit_is_refused(row: str) -> None:
    assert problem(GIVEN, row)


def test_both_values_are_told() -> None:
    said = problem(GIVEN, "a = 0.7007")
    assert "0.700567" in said
    assert "0.7007" in said


def test_a_number_from_a_row_above_may_be_as_wrong_as_its_rounding() -> None:
    rows = (GIVEN, "a = 0.70", r"\frac{da}{dz} = 0.70 (1 - 0.70) = 0.2098")
    assert problem(*rows) == ""
    assert problem(*rows[:2], r"\frac{da}{dz} = 0.70 (1 - 0.70) = 0.2108")
    assert problem(GIVEN, r"\frac{da}{dz} = 0.70 (1 - 0.70) = 0.2098"), "0.70 is exact here"


def test_a_later_block_may_use_the_numbers_of_an_earlier_one() -> None:
    known = Known()
    assert not proof(GIVEN, "a = 0.70", known=known).rows[-1].problem
    later = proof(GIVEN, r"1 - a = 1 - 0.70 = 0.2994", known=known)
    assert not later.rows[-1].problem


def test_whole_numbers_are_exact() -> None:
    assert problem("z = 3.4", "z = 3")
    assert problem("z = 3", "z + 1 = 4") == ""


def test_a_zero_that_is_computed_counts_as_one() -> None:
    assert not problem(GIVEN, r"0.5 \cdot (1.6 - 1) + 0.5 \cdot (0.4 - 1) = 0")
    assert problem(GIVEN, r"0.5 \cdot (1.6 - 1) + 0.5 \cdot (0.4001 - 1) = 0")


def test_entries_vectors_and_sizes_are_given() -> None:
    row = r"z = 2 \cdot 1 + 3 \cdot (-1) + 0.5 = -0.5"
    entries = r"x_1 = 2 \quad x_2 = 3 \quad w_1 = 1 \quad w_2 = -1 \quad b = 0.5"
    assert problem(entries, row) == ""
    columns = (
        r"x = \begin{pmatrix} 2 \\ 3 \end{pmatrix} \quad w = \begin{pmatrix} 1 \\ -1 \end{pmatrix}"
    )
    assert problem(rf"{columns} \quad b = 0.5", row) == ""
    assert problem(r"K = 4", r"\sum_{j=1}^{K} 0.5 = 2") == ""


def test_a_change_is_given() -> None:
    given = r"x_1 = 2 \quad w_1 = 3 \quad b = 1 \quad dx = 0.1"
    assert problem(given, "dz = 3 \\cdot 0.1 = 0.3") == ""
    assert "cannot be given" in proof("dw = 1", "0 = 0").rows[0].problem


def test_what_is_not_given_is_named() -> None:
    said = problem(r"x_1 = 2 \quad w_1 = 1", "z = 2")
    assert "does not give" in said
    assert "b" in said.partition("drawn were:")[2]


def test_a_value_that_the_notation_knows_may_be_rounded_but_not_wrong() -> None:
    known = UNIT.given(z=0.85)
    assert problem("a = 0.70", r"\frac{da}{dz} = 0.2098", notation=known) == ""
    found = proof("a = 0.71", "1 - a = 0.29", notation=known).rows
    assert "By its definition" in found[0].problem


@for_each(
    ("rows", "words"),
    [
        (("z", "a = 1"), "given value cannot be read"),
        (("0.85 = z", "a = 1"), "No symbol stands on the left"),
        (("z = b", "a = 1"), "has letters"),
        ((r"z = 1 \quad z = 2", "a = 1"), "given twice"),
        (("q = 1", "a = 1"), "not declared"),
        (("z = 1", r"a = \sigma(z)"), "has no number"),
        (("z = 1", "a"), "states nothing"),
        (("z = 1", r"\begin{pmatrix} 1 \\ 2 \end{pmatrix} = 3"), "shapes differ"),
    ],
)
def test_what_cannot_be_looked_at_says_so(rows: tuple[str, ...], words: str) -> None:
    assert any(words in row.problem for row in proof(*rows).rows)


def test_a_row_continues_the_one_above() -> None:
    assert problem(GIVEN, r"a = \sigma(0.85)  = 0.7006", r"= 1 - 0.2994 = 0.7006") == ""
    assert problem(GIVEN, r"a = \sigma(0.85)  = 0.7006", r"= 1 - 0.2894 = 0.7106")


def test_a_reason_speaks_of_the_given_values() -> None:
    found = proof(GIVEN, "a = 0.7006")
    assert found.holds("z = 0.85")
    assert not found.holds("z = 0.86")
    assert not found.holds("z")


def fence(words: str, body: str) -> Fence:
    def paragraphs(text: str, line: int) -> tuple:  # type: ignore[type-arg]
        return (running_text(text),) if text else ()

    return Fence(tuple(words.split()), body, "backprop/deltas", 1, paragraphs)


def test_a_block_may_prepare_several_derivations() -> None:
    block = read_fence("numbers", fence("one, two", "z = 1\na = 2 :: why\n  so"))
    assert isinstance(block, WithNumbers)
    assert block.names == ("one", "two")
    assert [row.line for row in block.rows] == [2, 3]


@for_each(
    ("words", "body"), [("", "z = 1\na = 2"), ("one", "z = 1"), ("one", "z = 1\na = 2 :: b :: c")]
)
def test_a_block_that_cannot_be_read_is_refused(words: str, body: str) -> None:
    with pytest.raises(FenceError):
        read_fence("numbers", fence(words, body))


def test_every_changed_result_of_a_lesson_is_noticed() -> None:
    """The last number of each row, five units of its last digit higher."""
    whole: Lesson = lesson("backprop/chain-rule")
    tried = 0
    for place, step in enumerate(whole.steps):
        for block in step.blocks:
            if not isinstance(block, WithNumbers):
                continue
            notation = notation_of(whole, place, block)
            for at, row in enumerate(block.rows[1:], start=1):
                changed = replace(row, latex=_changed(row.latex))
                rows = (*block.rows[:at], changed, *block.rows[at + 1 :])
                found = prove_numbers(replace(block, rows=rows), notation, Known())
                assert found.rows[at].problem, changed.latex
                tried += 1
    assert tried > 10


def _changed(latex: str) -> str:
    left, sign, number = latex.rpartition("=" if "=" in latex else r"\approx")
    digits = number.strip()
    after = len(digits.partition(".")[2])
    return f"{left}{sign} {float(digits) + 5 * 10.0**-after:.{after}f}"


def test_written_numbers_are_found_in_what_is_nothing_else() -> None:
    from engine.formulas.reader import read_term

    def found(latex: str) -> list[float]:
        return [n.half_unit for n in written_numbers(read_term(latex, UNIT))]

    assert found("-0.25") == [0.005]
    assert found(r"1.2 \cdot 10^{-4}") == pytest.approx([0.05e-4])
    assert found(r"\begin{pmatrix} 1 & 0.5 \end{pmatrix}") == [0.0, 0.05]
    assert found("0.25 + 1") == []


def test_a_translation_has_the_same_rows(tmp_path: Path) -> None:
    english, translated = tmp_path / "lesson.en.md", tmp_path / "lesson.zh.md"
    text = "---\nminutes: 5\n---\n## One\n```numbers d\nz = 1\na = 2 :: why\n```\n"
    english.write_text(text, "utf-8")
    translated.write_text(text.replace("why", "因为"), "utf-8")
    assert not list(differences("backprop/deltas", english, translated))
    translated.write_text(text.replace("a = 2", "a = 3"), "utf-8")
    (found,) = differences("backprop/deltas", english, translated)
    assert "row of the numbers d" in str(found).replace("A row", "row")
    assert found.line == 7

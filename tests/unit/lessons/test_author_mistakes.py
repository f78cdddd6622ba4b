"""What an author does wrong is said with its line, and with a mend that helps."""

from __future__ import annotations

import math
import pickle
from pathlib import Path

import pytest

from engine.formulas.errors import MeaningError
from engine.formulas.notation import Notation
from lessons.format import fences, parser, running
from lessons.format.document import LessonError
from lessons.format.facts import Facts
from lessons.format.parser import parse_lesson
from lessons.judge.values import Choice, Fill, Number, Order, QuestionValues, Shape, Sign
from lessons.proof import completeness, run
from lessons.proof.completeness import left_out
from lessons.proof.declared_twice import declared_twice
from lessons.proof.results import Kind
from lessons.proof.run import run_lesson
from tests.cases import for_each
from tui.commands.check_parts import refuse_lab_options

QUESTIONS: dict[str, QuestionValues] = {
    "number": Number(lambda: 6.0, slips={"added": lambda: 5.0}),
    "same": Number(lambda: 6.0, slips={"added": lambda: 6.0}),
    "shape": Shape(lambda: (2, 3)),
    "sign": Sign(lambda: -1.0),
    "choice": Choice(lambda: 1),
    "fill": Fill(Notation()),
    "order": Order(lambda: (0, 1)),
}
HEAD = "---\nminutes: 1\n---\n## One\n"
NUMBER = """\
```predict number
What is $3 \\cdot 2$?

right: 3 \\cdot 2
slip added "added, not multiplied": You added. :: 3 + 2
hint idea: a
hint formula: b
hint numbers: c
explain: It is [6](number:number).
```
"""
CHOICE = """\
```predict choice
Which?

option: one :: No.
right option: two :: Yes.
```
"""
SIGN = "```predict sign\nWhich sign?\n\nwrong slip sign: No. :: 1 :: -1\nexplain: So.\n```\n"
FILL = """\
```predict fill
Which?

formula: 6 = 3 \\square
factor: 2 :: Yes.
factor: 3 :: No.
```
"""
ORDER = """\
```predict order
Which comes first?

item: one :: No.
item: two :: Yes.
explain: So.
```
"""
DERIVATION = (
    "```numbers a\nw = 1\nw + 1 = 2\n```\n```derivation a\nw = w :: the $w$ :: w : 1\n```\n"
)
SYMBOLS = "symbols:\n  - ['w', 'a']\n"


@pytest.fixture(autouse=True)
def facts(monkeypatch: pytest.MonkeyPatch) -> None:
    found = Facts(Notation(), questions=QUESTIONS)
    for module in (fences, parser, running, run, completeness):
        monkeypatch.setattr(module, "facts_of", lambda slug: found)


def broken(text: str, old: str, new: str) -> LessonError:
    assert old in text
    with pytest.raises(LessonError) as caught:
        parse_lesson(HEAD + text.replace(old, new), "a.md", "a/b", "A")
    return caught.value


@for_each("text", [NUMBER, CHOICE, SIGN, FILL, ORDER])
def test_the_examples_are_good(text: str) -> None:
    lesson = parse_lesson(HEAD + text, "a.md", "a/b", "A")
    assert all(result.ok for result in run_lesson(lesson))


@for_each(
    ("text", "old", "new", "line", "said"),
    [
        (NUMBER, "hint idea", "hnit idea", 10, "'hnit' is not known. Did you mean 'hint'?"),
        (NUMBER, "explain:", "explian:", 13, "Did you mean 'explain'?"),
        (NUMBER, "explain:", "why:", 13, "'why' is not known. The fields are right option, op"),
        (NUMBER, "right:", "rihgt:", 8, "Did you mean 'right'?"),
        (NUMBER, "explain: It", "explain：It", 13, "The colon or the quotes of a field are wide"),
        (NUMBER, "idea: a", "idea：a", 10, "Write them narrow, as in the English lesson: `slip N"),
        (
            NUMBER,
            '"added, not multiplied"',
            "“added”",
            9,
            "The colon or the quotes of a field are w",
        ),
        (NUMBER, "explain: It", "explain It", 13, "neither starts a field nor continues"),
        (NUMBER, "You added.", "You\nadded.", 10, "Start it with two spaces to continue"),
        (NUMBER, "hint idea", "hint ide", 10, "no hint 'ide'. The hints are idea, formula, num"),
        (NUMBER, "hint idea: a\n", "", 5, "The hint 'idea' is missing"),
        (NUMBER, "hint idea: a", "hint idea:", 10, "'hint' is missing. Write: hint idea"),
        (NUMBER, "explain: It is [6](number:number).\n", "", 5, "has no 'explain'"),
        (NUMBER, "explain:", "explain: a\nexplain:", 14, "two fields 'explain'"),
        (NUMBER, "slip added", "slip aded", 9, "no value for the slip 'aded'. Did you mean 'add"),
        (NUMBER, "slip added", "slip other", 9, "Add the value it leads to under `slips`"),
        (NUMBER, "slip added", "slip", 9, "The slip has no name"),
        (NUMBER, "right: 3 \\cdot 2\n", "", 8, "No right line stands beside that of the slip 'ad"),
        (NUMBER, "You added. :: ", "", 9, 'Write: slip NAME "its title": what to say :: the wr'),
        (NUMBER, "```predict", "```predct", 5, "'predct' is not known. Did you mean predict?"),
        (NUMBER, ' "added, not multiplied"', "", 9, "'added' has no title"),
        (NUMBER, "You added. :: 3 + 2", "", 9, "'slip' is missing. Write: slip NAME"),
        (NUMBER, "hint formula: b", "option: a :: b", 11, "number question has no field 'option'"),
        (
            NUMBER,
            'slip added "added, not multiplied": You added. :: 3 + 2\n',
            "",
            5,
            "'added' has 1 value in facts.py and 0 texts here. Write 1 time: slip added",
        ),
        (NUMBER, "\nslip added", "\n  slip added", 5, "A field begins at the margin."),
        (NUMBER, "(number:number)", "(number:nubmer)", 13, "No number of the lesson is called"),
        (NUMBER, "predict number", "predict nubmer", 5, "known there: number, same"),
        (CHOICE, "option: one", "right option: one", 9, "The choice has 2 right options"),
        (CHOICE, "right option", "option", 5, "The choice has 0 right options"),
        (CHOICE, " :: No.", "", 8, "Write: option: the answer :: what to say"),
        (CHOICE, "option: one", "option sign: one", 8, "write `option slip sign"),
        (SIGN, "explain", "hint", 9, "A sign question has no field 'hint'"),
        (FILL, " \\square", "", 8, "The formula has no blank"),
        (FILL, "formula: 6 = 3 \\square\n", "", 5, "has no 'formula'"),
        ("```scope here\n```\n", "here", "there", 5, "The scope 'there' is not known"),
        (NUMBER, "$?", "?", 6, "“$” stands outside of a formula. Put $ directly"),
        (NUMBER, "c\nexplain", "$c\nexplain", 12, "“$” stands outside of a formula"),
        (NUMBER, " :: 3 + 2", " \\cdot 2", 9, "“\\cdot” stands outside of a formula"),
        (
            NUMBER,
            '"added, not multiplied"',
            "not multiplied",
            9,
            "Put its title in quotes: slip added",
        ),
        (NUMBER, "```\n", "```\n" + NUMBER, 15, "There are two blocks ```predict number"),
        (
            NUMBER,
            "```\n",
            "```\n```predict number\nWhat?\n\nexplain: A.\n```\n",
            15,
            "There are two blocks ```predict number",
        ),
        ("```listing\nls\n```\n", "```l", "``l", 7, "to end a block, see how that one begins"),
        (
            NUMBER,
            "```\n",
            "\n",
            5,
            "The block ```predict number is not closed before the file ends",
        ),
        (CHOICE, "```\n", SIGN, 5, "is not closed before line 10 begins another one"),
        ("Text.\n", "Text", "##Text", 5, "A heading needs a space after its # signs"),
        ("Text.\n", "Text", "#### Text", 5, "Write `## Title` for a step"),
        ("Text.\n", "Text.", "| a | b |\n|---|\n| c |", 5, "This table cannot be read"),
        ("Text.\n", "Text.", "| a | b |\n|---|---|\n| `c|d` | e |", 7, "This row has 3 cells, and"),
        ("Text.\n", "Text.", "| a | b |\n|---|---|\n| c |", 7, "This row has 1 cells, and"),
        ("Text.\n", "Text.", "- a\n-\n- b", 6, "This item is empty. Write its text"),
        ("Text.\n", "Text.", "A.\n\n>", 7, "This remark is empty."),
        ("Text.\n", "Text.", "A.\n\n[b]: lesson:a/b", 7, "This line is not shown: Markdown takes"),
        ("Text.\n", "Text.", "A text\n---\nB.", 5, "makes this text the title of a step."),
        ("```scope\n```\n", "scope\n", "scope\nText.\n", 5, "A block ```scope holds nothing"),
        ("```scope\n```\n", "```\n", "\n\nText.\n", 5, "The block ```scope is not closed before"),
        ("```code os:getcwd\n```\n", "os", "os", 5, "The module 'os' has no file of Python to s"),
        ("$$x = 1$$\n", "1$$", "1", 5, "“$” stands outside of a formula"),
        (
            "Let $x$ be.\nSo.\n",
            "be",
            "$\\frac{x$",
            5,
            "A formula cannot be drawn: { is never closed",
        ),
        ("A.\n\n$$x = 1$$\n", "x", "\\foo", 7, "cannot be drawn: The command \\foo is not known"),
        (DERIVATION, "w = w", "w = \\frac{w", 10, "A formula cannot be drawn: { is never closed"),
        (DERIVATION, "$w$", "$w_{$", 10, "A formula cannot be drawn: { is never closed"),
        (DERIVATION, "w : 1", "w : \\tims", 10, "The command \\tims is not known: did you mean"),
        (DERIVATION, "w + 1", "w \\cdto 1", 7, "The command \\cdto is not known: did you mean"),
        (NUMBER, "right: 3", "right: {3", 8, "A formula cannot be drawn: { is never closed"),
        (NUMBER, "3 + 2", "3 + {2", 9, "A formula cannot be drawn: { is never closed"),
        (NUMBER, "idea: a", "idea: $\\frac{a$", 10, "A formula cannot be drawn: { is never closed"),
        (FILL, "factor: 3", "factor: {3", 10, "A formula cannot be drawn: { is never closed"),
        (FILL, "factor: 3 :: No.\n", "", 9, "has 1 field 'factor'. Write two or more."),
        (FILL, "factor: 3", "factor: 2", 10, "Two fields 'factor' say '2'."),
        (CHOICE, "option: one :: No.\n", "", 8, "has 1 field 'option'. Write two or more."),
        (CHOICE, "option: one", "option: two", 9, "Two fields 'option' say 'two'. Change one"),
        (ORDER, "item: one :: No.\n", "", 8, "has 1 field 'item'. Write two or more."),
        (ORDER, "item: one", "item: two", 9, "Two fields 'item' say 'two'. Change one of them"),
        (CHOICE, "predict choice", "predict choice latr", 5, "or write `later` for a prediction"),
    ],
)
def test_a_mistake_is_said_with_its_line_and_mend(
    text: str, old: str, new: str, line: int, said: str
) -> None:
    error = broken(text, old, new)
    assert said in str(error)
    assert error.line == line
    assert error.mend.endswith((".", "?"))


def test_prose_of_a_prompt_may_have_a_colon() -> None:
    text = NUMBER.replace("What is", "Note: think first.\nthink it over: what is")
    assert parse_lesson(HEAD + text, "a.md", "a/b", "A").steps


@for_each(
    ("text", "old", "new", "said"),
    [
        (NUMBER, "[6](", "[7](", "It is 6, and the text says 7."),
        (NUMBER, "[6](number:number)", "$\\num{number}{six}$", "“six” is no number. Write its"),
        (NUMBER, ":: 3 + 2", ":: 3 + 3", "is not what facts.py computes"),
        (NUMBER, "predict number", "predict same", "is accepted as the right answer"),
        (CHOICE, "option: one", "option: zero :: No.\noption: one", "option b, but `right option"),
        (FILL, "factor: 3 ", "factor: 1 + 1 ", "With a, b the formula holds"),
        (FILL, "factor: 3 ", "factor: (3 ", "( is never closed."),
        (NUMBER, ":: 3 + 2", ":: (3 + 2", "( is never closed."),
    ],
)
def test_what_fails_a_check_says_where_and_why(text: str, old: str, new: str, said: str) -> None:
    assert old in text
    results = run_lesson(parse_lesson(HEAD + text.replace(old, new), "a.md", "a/b", "A"))
    failed = [result for result in results if not result.ok]
    assert any(said in result.problem for result in failed), failed
    assert all(result.place.startswith("a.md") for result in failed)


def test_a_number_in_a_formula_that_is_wrong_is_said_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text(HEAD + "$$\\num{number}{7} = 6$$\n" + NUMBER, "utf-8")
    results = run_lesson(parse_lesson(path.read_text("utf-8"), path, "a/b", "A"))
    places = [result.place for result in results if not result.ok and result.kind is Kind.NUMBER]
    assert places == ["a.md:5"]


@for_each(
    ("old", "new", "line", "said"),
    [
        ("minutes: 1", "minutes: one", 2, "not a whole number. Write `minutes: 10`."),
        ("minutes: 1", "minutes: 1\ngaols: []", 3, "Did you mean goals?"),
        ("minutes: 1", "minutes: 1\nminutes: 2", 3, "The key 'minutes' is there twice. Keep one"),
        ("minutes: 1", "minutes: 1\ngoals: one", 3, "and below it `  - ` before each entry"),
        ("minutes: 1", "minutes: 1\ngoals:\n\t- one", 4, "Indent with spaces, without tabs"),
        (
            "minutes: 1",
            "minutes: 1\nsymbols:\n  - w: a",
            4,
            "Write a list of two, ['w', 'the weight']",
        ),
        ("minutes: 1", "minutes: 1\nsymbols: [[1, 2]]", 3, "The symbol [1, 2] cannot be read."),
        ("minutes: 1", f"minutes: 1\n{SYMBOLS}  - ['', 'a']", 5, "The symbol ['', 'a'] cannot be"),
        (
            "minutes: 1",
            "minutes: 1\ngoals:\n  - a\n  - b: c",
            5,
            "is {'b': 'c'}, and not a text. Put",
        ),
        ("minutes: 1", "minutes: 1\nneeds: [3]", 3, "An entry of 'needs' is 3, and not a text."),
        ("minutes: 1", f"minutes: 1\n{SYMBOLS}  - ['w', 'b']", 5, "The symbol 'w' is listed twice"),
        ("minutes: 1", f"minutes: 1\n{SYMBOLS}  - ['v', '']", 5, "The symbol 'v' has no meaning."),
        ("minutes: 1", f"minutes: 1\n{SYMBOLS}  - ['v_{{', 'b']", 5, "cannot be drawn: { is never"),
        (
            "minutes: 1",
            f"minutes: 1\n{SYMBOLS}  - ['v', 'b: $\\frac{{v$']",
            5,
            "A formula cannot be drawn: { is never closed",
        ),
    ],
)
def test_a_mistake_in_the_front_matter_is_said_with_its_line(
    old: str, new: str, line: int, said: str
) -> None:
    assert old in HEAD
    with pytest.raises(LessonError) as caught:
        parse_lesson(HEAD.replace(old, new) + "Text.\n", "a.md", "a/b", "A")
    assert said in str(caught.value)
    assert caught.value.line == line


def test_numbers_come_before_letters_and_every_value_is_shown() -> None:
    text = "```derivation same\n3 \\cdot 2 = 6 :: multiply\n```\n"
    errors = [*left_out(parse_lesson(HEAD + text, "a.md", "a/b", "A"))]
    assert [str(error).split(": ")[0] for error in errors] == ["a.md:5"]
    assert "No numbers come before the derivation 'same'" in str(errors[0])


def test_numbers_that_prepare_no_derivation_are_said_before_all_else() -> None:
    rows = "w = 1\nw + 1 = 2\n"
    text = f"```numbers smae\n{rows}```\n```derivation same\n3 \\cdot 2 = 6 :: multiply\n```\n"
    first, *_others = left_out(parse_lesson(HEAD + text, "a.md", "a/b", "A"))
    assert str(first).startswith("a.md:5: The lesson has no derivation 'smae'. Did you mean same?")


def test_a_lab_must_be_able_to_use_its_options() -> None:
    text = HEAD + "```lab tangent function=no\n```\n"
    with pytest.raises(LessonError, match=r"a\.md:1: The lab has no function 'no'\. It has"):
        refuse_lab_options(parse_lesson(text, "a.md", "a/b", "A"))


def test_a_symbol_that_is_declared_twice_is_said_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "facts.py"
    path.write_text(
        'A = Notation().drawn("x").given(x=1)\n'  # a value for a symbol is no second declaration
        'B = A.drawn("x", "3")\n'  # neither is what a notation says anew of the one it extends
        'C = (\n    A.drawn("y")\n    .drawn("y_i", over="i")\n    .defined("y = 2 x")\n)\n',
        "utf-8",
    )
    (error,) = declared_twice(path)
    assert "facts.py:6: The symbol y is declared twice; the first time on line 4." in str(error)


def test_a_value_is_given_to_a_declared_symbol_only() -> None:
    notation = Notation().drawn("w").drawn("e_1")
    with pytest.raises(MeaningError, match=r"value for v, .* write \.fixed\(\"v\", …\)"):
        notation.given(w=1, v=2)
    assert notation.given(e_1=2)


@for_each("value", [math.nan, math.inf, [1.0, math.nan]])
def test_a_value_that_is_given_is_finite(value: object) -> None:
    with pytest.raises(MeaningError, match=r"`given` has .* for w\. Give a finite number\."):
        Notation().drawn("w").given(w=value)
    with pytest.raises(OverflowError):  # where it is given, and not later
        Notation().drawn("w").given(w=10**400)


def test_the_error_survives_the_way_out_of_a_process() -> None:
    error = LessonError("a.md", 3, "This.", "That.")
    assert str(pickle.loads(pickle.dumps(error))) == "a.md:3: This. That."

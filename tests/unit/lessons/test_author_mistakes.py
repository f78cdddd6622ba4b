"""What an author does wrong is said with its line, and with a mend that helps."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from engine.formulas.notation import Notation
from lessons.format import fences, parser, running
from lessons.format.document import LessonError
from lessons.format.facts import Facts
from lessons.format.parser import parse_lesson
from lessons.judge.values import Choice, Fill, Number, QuestionValues, Shape, Sign
from lessons.proof import run
from lessons.proof.run import run_lesson
from tests.unit.copies import copy_packages, dltutor

QUESTIONS: dict[str, QuestionValues] = {
    "number": Number(lambda: 6.0, slips={"added": lambda: 5.0}),
    "same": Number(lambda: 6.0, slips={"added": lambda: 6.0}),
    "shape": Shape(lambda: (2, 3)),
    "sign": Sign(lambda: -1.0),
    "choice": Choice(lambda: 1),
    "fill": Fill(Notation()),
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


@pytest.fixture(autouse=True)
def facts(monkeypatch: pytest.MonkeyPatch) -> None:
    found = Facts(Notation(), questions=QUESTIONS)
    for module in (fences, parser, running, run):
        monkeypatch.setattr(module, "facts_of", lambda slug: found)


def broken(text: str, old: str, new: str) -> LessonError:
    assert old in text
    with pytest.raises(LessonError) as caught:
        parse_lesson(HEAD + text.replace(old, new), "a.md", "a/b", "A")
    return caught.value


@pytest.mark.parametrize("text", [NUMBER, CHOICE, SIGN, FILL])
def test_the_examples_are_good(text: str) -> None:
    lesson = parse_lesson(HEAD + text, "a.md", "a/b", "A")
    assert all(result.ok for result in run_lesson(lesson))


@pytest.mark.parametrize(
    ("text", "old", "new", "line", "said"),
    [
        (NUMBER, "hint idea", "hnit idea", 10, "'hnit' is not known. Did you mean 'hint'?"),
        (NUMBER, "explain:", "explian:", 13, "Did you mean 'explain'?"),
        (NUMBER, "explain:", "why:", 13, "'why' is not known. The fields are right option, op"),
        (NUMBER, "right:", "rihgt:", 8, "Did you mean 'right'?"),
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


@pytest.mark.parametrize(
    ("text", "old", "new", "said"),
    [
        (NUMBER, "[6](", "[7](", "It is 6, and the text says 7."),
        (NUMBER, ":: 3 + 2", ":: 3 + 3", "is not what facts.py computes"),
        (NUMBER, "predict number", "predict same", "is accepted as the right answer"),
        (CHOICE, "option: one", "option: zero :: No.\noption: one", "option b, but `right option"),
        (FILL, "factor: 3 ", "factor: 1 + 1 ", "With a, b the formula holds"),
    ],
)
def test_what_fails_a_check_says_where_and_why(text: str, old: str, new: str, said: str) -> None:
    assert old in text
    results = run_lesson(parse_lesson(HEAD + text.replace(old, new), "a.md", "a/b", "A"))
    failed = [result for result in results if not result.ok]
    assert any(said in result.problem for result in failed), failed
    assert all(result.place.startswith("a.md") for result in failed)


def test_the_error_survives_the_way_out_of_a_process() -> None:
    error = LessonError("a.md", 3, "This.", "That.")
    assert str(pickle.loads(pickle.dumps(error))) == "a.md:3: This. That."


def test_check_names_file_line_and_mend(tmp_path: Path) -> None:
    copy = copy_packages(tmp_path)
    folder = copy / "lessons" / "course" / "linear" / "mine"
    dltutor(copy, "new", "lesson", "linear/mine", "--title", "Mine")
    dltutor(copy, "new", "mistake", "linear/mine", "sum-overwritten")
    # At first beside another lesson, so that both are checked in processes of their own.
    lessons = ["linear/mine", "mlp/device"]
    for name, old, new, said in (
        ("lesson.en.md", "hint idea", "hnit idea", "lesson.en.md:38: The field 'hnit' is"),
        ("lesson.en.md", "minutes: 10", "minutes: 10\nneeds: [linear/no]", "lesson.en.md:3: There"),
        ("lesson.en.md", "total = 0.0", "total = 1.0", "no line with 'total = 1.0'"),
        ("lesson.en.md", "name: sum", "nmae: sum", "Did you mean 'name'?"),
        ("facts.py", "W * X, slips", "W * X / 0, slips", "facts.py:27: This stops with ZeroDiv"),
        ("facts.py", "W, X = 3.0", "W, X = three", "facts.py:10: This stops with NameError"),
        ("facts.py", "W, X = 3.0", "W, X = = 3.0", "facts.py:10: This stops with SyntaxError"),
        ("mistakes.py", "def faulty_", "def wrong_", "mistakes.py needs both programs"),
    ):
        text = (folder / name).read_text("utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1), "utf-8")
        found = dltutor(copy, "check", *lessons, status=2)
        lessons = lessons[:1]
        assert said in found, found
        (folder / name).write_text(text, "utf-8")
    assert " 0 failed" in dltutor(copy, "check", "linear/mine")

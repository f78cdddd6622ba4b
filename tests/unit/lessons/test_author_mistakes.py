"""What an author does wrong is said with its line, and with a mend that helps."""

from __future__ import annotations

import pickle
import re
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from engine.broken import load_part
from engine.declared import DeclarationError
from engine.errors import UserError
from engine.formulas.errors import MeaningError
from engine.formulas.notation import Notation
from lessons.exercises.catalog import find_exercise
from lessons.exercises.checking import code_of
from lessons.format import fences, parser, running
from lessons.format.catalog import Catalog, UnknownLessonError
from lessons.format.document import Figure, LessonError
from lessons.format.facts import Facts, facts_in
from lessons.format.figures import drawing_of
from lessons.format.parser import parse_lesson
from lessons.format.tables import keys_twice
from lessons.format.text_file import read_text
from lessons.format.trouble import in_file
from lessons.judge.values import Choice, Fill, Number, QuestionValues, Shape, Sign
from lessons.proof import completeness, run
from lessons.proof.completeness import left_out
from lessons.proof.declared_twice import declared_twice
from lessons.proof.exercises import prove_exercise
from lessons.proof.run import run_lesson
from tests.unit.copies import copy_packages, dltutor_each
from tui.commands.check_parts import refuse_lab_options, refuse_undrawable
from tui.page.lines import InkLine

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
    for module in (fences, parser, running, run, completeness):
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
            "\n",
            5,
            "The block ```predict number is not closed before the file ends",
        ),
        (CHOICE, "```\n", SIGN, 5, "is not closed before line 10 begins another one"),
        ("Text.\n", "Text", "##Text", 5, "A heading needs a blank after its signs"),
        ("Text.\n", "Text", "#### Text", 5, "Write `## Title` for a step"),
        ("Text.\n", "Text.", "| a | b |\n|---|\n| c |", 5, "This table cannot be read"),
        ("$$x = 1$$\n", "1$$", "1", 5, "“$” stands outside of a formula"),
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


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("minutes: 1", "minutes: one", 2, "not a whole number. Write `minutes: 10`."),
        ("minutes: 1", "minutes: 1\ngaols: []", 3, "Did you mean goals?"),
        ("minutes: 1", "minutes: 1\ngoals: one", 3, "and below it `  - ` before each entry"),
        ("minutes: 1", "minutes: 1\ngoals:\n\t- one", 4, "Indent with spaces, without tabs"),
        (
            "minutes: 1",
            "minutes: 1\nsymbols:\n  - w: a",
            3,
            "Write a list of two, ['w', 'the weight']",
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


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("", 1, "There is no list of chapters"),
        ("- slug: a\n  title: A\n", 1, "The chapter has no 'lessons'"),
        ("- title: A\n  lessons:\n    b: B\n", 1, "The chapter has no 'slug'"),
        ("- slug: a\n  title: A\n  lessons:\n    b:\n", 4, "The lesson 'b' has no title"),
        ("- slug: a\n  title: A\n  lessons:\n\tb: B\n", 4, "Indent with spaces"),
        ("- slug: a\n  title: A\n  lessons:\n    b: B: b\n", 4, "with a colon or a bracket in qu"),
        ("- slug: a\n  title: A\n  lessons:\n    b: B\n    b: C\n", 5, "'b' is there twice"),
        ("- slug: a\n  title: A\n  lessons:\n    b c: B\n", 4, "cannot be the name of a lesson"),
        ("- slug: a\n  title: A\n  lesons:\n    b: B\n", 3, "The key 'lesons' is not known"),
        ("- slug: a\n  title: A\n  lessons:\n    b: B\n" * 2, 5, "There are two chapters 'a'"),
    ],
)
def test_a_mistake_in_the_contents_is_said_with_its_line(
    text: str, line: int, said: str, tmp_path: Path
) -> None:
    (tmp_path / "contents.yaml").write_text(text, "utf-8")
    with pytest.raises(LessonError) as caught:
        Catalog(tmp_path)
    assert said in str(caught.value)
    assert caught.value.line == line


def test_a_lesson_needs_only_what_comes_before_it(tmp_path: Path) -> None:
    (tmp_path / "contents.yaml").write_text(
        "- slug: a\n  title: A\n  lessons:\n    b: B\n    c: '3'\n", "utf-8"
    )
    (tmp_path / "a" / "b").mkdir(parents=True)
    course = Catalog(tmp_path)
    assert [entry.title for entry in course.entries()] == ["B", "3"]
    for slug in ("a/b", "a/c"):
        (tmp_path / "a/b/lesson.en.md").write_text(
            f"---\nminutes: 1\nneeds: [{slug}]\n---\n## One\nText.\n", "utf-8"
        )
        with pytest.raises(LessonError, match="which does not come before it") as caught:
            Catalog(tmp_path).load("a/b")
        assert caught.value.line == 3


def test_a_lesson_that_the_contents_leave_out_is_said(tmp_path: Path) -> None:
    (tmp_path / "contents.yaml").write_text(
        "- slug: a\n  title: A\n  lessons:\n    b: B\n", "utf-8"
    )
    (tmp_path / "a" / "c_d").mkdir(parents=True)
    (tmp_path / "a" / "c_d" / "lesson.en.md").touch()
    with pytest.raises(UnknownLessonError, match="exists: add `c-d: Its title` to"):
        Catalog(tmp_path).entry("a/c-d")


def test_numbers_come_before_letters_and_every_value_is_shown() -> None:
    text = "```derivation same\n3 \\cdot 2 = 6 :: multiply\n```\n"
    errors = [*left_out(parse_lesson(HEAD + text, "a.md", "a/b", "A"))]
    assert [error.line for error in errors] == [5]
    assert "No numbers come before the derivation 'same'" in str(errors[0])


def test_numbers_that_prepare_no_derivation_are_said_before_all_else() -> None:
    rows = "w = 1\nw + 1 = 2\n"
    text = f"```numbers smae\n{rows}```\n```derivation same\n3 \\cdot 2 = 6 :: multiply\n```\n"
    first, *_others = left_out(parse_lesson(HEAD + text, "a.md", "a/b", "A"))
    assert str(first).startswith("a.md:5: The lesson has no derivation 'smae'. Did you mean same?")


def test_a_figure_must_be_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    def draw(*_: object, **__: object) -> list[InkLine]:
        raise KeyError("hue")

    lesson = parse_lesson(HEAD + "Text.\n", "a.md", "backprop/chain-rule", "A")
    figure = Figure("graph", "chain_numbers", drawing_of("backprop/chain-rule", "chain_numbers"))
    lesson = replace(lesson, steps=(replace(lesson.steps[0], blocks=(figure,)),))
    refuse_undrawable(lesson)
    monkeypatch.setattr("tui.figures.registry.draw", draw)
    with pytest.raises(LessonError, match=r"figures\.py:\d+: This stops with KeyError: 'hue'"):
        refuse_undrawable(lesson)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda options: 1 / 0, r"a\.md:5: This stops with ZeroDivisionError"),
        ("Lab", r"tangent\.py:\d+: LAB names 'Lab', which is no subclass of Lab\."),
    ],
)
def test_a_lab_that_cannot_be_made(
    make: object, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = load_part("tui.labs.tangent")
    if callable(make):
        monkeypatch.setattr(module.LAB.widget, "__init__", lambda self, options: make(options))
    else:
        monkeypatch.setattr(module, "LAB", module.LAB._replace(widget=make))
    text = HEAD + "```lab tangent function=tanh\n```\n"
    lesson = parse_lesson(text, tmp_path / "a.md", "a/b", "A")
    lesson.path.write_text(text, "utf-8")
    with pytest.raises(UserError, match=said):
        refuse_lab_options(lesson)


def test_a_lab_must_be_able_to_use_its_options() -> None:
    text = HEAD + "```lab tangent function=no\n```\n"
    with pytest.raises(LessonError, match=r"a\.md:1: The lab has no function 'no'\. It has"):
        refuse_lab_options(parse_lesson(text, "a.md", "a/b", "A"))


FACTS = """
from engine.formulas.notation import Notation
from lessons.judge.values import Choice, Number, Shape

NOTATION = Notation()
SCOPES = {"a": NOTATION}
NUMBERS = {
    "w": lambda: 3.0,
}
QUESTIONS = {
    "q": Number(lambda: 1.0, slips={"s": lambda: 2.0}),
    "c": Choice(lambda: 1),
    "h": Shape(lambda: (2, 3), slips={"t": lambda: (3, 2)}),
}
"""


def use(module: ModuleType, path: Path) -> None:
    """Import the facts of a module, and compute all that they compute."""
    try:
        exec(compile(path.read_text("utf-8"), path, "exec"), vars(module))
    except TypeError as error:
        raise in_file(error, path.parent, path) from error
    facts = facts_in(module, {})
    for compute in facts.numbers.values():
        compute()
    for values in facts.questions.values():
        computes = [getattr(values, name, None) for name in ("answer", "proof")]
        computes += [way for ways in getattr(values, "slips", {}).values() for way in ways]
        for compute in filter(None, computes):
            compute()


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("lambda: 3.0", "3.0", 8, "The number 'w' is a float. Write NUMBERS ="),
        ("lambda: 3.0", "lambda: '3'", 8, "'w' computes is '3', and not a number."),
        ("lambda: 3.0", "lambda: None", 8, "'w' computes is None, and not a number."),
        ("lambda: 1.0", "lambda: '1'", 11, "'q' computes is '1', and not a number."),
        ("lambda: 2.0", "lambda: '2'", 11, "'q' computes is '2', and not a number."),
        ("lambda: 1)", "lambda: 0.5)", 12, "'c' computes is 0.5, and not the index of an opt"),
        ("lambda: (3, 2)", "lambda: 6", 13, "'h' computes is 6, and not a tuple of sizes."),
        ("Choice(lambda: 1)", "3", 12, "The question 'c' is a int. Write QUESTIONS ="),
        ('{"s": lambda: 2.0}', "[lambda: 2.0]", 11, 'TypeError: slips are written {"name": lam'),
        ('{"t": lambda: (3, 2)}', "[]", 13, 'TypeError: slips are written {"name": lambda'),
        ('{"a": NOTATION}', '{"a": {}}', 6, "The scope 'a' is a dict. Write SCOPES ="),
        ('{"a": NOTATION}', "[NOTATION]", 6, "SCOPES is a list. Write SCOPES ="),
        ('NOTATION = Notation()\nSCOPES = {"a": NOTATION}', "NOTATION = 'x'", 5, "is a str. Writ"),
    ],
)
def test_a_fact_of_another_kind_is_said_with_its_line(
    old: str, new: str, line: int, said: str, tmp_path: Path
) -> None:
    path = tmp_path / "facts.py"
    assert old in FACTS
    path.write_text(FACTS.replace(old, new), "utf-8")
    module = ModuleType("facts")
    module.__file__ = str(path)
    with pytest.raises(LessonError) as caught:
        use(module, path)
    assert said in str(caught.value)
    assert (caught.value.path, caught.value.line) == (path, line)


def refuse(error: LessonError) -> None:
    raise error


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("FIGURES = [make]", 4, "FIGURES is a list. Write FIGURES ="),
        ("FIGURES = {'a': make()}", 4, "The figure 'a' is a Curve. Write FIGURES ="),
        ("FIGURES = {'a': lambda: 3}", 4, "The figure 'a' is a int, and not a drawing."),
        ("FIGURES = {'a': lambda: 1 / 0}", 4, "This stops with ZeroDivisionError"),
        ("FIGURES = {'a': lambda: make(low=3)}", 3, "made: `low` must be smaller than `high`."),
        ("FIGURES = {'a': lambda: make(f=3)}", 4, "`f` of Line is 3. It must be a function."),
        ("FIGURES = {'a': lambda: make(hue='red')}", 4, "`hue` of Line is 'red'. It must be a Hue"),
        ("FIGURES = {'a': lambda: make(x=3)}", 4, "`x` of Curve is 3. It must be a text"),
        ("FIGURES = {'a': lambda: make(tangent='b')}", 3, "This stops with TypeError"),
        ("FIGURES = {'a': make, 'a': make}", 4, "The key 'a' stands here a second time"),
    ],
)
def test_a_figure_that_cannot_be_made_is_said_with_its_line(
    text: str, line: int, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "figures.py"
    make = (
        "from lessons.format.drawings import Curve, Line\n"
        "def make(f=abs, hue=None, low=-1, x='x', **more):\n"
        "    return Curve((Line('L', f, **({'hue': hue} if hue else {})),), low, 2, x, **more)\n"
    )
    path.write_text(make + text + "\n", "utf-8")
    module = ModuleType("figures")
    module.__file__ = str(path)
    exec(compile(path.read_text("utf-8"), path, "exec"), vars(module))
    monkeypatch.setattr("lessons.format.figures.lesson_module", lambda slug, name: module)
    monkeypatch.setattr("lessons.format.figures.module_path", lambda slug, name: path)
    with pytest.raises(LessonError) as caught:
        [drawing_of(str(tmp_path), "a"), *map(refuse, keys_twice(path))]
    assert said in str(caught.value)
    assert (caught.value.path, caught.value.line) == (path, line)


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


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"SLIPS": {"same": {}}}, "The slip 'same' has no text."),
        ({"cases": lambda rng: iter(())}, "`cases` yields no test."),
        ({"cases": lambda rng: exit(1)}, "This would end the whole program (1)."),
        ({"FUNCTIONS": "sigmoid"}, 'Write FUNCTIONS = ("sigmoid",).'),
        ({"SLIPS": {"same": abs}}, "The slip 'same' is a builtin_function_or_method."),
        ({"FUNCTIONS": ("sigmoyd",)}, "FUNCTIONS names 'sigmoyd', which the file does not def"),
    ],
)
def test_a_broken_exercise_is_said_with_its_file(
    changed: dict[str, object], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = ModuleType("exercise")
    code.__dict__.update({**vars(code_of(find_exercise("sigmoid"))), **changed})
    monkeypatch.setattr("lessons.proof.exercises.code_of", lambda _: code)
    with pytest.raises(LessonError) as caught:
        list(prove_exercise("sigmoid"))
    assert said in str(caught.value)
    assert Path(caught.value.path).name == "exercise.py"


def test_the_lesson_of_an_exercise_must_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    exercise = find_exercise("sigmoid")
    lost = replace(exercise, text=replace(exercise.text, lesson="functions/activatoins"))
    monkeypatch.setattr("lessons.proof.exercises.find_exercise", lambda _: lost)
    with pytest.raises(LessonError, match=r"There is no lesson 'functions/activatoins'\. Did you"):
        list(prove_exercise("sigmoid"))


def test_a_slip_that_no_test_tells_from_the_solution_is_reported(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    solution = code_of(find_exercise("sigmoid"))
    assert not any(problem for _, _, problem in prove_exercise("sigmoid"))
    code = ModuleType("exercise")
    code.__dict__.update({**vars(solution), "SLIPS": {slip: {} for slip in solution.SLIPS}})
    monkeypatch.setattr("lessons.proof.exercises.code_of", lambda _: code)
    assert any("No test tells this slip" in problem for _, _, problem in prove_exercise("sigmoid"))


def test_a_file_is_read_as_an_editor_wrote_it(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"\xef\xbb\xbfone\r\ntwo\n")
    assert read_text(path) == "one\ntwo\n"
    path.write_bytes(b"one\ntw\xf6\n")
    with pytest.raises(LessonError, match=r"a\.md:2: This line is not UTF-8"):
        read_text(path)


@pytest.mark.parametrize("sign", ["\x1b]0;owned\x07", "\0", "\x9b2J", "\u202e", "\u2066"])
def test_what_a_terminal_obeys_is_no_text(sign: str, tmp_path: Path) -> None:
    """`dltutor preview` and `show` printed it."""
    path = tmp_path / "a.md"
    path.write_text(f"one\n\ttwo {sign}\r\n", "utf-8")
    with pytest.raises(LessonError, match=r"a\.md:2: This line holds the character U\+") as refused:
        read_text(path)
    assert sign[0] not in str(refused.value)


@pytest.mark.parametrize("name", ["contents.yaml", "contents.zh.yaml"])
def test_contents_that_are_nested_without_end_or_hold_escapes(name: str, tmp_path: Path) -> None:
    (tmp_path / "contents.yaml").write_text("- slug: a\n  title: A\n  lessons: {b: B}\n", "utf-8")
    (tmp_path / name).write_text("[" * 5000, "utf-8")
    with pytest.raises(LessonError, match="nested too deeply"):
        Catalog(tmp_path, "zh")
    title = 'title: "\\e]0;owned\\a"'
    (tmp_path / name).write_text(f"- slug: a\n  {title}\n  lessons: {{b: B}}\n", "utf-8")
    with pytest.raises(LessonError, match="is no plain text") as refused:
        Catalog(tmp_path, "zh")
    assert "\x1b" not in str(refused.value)


def test_a_part_that_cannot_be_imported_says_where(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    for name, text, said in (
        ("part_a", "x = 1\ny = = 2\n", "part_a.py:2: This stops with SyntaxError: invalid syntax."),
        ("part_b", "\nimport part_nowhere\n", "part_b.py:2: This stops with ModuleNotFoundError"),
        ("part_c", "x = 1\n", "part_c.py:1: The file has no 'run'."),
    ):
        (tmp_path / f"{name}.py").write_text(text, "utf-8")
        with pytest.raises(DeclarationError, match=re.escape(said)):
            load_part(name, ("run",))


def test_the_error_survives_the_way_out_of_a_process() -> None:
    error = LessonError("a.md", 3, "This.", "That.")
    assert str(pickle.loads(pickle.dumps(error))) == "a.md:3: This. That."


MISTAKES = (
    ("lesson.en.md", "hint idea", "hnit idea", "lesson.en.md:38: The field 'hnit' is"),
    ("lesson.en.md", "minutes: 10", "minutes: 10\nneeds: [linear/no]", "lesson.en.md:3: There"),
    ("lesson.en.md", "total = 0.0", "total = 1.0", "no line with 'total = 1.0'"),
    ("lesson.en.md", "name: sum", "nmae: sum", "Did you mean 'name'?"),
    (
        "facts.py",
        '"first": ',
        '"first": Number(lambda: 1.0),\n    "first": ',
        "'first' stands here a s",
    ),
    ("facts.py", "W * X, slips", "W * X / 0, slips", "facts.py:27: This stops with ZeroDiv"),
    ("facts.py", "W, X = 3.0", "W, X = three", "facts.py:10: This stops with NameError"),
    ("facts.py", "W, X = 3.0", "W, X = = 3.0", "facts.py:10: This stops with SyntaxError"),
    ("facts.py", "W, X = 3.0", "W, X = exit()", "facts.py:10: This would end the whole pr"),
    ("mistakes.py", "def faulty_", "def wrong_", "mistakes.py needs both programs"),
)


def test_check_names_file_line_and_mend(tmp_path: Path) -> None:
    copy = copy_packages(tmp_path)
    course = copy / "lessons" / "course" / "linear"
    good = "linear/good"
    bad = [f"linear/bad{number}" for number in range(len(MISTAKES))]
    new = [["new", "lesson", slug, "--title", slug] for slug in (good, *bad)]
    new += [["new", "mistake", slug, "sum-overwritten"] for slug in (good, *bad)]
    assert not any(done.status for done in dltutor_each(copy, *new))
    for slug, (name, old, wrong, _) in zip(bad, MISTAKES, strict=True):
        path = course / slug.partition("/")[2] / name
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, wrong, 1), "utf-8")
    # The last one beside another lesson, so that both are checked in processes of their own.
    checks = [["check", slug] for slug in (*bad, good)]
    *found, passed, beside = dltutor_each(copy, *checks, ["check", bad[-1], "backprop/forward"])
    for done, (*_, said) in zip((*found, beside), (*MISTAKES, MISTAKES[-1]), strict=True):
        assert done.status == 2, done
        assert said in done.err, done.err
    assert passed.status == 0, passed.err
    assert " 0 failed" in passed.out

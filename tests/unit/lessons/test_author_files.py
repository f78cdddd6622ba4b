"""What is wrong in the files around a lesson is said with its file and a mend."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import cast

import pytest

from engine.broken import load_part
from engine.declared import DeclarationError
from lessons.exercises.catalog import find_exercise
from lessons.exercises.checking import code_of
from lessons.exercises.exercise import call
from lessons.format.catalog import Catalog, UnknownLessonError
from lessons.format.document import LessonError
from lessons.format.facts import lesson_module
from lessons.format.text_file import read_text
from lessons.proof.exercises import prove_exercise
from tests.cases import for_each
from tests.unit.copies import copy_packages, dltutor_each
from tui.cli import main
from tui.opening import ScreenOpener


@for_each(
    ("text", "line", "said"),
    [
        ("", 1, "There is no list of chapters"),
        ("- slug: a\n  title: A\n", 1, "The chapter has no 'lessons'"),
        ("- title: A\n  lessons:\n    b: B\n", 1, "The chapter has no 'slug'"),
        ("- slug: a\n  title: A\n  lessons:\n    b:\n", 4, "The lesson 'b' has no title"),
        ("- slug: a\n  title: A\n  lessons:\n    b: ' '\n", 4, "The lesson 'b' has no title"),
        ("- slug: a\n  title: A\n  lessons:\n    b: ~\n", 4, "The lesson 'b' has no title"),
        ('- slug: a\n  title: A\n  lessons:\n    b: "a\\nb"\n', 4, "is no plain text. Leave out"),
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


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"SLIPS": {"same": {}}}, "The slip 'same' has no text."),
        ({"cases": lambda rng: iter(())}, "`cases` yields no test."),
        ({"cases": lambda rng: exit(1)}, "This would end the whole program (1)."),
        ({"FUNCTIONS": "sigmoid"}, 'Write FUNCTIONS = ("sigmoid",).'),
        ({"SLIPS": {"same": abs}}, "The slip 'same' is a builtin_function_or_method."),
        ({"cases": lambda rng: iter([call("sigmoyd", 1.0)])}, "'sigmoyd', which the file does not"),
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
    (tmp_path / name).write_text("[" * 1000, "utf-8")
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


MISTAKES = (
    ("lesson.en.md", "hint idea", "hnit idea", "lesson.en.md:39: The field 'hnit' is"),
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
    (
        "facts.py",
        "W, X = 3.0",
        "raise GeneratorExit\nW, X = 3.0",
        "facts.py:10: This stops with Ge",
    ),
    (
        "facts.py",
        "W * X, slips",
        "next(g for g in stop()), slips",
        "facts.py:27: This stops with N",
    ),
    ("facts.py", 'drawn("x")', 'drawn("x", "n")', "facts.py:13: The symbol n is not declared"),
    ("facts.py", '"y = w x", ""', '"y = w q", ""', "facts.py:13: The symbol q is not declared"),
    ("facts.py", '"y = w x", ""', '"y = w x", "3"', "facts.py:13: y is declared as 3"),
    ("facts.py", '"x": lambda: X', '"xx": float,\n    "x": lambda: X', "facts.py:23: Nothing in"),
    ("lesson.en.md", "[3](number:w)", "[three](number:w)", "lesson.en.md:35: “three” is no numb"),
    ("lesson.en.md", "[3](number:w)", "[3](number:ww)", "called 'ww'. Did you mean w? Write wh"),
    (
        "mistakes.py",
        "some numbers.",
        f"some {'more ' * 12}numbers.",
        "columns; there is room for 68",
    ),
    ("mistakes.py", "some numbers.", "some" + "\n" * 16, "lines; there is room for 20"),
    ("mistakes.py", "def faulty_", "def wrong_", "mistakes.py needs both programs"),
    (
        "mistakes.py",
        "sum_overwritten(run: Program)",
        "sum_overwritten()",
        "cannot be called: _sum_o",
    ),
    (
        "mistakes.py",
        ", 1e-9)",
        ", '1e-9')",
        "mistakes.py:26: What is measured for 'sum-overwritten'",
    ),
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
    facts = course / "good" / "facts.py"
    facts.write_text(facts.read_text("utf-8").replace("lambda: W,", "lambda: print('noise') or W,"))
    # The last one beside another lesson, so that both are checked in processes of their own.
    checks = [["check", slug] for slug in bad] + [["check", good, "--json"]]
    *found, passed, beside = dltutor_each(copy, *checks, ["check", bad[-1], good])
    for done, (*_, said) in zip((*found, beside), (*MISTAKES, MISTAKES[-1]), strict=True):
        assert done.status == 2, done
        assert said in done.err, done.err
    assert passed.status == 0, passed.err
    assert json.loads(passed.out)["failed"] == 0
    assert "noise" in passed.err


def test_a_lesson_without_a_file_is_said_with_the_file_that_it_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "contents.yaml").write_text(
        "- slug: a\n  title: A\n  lessons:\n    b-c: B\n", "utf-8"
    )
    course = Catalog(tmp_path)
    monkeypatch.setattr("tui.commands.check.catalog", lambda code: course)
    assert main(["check", "a/b-c"]) == 2
    file = tmp_path / "a" / "b_c" / "lesson.en.md"
    assert f"still to come: {file} does not exist." in capsys.readouterr().err
    told: list[str] = []
    app = SimpleNamespace(contents=course, notify=lambda text, **_: told.append(text))
    ScreenOpener.open_lesson(cast("ScreenOpener", app), "a/b-c")
    assert "still to come" in told[0]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("x = 1\n".encode("utf-16"), 1, "This line is not UTF-8 text. Save the file"),
        (b"x = 1\ny = '\0'\n", 2, "This line holds the character U+0000"),
    ],
)
def test_a_python_file_in_another_encoding_is_said_with_its_line(
    text: bytes, line: int, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "lessons_of_mine"
    folder.mkdir()
    (folder / "facts.py").write_bytes(text)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr("lessons.format.facts.package_of", lambda slug: folder.name)
    monkeypatch.setattr("lessons.format.facts.module_path", lambda *_: folder / "facts.py")
    with pytest.raises(LessonError, match=re.escape(f"facts.py:{line}: {said}")):
        lesson_module("a/b", "facts")

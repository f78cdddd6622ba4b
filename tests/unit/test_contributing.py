"""CONTRIBUTING.md: its example lesson and its example command work as they are printed."""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path

import pytest

from tests.unit.copies import ROOT, copy_packages, dltutor, dltutor_after, dltutor_each, python
from tui.commands import commands
from tui.commands.new import add_arguments

PAGE = (ROOT / ".github" / "CONTRIBUTING.md").read_text("utf-8")
FILES = re.compile(r"^`([\w/.]+)`\n\n(`{3,4})\w+\n(.*?)^\2$", re.MULTILINE | re.DOTALL)
SLUG = "linear/one-slope"


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy with every file that the page prints, and the line for the contents."""
    copy = copy_packages(tmp_path_factory.mktemp("followed"))
    for place, _, text in FILES.findall(PAGE):
        (copy / place).parent.mkdir(exist_ok=True)
        (copy / place).write_text(text, "utf-8")
    entry = re.search(r"^```yaml\n(.*?\n)```$", PAGE, re.MULTILINE | re.DOTALL)
    assert entry
    contents = copy / "lessons" / "course" / "contents.yaml"
    text = contents.read_text("utf-8")
    last = "    concise: Linear regression, concise\n"
    assert last in text
    contents.write_text(text.replace(last, last + entry[1]), "utf-8")
    return copy


def test_every_file_of_a_lesson_is_printed() -> None:
    names = {Path(place).name for place, _, _ in FILES.findall(PAGE)}
    assert names == {
        "lesson.en.md", "facts.py", "programs.py", "mistakes.py", "figures.py", "__init__.py",
        "hello.py",
    }  # fmt: skip


def test_the_lesson_passes_its_check(followed: Path) -> None:
    unkept, _, checked, mutants = dltutor_each(
        followed,
        ["check", SLUG],
        ["check", SLUG, "--record"],
        ["check", SLUG, "--json"],
        ["check", SLUG, "--mutants"],
    )
    assert "code programs:slope_twice 1" in unkept.err
    assert f"Read it, then run `dltutor check --record {SLUG}`" in unkept.err
    found = json.loads(checked.out)
    assert found["failed"] == 0
    assert {check["kind"] for check in found["checks"]} == {
        "line", "formula", "number", "numbers", "answer", "slip", "mistake", "code",
    }  # fmt: skip
    assert {check["how"] for check in found["checks"]} >= {"definition", "supposition"}
    assert not found["typed"][SLUG]
    assert mutants.out.rstrip().endswith(" 0 survived")


def test_its_program_runs_and_the_lesson_is_shown(followed: Path) -> None:
    program = "import lessons.course.linear.one_slope.programs as p; p.slope_twice()"
    assert python(followed, "-c", program).stdout == "formula 2.000000, difference 2.000000\n"
    preview = ["preview", "lessons/course/linear/one_slope", "--once"]
    shown, said = dltutor_each(followed, preview, ["hello", "you"])
    assert "The slope of one weight" in shown.out
    assert said.out == "Hello, you.\n"


def test_a_program_that_stops_or_prints_something_else_is_reported(followed: Path) -> None:
    folder = followed / "lessons/course/linear/one_slope"
    programs, kept = folder / "programs.py", folder / "printed.txt"
    right = programs.read_bytes()
    fence = (folder / "lesson.en.md").read_text("utf-8").splitlines()
    line = fence.index("```code programs:slope_twice run") + 1
    dltutor(followed, "check", SLUG, "--record")
    recorded = kept.read_bytes()

    def changed(new: bytes) -> dict[Path, bytes]:
        return {programs: right.replace(b"h = 1e-5", new)}

    expected = (
        (
            changed(b"h = 0.0"), 1,
            "at programs.py:13\n    This stops with ZeroDivisionError: float division",
        ),
        (
            changed(b"h = exit(3)"), 1,
            "at programs.py:10\n    This would end the whole program (3). Remove",
        ),
        (
            changed(b"h = float(input())"), 1,
            "at programs.py:10\n    The program asks for input, but nobody can answer here.",
        ),
        (
            changed(b"h = 1e-5; print('so')"), 1,
            f"at lesson.en.md:{line}\n    Its output has a new line 1: 'so'.\n",
        ),
        (
            {programs: right, kept: recorded.replace(b"slope_twice", b"old_name")}, 1,
            "at printed.txt:3\n    No block `code",
        ),
        ({kept: b""}, 1, f"at lesson.en.md:{line}\n    Its output is not recorded yet."),
        ({kept: b"\n\xff"}, 2, "printed.txt:2: This line is not UTF-8 text."),
        ({kept: recorded.replace(b"\n", b"\r\n")}, 0, " 0 failed"),
    )  # fmt: skip
    found = dltutor_after(followed, *((changes, ["check", SLUG]) for changes, _, _ in expected))
    for (status, text), (_, wanted, said) in zip(found, expected, strict=True):
        assert status == wanted, text
        assert said in text


def test_what_is_printed_is_clean(followed: Path) -> None:
    places = [place for place, _, _ in FILES.findall(PAGE) if place.endswith(".py")]
    for words in (("check", "--no-cache"), ("format", "--check", "--no-cache")):
        done = python(followed, "-m", "ruff", *words, *places, new=True)
        assert done.returncode == 0, done.stdout


def test_it_names_every_template_and_the_readme_too() -> None:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    (kinds,) = (each for each in parser._actions if isinstance(each.choices, dict))
    readme = (ROOT / "README.md").read_text("utf-8")
    for what in kinds.choices or ():
        assert re.search(rf"(dltutor new |`){what} ", PAGE), what
        assert re.search(rf"dltutor new WHAT NAME.*`{what}`", readme), what


def test_every_command_and_file_that_it_names_is_there() -> None:
    for name in re.findall(r"dltutor ([a-z]+)", PAGE.replace("/dltutor ", "/")):
        assert name in commands(), name
    for place in re.findall(r"`((?:engine|lessons|tests|tui|\.github)/[\w/.]+\.\w+)`", PAGE):
        if not re.search("NAME|CHAPTER|one_slope|hello", place):
            assert (ROOT / place).exists(), place

"""`dltutor preview`: a lesson as it is being written, with what is wrong said in its place."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from lessons.format.catalog import COURSE, catalog
from tests.unit.copies import copy_packages, dltutor, python
from tui.cli import main

DELTAS = COURSE / "backprop" / "deltas" / "lesson.en.md"
GOOD = """---
minutes: 5
---
## One
The first text.

$$\\delta = (a - y)\\, \\sigma'(z)$$

## Two
The second text.
"""


@pytest.fixture(autouse=True)
def modules_as_before() -> object:
    """The preview reads the facts again; what other tests have imported must stay."""
    before = {k: m for k, m in sys.modules.items() if k.startswith("lessons.course.")}
    yield
    for name in [name for name in sys.modules if name.startswith("lessons.course.")]:
        del sys.modules[name]
    sys.modules.update(before)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "mine.md"
    path.write_text(GOOD, "utf-8")
    return path


def preview(path: Path, *words: str) -> int:
    return main(["preview", str(path), "--slug", "backprop/deltas", *words])


def test_it_shows_what_show_shows(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["preview", str(DELTAS.parent), "--once", "--width", "80"]) == 0
    shown = capsys.readouterr().out
    assert main(["show", "backprop/deltas", "--width", "80"]) == 0
    assert shown == capsys.readouterr().out
    assert catalog().load("backprop/deltas").title in shown


def test_one_step(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert preview(file, "--step", "2") == 0
    shown = capsys.readouterr().out
    assert "The second text." in shown
    assert "The first text." not in shown
    assert preview(file, "--step", "3") == 2
    assert "There is no step 3" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("new", "line", "said"),
    [
        ("```predict nothing\nHow?\n```", 5, "have no question 'nothing'"),
        ("See [5](number:nothing).", 5, "No number of the lesson is called 'nothing'"),
        ("```scope nothing\n```", 5, "The scope 'nothing' is not known"),
        ("> a\n>\n> b", 7, "A remark has one paragraph"),
        ("$$\\frac{1$$", 5, "position"),
        ("See [it](lesson:no/where).", 5, "There is no lesson 'no/where'"),
    ],
)
def test_what_is_wrong_is_said_in_its_place(
    file: Path, new: str, line: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(GOOD.replace("The first text.", new), "utf-8")
    assert preview(file) == 1
    shown, errors = capsys.readouterr()
    assert f"{file}:{line}: " in errors
    assert said in errors
    assert "The second text." in shown
    if "lesson:" not in new:
        assert "✗" in shown.partition("The second text.")[0]


def test_where_nothing_can_be_shown_it_says_why(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text("## One\n", "utf-8")
    assert preview(file) == 1
    shown, errors = capsys.readouterr()
    assert "no front matter" in shown
    assert f"{file}:1: " in errors


def test_bad_usage(tmp_path: Path, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["preview", str(tmp_path / "gone.md")]) == 2
    assert "There is no file" in capsys.readouterr().err
    assert main(["preview", str(file)]) == 2
    assert "--slug CHAPTER/NAME" in capsys.readouterr().err
    assert preview(file, "--width", "20") == 2
    assert "too narrow" in capsys.readouterr().err


def test_on_a_terminal_it_draws_again_when_the_file_is_saved(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def end() -> None:
        raise KeyboardInterrupt

    saves: list[Callable[[], object]] = [
        lambda: None,  # nothing is saved, and nothing drawn
        lambda: file.write_text(GOOD.replace("second", "third"), "utf-8"),
        lambda: file.unlink(),
        lambda: file.write_text(GOOD.replace("## One", "# One"), "utf-8"),
        lambda: file.write_text(GOOD.replace("second", "last"), "utf-8"),
        end,
    ]
    monkeypatch.setattr(time, "sleep", lambda seconds: saves.pop(0)())
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    assert preview(file) == 130
    drawings = capsys.readouterr().out.split("\x1b[2J\x1b[3J\x1b[H")[1:]
    assert len(drawings) == 4
    first, third, broken, last = drawings
    assert "The second text." in first
    assert "no errors" in first
    assert "The third text." in third
    assert "outside of a step" in broken
    assert "The last text." in last


def test_facts_are_read_again(tmp_path: Path) -> None:
    copy = copy_packages(tmp_path)
    dltutor(copy, "new", "lesson", "linear/mine", "--title", "Mine")
    folder = copy / "lessons" / "course" / "linear" / "mine"
    written = (folder / "facts.py").read_text("utf-8")
    line = written.split("lambda: W,")[0].count("\n") + 1
    program = f"""
import sys, time
from pathlib import Path
from tui.cli import main
facts = Path({str(folder / "facts.py")!r})
text = facts.read_text()
saves = [text.replace('"first": Number', '"frist": Number'),
         *[text + "\\nimport os\\nos.kill(os.getpid(), 9)"] * (sys.platform == "linux"),
         text.replace("lambda: W,", "lambda: W / 0,"), "1 +", None]
def save(seconds):
    text = saves.pop(0)
    if text is None:
        raise KeyboardInterrupt
    facts.write_text(text)
time.sleep, sys.stdout.isatty = save, lambda: True
print(main(["preview", {str(folder.relative_to(copy))!r}]))
"""
    done = python(copy, "-c", program)
    first, misspelt, *killed, divided, broken = done.stdout.split("\x1b[2J\x1b[3J\x1b[H")[1:]
    assert "✗" not in first
    assert "The facts of the lesson have no question 'first'." in misspelt
    for each in killed:
        assert "was ended (SIGKILL) by the lesson's code" in " ".join(each.split())
    assert f"✗ {folder}{os.sep}facts.py:{line}: This stops with ZeroDivisionError" in divided
    assert f"✗ {folder}{os.sep}facts.py:1: This stops with SyntaxError" in broken
    assert broken.endswith("\n130\n")

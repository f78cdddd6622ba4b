"""Exercises: every solution passes, every slip is recognised as itself, and nothing costs more."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from lessons.exercises.catalog import ExerciseError, exercises, find_exercise, read
from lessons.exercises.checking import CHANGED, Report, cases_of, check, code_of, forms_of
from lessons.exercises.exercise import Exercise, same
from lessons.exercises.files import note_passed, passed, path_of, reset, solution, start
from lessons.exercises.process import Limits, run
from lessons.exercises.process import _read as read_report
from lessons.exercises.runner import main as runner_main
from lessons.format.catalog import catalog
from lessons.format.parser import running_text
from tests.unit.lessons.forked import forked
from tui.cli import main

__all__ = ["forked"]

ALL = [*exercises().values()]
named = pytest.mark.parametrize("exercise", ALL, ids=lambda each: each.name)
SHORT = Limits(between=2, output=2000)
SHORTEST = Limits(between=0.5)
"""For a loop without an end, which keeps a core busy as long as it may."""


@named
def test_the_solution_passes_and_is_what_is_shown(exercise: Exercise) -> None:
    code = code_of(exercise)
    assert check(exercise, vars(code)).passed
    shown: dict[str, object] = {}
    exec(compile(solution(exercise), "solution", "exec"), shown)
    assert check(exercise, shown).passed


@named
def test_every_slip_is_recognised_as_itself_and_no_other(exercise: Exercise) -> None:
    code = code_of(exercise)
    assert set(code.SLIPS) == set(exercise.text.slips), "each slip has a text, and each text a slip"
    assert code.SLIPS
    assert {slip for slip, _changed in forms_of(code)} == {*code.SLIPS}
    for slip, changed in forms_of(code):
        report = check(exercise, {**vars(code), **changed})
        assert not report.passed
        assert report.slip == slip, slip


@named
def test_the_starter_fails_with_a_sentence(exercise: Exercise) -> None:
    namespace: dict[str, object] = {}
    exec(compile(exercise.text.starter, "starter", "exec"), namespace)
    report = check(exercise, namespace)
    assert not report.passed
    assert report.slip is None
    assert report.text


@named
def test_the_text_belongs_to_a_lesson_and_can_be_drawn(exercise: Exercise) -> None:
    catalog("en").entry(exercise.text.lesson)
    assert len(exercise.text.hints) >= 2
    for text in (exercise.text.prompt, *exercise.text.hints):
        running_text(text)
    for slip in exercise.text.slips.values():
        running_text(slip.text)


@named
def test_the_draws_are_the_same_every_time(exercise: Exercise) -> None:
    code = code_of(exercise)
    first, second = ([c.run(vars(code)) for c in cases_of(code)] for _ in range(2))
    assert same(first, second, 0.0, 0.0)


def test_the_course_has_enough_of_them() -> None:
    assert len({each.text.place for each in ALL}) == len(ALL)


def written(text: str, tmp_path: Path) -> Path:
    path = tmp_path / "mine.py"
    path.write_text(text)
    return path


def in_this_process(path: Path) -> Report:
    """What the process of a learner's code reports, without the process."""
    reading, writing = os.pipe()
    runner_main("sigmoid", str(path), writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as lines:
        report = read_report(lines.read())
    assert report is not None
    return report


RIGHT = "import numpy as np\ndef sigmoid(z):\n    return 1 / (1 + np.exp(-z))\n"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("while True:\n    pass\n", "did not come to an end"),
        ("exit()\n", "leave out `exit()`"),
        ("import os\nos._exit(3)\n", "status 3"),
        ("def sigmoid(z:\n", "Line 1 is not Python"),
        ("1 / 0\n", "in line 1: `ZeroDivisionError"),
        ("x = 3\n", "defines no `sigmoid`"),
        ("def Sigmoid(z): ...\n", "Is it your `Sigmoid`?"),
        ("sigmoid = 3\n", "is not a function"),
        ("raise EOFError('EOF when reading a line')\n", "nobody can type here"),
        (RIGHT + "def sigmoid_slope(z):\n    raise ValueError('\\ud800\\x1b')\n", r"\ud800\x1b"),
        (RIGHT + "sigmoid_slope = np.exp = np.cos\n", "it should be [0.6225]"),
        (RIGHT + "import builtins\nbuiltins.len = None\n", "defines no `sigmoid_slope`"),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)\n", "ended the process"),
        (RIGHT + "def sigmoid_slope(z):\n    return sigmoid_slope(z)\n", "without end"),
        (RIGHT + "def sigmoid_slope(z):\n    return y\n", "(line 5 of your file)"),
        (RIGHT + "def sigmoid_slope(z):\n    sigmoid(z)\n", "returns nothing"),
        (RIGHT + "def sigmoid_slope(z):\n    return sigmoid(z)[:1]\n", "has the shape"),
        (
            RIGHT + "def sigmoid_slope(z):\n    z[:] = 0\n    return z\n",
            "changes what it was given",
        ),
    ],
)
@pytest.mark.usefixtures("forked")
def test_whatever_the_code_does_the_answer_is_a_sentence(
    code: str, said: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    # What ends by itself needs no process of its own here: that takes a second.
    harms = code.startswith("while") or "os." in code or "np.exp =" in code
    path = written(code, tmp_path)
    limits = SHORTEST if code.startswith("while") else SHORT
    report = run(find_exercise("sigmoid"), path, limits) if harms else in_this_process(path)
    assert not report.passed
    assert said in report.text
    assert "Traceback" not in report.output + "".join(capfd.readouterr())


@pytest.mark.usefixtures("forked")
def test_a_flood_of_output_is_cut(tmp_path: Path) -> None:
    code = "for _ in range(100_000):\n    print('x' * 80)\n" + RIGHT
    report = run(find_exercise("sigmoid"), written(code, tmp_path), SHORT)
    assert len(report.output) < 3000
    assert "only the beginning" in report.output


def test_what_the_code_starts_ends_with_it(tmp_path: Path) -> None:
    marker = tmp_path / "alive"
    code = (
        f"late = 'import time; time.sleep(2); open({str(marker)!r}, chr(119))'\n".replace(
            "'/", '"/'
        ).replace("',", '",')
        + "import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', late])\n"
        + RIGHT
    )
    run(find_exercise("sigmoid"), written(code, tmp_path), SHORT)
    time.sleep(2.5)
    assert not marker.exists()


def test_an_argument_that_is_changed_is_a_slip_of_every_exercise(tmp_path: Path) -> None:
    code = RIGHT + "def sigmoid_slope(z):\n    z *= 2\n    return z\n"
    assert in_this_process(written(code, tmp_path)).slip == CHANGED


def test_the_learners_file_stays_and_reset_puts_it_aside() -> None:
    exercise = find_exercise("sigmoid")
    path, is_new = start(exercise)
    assert is_new
    path.write_text("mine = 1\n")
    assert start(exercise) == (path, False)
    assert path.read_text() == "mine = 1\n"
    aside = reset(exercise)
    assert aside is not None
    assert aside.read_text() == "mine = 1\n"
    assert not path_of(exercise).exists()
    note_passed(exercise)
    assert passed() == {"sigmoid"}


@pytest.mark.usefixtures("forked")
def test_the_command(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    wrong = written(RIGHT + "def sigmoid_slope(z):\n    return z * (1 - z)\n", tmp_path)
    assert main(["exercise", "check", "sigmoid", "--file", str(wrong), "--json"]) == 1
    row = json.loads(capsys.readouterr().out)
    assert set(row) == {"exercise", "passed", "tests", "slip", "text", "gradients"}
    assert row["slip"] == "slope-of-activation"
    assert {*row["tests"][0]} == {"name", "ok", "text"}
    assert main(["exercise", "check", "sigmoid"]) == 2  # not begun
    assert "exercise start sigmoid" in capsys.readouterr().err
    assert main(["exercise", "show", "sigmiod"]) == 2
    assert "Did you mean sigmoid?" in capsys.readouterr().err
    for words in (["list"], ["list", "--json"], ["show", "sigmoid"], ["start", "sigmoid"],
                  ["hint", "sigmoid"], ["diff", "sigmoid"], ["reset", "sigmoid"], []):  # fmt: skip
        assert main(["exercise", *words]) == 0
    assert "◐" in capsys.readouterr().out or path_of(find_exercise("sigmoid")).exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("no front matter", "front matter between"),
        ("---\ntitle: x\n---\n", "needs lesson"),
        ("---\ntitle: x\nlesson: a/b\nminutes: 1\nplace: 1\n---\ntext\n", "starter"),
        (
            "---\ntitle: x\nlesson: a/b\nminutes: 1\nplace: 1\n---\n```starter\n```\nwhat?\n",
            "no hint and no slip",
        ),
    ],
)
def test_a_file_that_cannot_be_read_says_why(text: str, said: str) -> None:
    with pytest.raises(ExerciseError, match=said):
        read(text, Path("exercise.en.md"))


SIGMOID = """import math
import numpy as np
import torch
def sigmoid(z):
    return 1 / (1 + np.exp(-z))
def sigmoid_slope(z):
    return {}
"""


@pytest.mark.parametrize(
    "slope",
    [
        "[math.exp(-v) / (1 + math.exp(-v)) ** 2 for v in z] if z.ndim < 2 else"
        " [sigmoid_slope(row) for row in z]",
        "(sigmoid(z) * (1 - sigmoid(z))).astype(np.float32)",
        "torch.sigmoid(torch.tensor(z)) * (1 - torch.sigmoid(torch.tensor(z)))",
        "torch.tensor(sigmoid(z) * (1 - sigmoid(z)), dtype=torch.float32, requires_grad=True)",
    ],
)
def test_lists_tensors_and_single_precision_are_right_as_well(slope: str) -> None:
    namespace: dict[str, object] = {}
    exec(SIGMOID.format(slope), namespace)
    assert check(find_exercise("sigmoid"), namespace).passed


@pytest.mark.parametrize(
    "result",
    ["1j * z", "np.array([None, 1], object)", "['a', z]", "torch.tensor(z).bfloat16()", "Odd()",
     "whole()", "np.array(['$a', '`'])"],
)  # fmt: skip
def test_any_result_gets_a_sentence(result: str) -> None:
    odd = (
        "class Odd:\n"
        "    def __eq__(self, other): raise RuntimeError\n"
        "    def __repr__(self): raise RuntimeError\n"
        "def whole():\n    a = []\n    a.append(a)\n    return a\n"
    )
    namespace: dict[str, object] = {}
    exec(odd + SIGMOID.format(result), namespace)
    report = check(find_exercise("sigmoid"), namespace)
    assert not report.passed
    assert running_text(report.text)


@pytest.mark.parametrize(
    ("result", "said"),
    [
        ("w - rate * (beta * v + g)", "returns 1 value; it should return 2 values"),
        ("(beta * v + g, w)", "0.1, 0.9)[0]` gives"),
        ("(w - rate * (beta * v + g), [v])", "[1]` has the shape (1, 1); it should be (1,)"),
    ],
)
def test_the_result_that_is_wrong_is_named(result: str, said: str) -> None:
    namespace: dict[str, object] = {}
    exec(f"def momentum(w, v, g, rate, beta):\n    return {result}\n", namespace)
    assert said in check(find_exercise("momentum"), namespace).text


def test_a_wrong_number_in_a_large_array_is_named() -> None:
    code = (
        "import numpy as np\ndef one_hot(y, c):\n    Y = np.eye(c)[y]\n    Y[-1, 0] += len(y) > 3"
    )
    namespace: dict[str, object] = {}
    exec(code + "\n    return Y", namespace)
    assert "at [3, 0]; it should be" in check(find_exercise("one-hot"), namespace).text


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\xef\xbb\xbfx = 1\r\nif x:\r\n\ty = 2\r\n", "defines no `sigmoid`"),
        (b"# -*- coding: latin-1 -*-\n# \xe9\nx = 1\n", "defines no `sigmoid`"),
        (b"\x7fELF\x00\x01", "is not Python"),
        (b"raise KeyboardInterrupt\n", "in line 1: `KeyboardInterrupt`"),
        (b"raise ValueError('$5 ' + '`' + 'x' * 100_000)\n", "`ValueError: $5 'xxx"),
        (b"import sys\nsys.stdout = None\n", "defines no `sigmoid`"),
    ],
)
@pytest.mark.usefixtures("forked")
def test_any_file_gets_a_sentence(
    data: bytes, said: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mine.py"
    path.write_bytes(data)
    harms = b"sys.stdout" in data
    report = run(find_exercise("sigmoid"), path, SHORT) if harms else in_this_process(path)
    assert said in report.text
    assert len(report.text) < 500
    assert "Traceback" not in report.output + "".join(capfd.readouterr())


def test_modules_of_the_current_folder_do_not_take_the_place_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "lessons").mkdir()
    for name in ("lessons/__init__.py", "numpy.py"):
        (tmp_path / name).write_text("1 / 0\n")
    monkeypatch.chdir(tmp_path)
    code = RIGHT + "print('a\\tb\\x1b[31m\\x00')\ndef sigmoid_slope(z):\n    return sigmoid(z)\n"
    report = run(find_exercise("sigmoid"), written(code, tmp_path), SHORT)
    assert report.slip == "no-slope"
    assert report.output == "a   b\n"


@pytest.mark.parametrize("broken", ["{", "[]", "[" * 100_000])
def test_broken_notes_are_put_aside(broken: str) -> None:
    notes = path_of(find_exercise("sigmoid")).with_name("exercises.json")
    notes.parent.mkdir(parents=True, exist_ok=True)
    notes.write_text(broken)
    assert note_passed(find_exercise("sigmoid"))
    assert passed() == {"sigmoid"}
    assert notes.with_name("exercises.1.json").read_text() == broken


@pytest.mark.usefixtures("forked")
def test_a_folder_that_cannot_be_written_costs_no_verdict(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr("lessons.exercises.files.data_folder", lambda: tmp_path / "file")
    mine = tmp_path / "mine.py"
    mine.write_text(solution(find_exercise("sigmoid")))
    assert main(["exercise", "check", "sigmoid", "--file", str(mine)]) == 0
    assert "cannot be saved" in capsys.readouterr().err
    for action in ("start", "reset"):
        assert main(["exercise", action, "sigmoid"]) == 2
        assert "cannot be used" in capsys.readouterr().err
    assert main(["exercise", "hint", "sigmoid"]) == 0

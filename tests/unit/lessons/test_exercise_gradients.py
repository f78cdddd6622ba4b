"""The table of gradients: the solution agrees with autograd, and what is wrong shows where."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from lessons.exercises.catalog import exercises, find_exercise
from lessons.exercises.checking import Report, code_of
from lessons.exercises.files import solution
from lessons.exercises.gradients import cases_of, gradient_rows
from lessons.exercises.process import run
from tests.unit.lessons.forked import forked
from tui.page.gradients import gradient_lines
from tui.page.lines import line_text, line_width

__all__ = ["forked"]

ASKED = [each for each in exercises().values() if cases_of(code_of(each))]


def test_every_exercise_that_asks_for_a_gradient_has_a_table() -> None:
    assert {each.name for each in ASKED} == {
        "sigmoid", "relu", "weight-gradients", "deltas", "softmax-gradient", "mlp-backward",
        "scalar-autograd",
    }  # fmt: skip


@pytest.mark.parametrize("exercise", ASKED, ids=lambda each: each.name)
def test_the_solution_agrees_three_times_and_slips_show(exercise: object) -> None:
    exercise = find_exercise(getattr(exercise, "name", ""))
    code = code_of(exercise)
    rows = gradient_rows(cases_of(code), vars(code))
    assert 3 <= len(rows) <= 8
    for row in rows:
        assert row.ok
        assert row.mine == pytest.approx(row.central, abs=1e-6)
    for slip, changed in code.SLIPS.items():
        theirs = gradient_rows(cases_of(code), {**vars(code), **changed})
        assert slip in (
            "slope-at-zero",
            "one-maximum",
            "absolute",
            "sign-of-exponent",
            "numbers-left",
        ) or not all(row.ok for row in theirs)


def test_code_that_gives_no_numbers_has_rows_without_them() -> None:
    cases = cases_of(code_of(find_exercise("relu")))

    def fails(z: object) -> object:
        raise KeyboardInterrupt

    for slope in (fails, lambda z: None, lambda z: z[:1], lambda z: "text"):
        rows = gradient_rows(cases, {"relu_slope": slope})
        assert [row.mine for row in rows] == [None] * 4
        assert not any(row.ok for row in rows)
    lines = gradient_lines(rows, 44)
    assert all(line_width(line) <= 44 for line in lines)
    assert line_text(lines[1]).endswith("✗")
    assert gradient_lines([], 44) == []


@pytest.mark.usefixtures("forked")
def test_the_verdict_comes_before_the_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # On a busy machine, both may have been written by the time one looks.
    read = os.read
    monkeypatch.setattr("lessons.exercises.process.os.read", lambda fd, size: read(fd, 100))
    path = tmp_path / "mine.py"
    path.write_text(solution(find_exercise("relu")).replace("(z > 0)", "(z > 1)"))
    early: list[Report] = []
    report = run(find_exercise("relu"), path, heard=early.append)
    assert not early[0].gradients
    assert [row.ok for row in report.gradients] == [True, True, False, True]
    assert report.text == early[0].text

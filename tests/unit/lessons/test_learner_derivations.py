"""The level of a derivation: kept across restarts, in stores of every version, and reset."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from lessons.judge.verdicts import Verdict
from lessons.learner.derivations import finish_round, log_name, reports, rounds_of, setting_of
from lessons.learner.log import question_logs
from lessons.learner.progress import Progress
from lessons.learner.review import due
from tests.unit.lessons.course import lesson
from tui.cli import main

SLUG, NAME = "backprop/worked-example", "sigmoid_slope"


def _open(path: Path) -> Progress:
    return Progress(path, lambda: date(2026, 3, 2))


def test_the_level_rises_with_each_round_that_was_given(tmp_path: Path) -> None:
    path = tmp_path / "progress.sqlite"
    progress = _open(path)
    assert rounds_of(progress, SLUG, NAME) == 0
    assert not finish_round(progress, SLUG, NAME, [Verdict.RIGHT, Verdict.SHOWN])
    assert rounds_of(progress, SLUG, NAME) == 0
    for number in (1, 2, 3):
        assert finish_round(progress, SLUG, NAME, [Verdict.RIGHT] * 2)
        progress.close()
        progress = _open(path)
        assert rounds_of(progress, SLUG, NAME) == number
        (found,) = reports(lesson(SLUG), progress, progress.answers())
        assert (found.level, found.lines) == (min(number + 1, 3), 4)


@pytest.mark.parametrize("version", [1, 2, 3, 4])
def test_stores_of_older_versions_keep_it(tmp_path: Path, version: int) -> None:
    path = tmp_path / "progress.sqlite"
    with closing(sqlite3.connect(path)) as base:
        from lessons.learner import progress_file

        base.create_function("step_key", 2, lambda slug, place: f"#{place}")
        for upgrade in progress_file._UPGRADES[:version]:
            for statement in upgrade:
                base.execute(statement)
        base.execute("INSERT INTO setting VALUES (?, ?)", (setting_of(SLUG, NAME), "2"))
        base.execute(f"PRAGMA user_version = {version}")
        base.commit()
    progress = _open(path)
    assert not progress.notice
    assert rounds_of(progress, SLUG, NAME) == 2


def test_nonsense_in_the_file_counts_as_no_round(tmp_path: Path) -> None:
    progress = _open(tmp_path / "progress.sqlite")
    for stored in ("", "-1", "many", "9" * 40):
        progress.remember(setting_of(SLUG, NAME), stored)
        assert rounds_of(progress, SLUG, NAME) == 0


def test_a_reset_lesson_begins_with_the_first_level_again(tmp_path: Path) -> None:
    progress = _open(tmp_path / "progress.sqlite")
    finish_round(progress, SLUG, NAME, [Verdict.RIGHT])
    finish_round(progress, "backprop/deltas", "output_delta", [Verdict.RIGHT])
    progress.reset(SLUG)
    assert rounds_of(progress, SLUG, NAME) == 0
    assert rounds_of(progress, "backprop/deltas", "output_delta") == 1


def test_lines_are_counted_and_never_come_up_for_review(tmp_path: Path) -> None:
    progress = _open(tmp_path / "progress.sqlite")
    progress.answer(SLUG, log_name(NAME, 1), "a", Verdict.RIGHT)
    progress.answer(SLUG, log_name(NAME, 2), "b", Verdict.WRONG)
    progress.answer(SLUG, log_name(NAME, 2), "a", Verdict.RIGHT)
    (found,) = reports(lesson(SLUG), progress, progress.answers())
    assert (found.asked, found.first, found.begun) == (2, 1, True)
    logs = question_logs(progress.answers())
    assert len(logs) == 2
    assert not due(logs.values(), date(2027, 1, 1))


def test_the_progress_names_the_level(capsys: pytest.CaptureFixture[str]) -> None:
    progress = Progress()
    progress.answer(SLUG, log_name(NAME, 1), "a", Verdict.RIGHT)
    finish_round(progress, SLUG, NAME, [Verdict.RIGHT])
    progress.close()
    assert main(["progress"]) == 0
    assert "level 2 of 3, 1 of 1 lines right at the first try" in capsys.readouterr().out
    assert main(["progress", "--markdown"]) == 0
    assert "## Derivations that you give yourself" in capsys.readouterr().out
    assert main(["progress", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    (lesson_told,) = (one for one in told["lessons"] if one["slug"] == SLUG)
    (found,) = lesson_told["derivations"]
    assert found == {
        "name": NAME, "step": 5, "step_key": "the-slope-of-the-sigmoid", "lines": 4, "asked": 1,
        "first_try": 1, "rounds": 1, "level": 2,
    }  # fmt: skip

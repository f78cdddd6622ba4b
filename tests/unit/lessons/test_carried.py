"""Logs as files: what is written is read back, older ones too, and hostile ones are refused."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from engine.errors import UserError
from lessons.learner.carried import as_data, read_log
from lessons.learner.joined import LearnerLog, Place
from lessons.learner.log import Answer
from lessons.learner.progress import Progress
from tests.cases import for_each

ANSWER = {
    "day": "2026-03-02", "lesson": "backprop/one", "question": "z_h1", "text": "0,37\x1b[2J",
    "verdict": "slip", "slip": "sign", "before_reset": False,
}  # fmt: skip


def _file(folder: Path, content: object) -> Path:
    path = folder / "log.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return path


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    log = LearnerLog(
        (Answer("backprop/one", "z_h1", "0.3", "right", "", None, True),),
        {"backprop/one": Place("forward", frozenset({"forward", "gone"}), True), "a/b": Place()},
        {"sigmoid": {"passed": 1, "hints": 2}},
        {"sigmoid": "def sigmoid(x):\n    ...\n"},
        {"backprop/deltas/output_delta": 2},
    )
    rows = [{**ANSWER, "text": "0.3", "verdict": "right", "slip": None, "day": None,
             "before_reset": True}]  # fmt: skip
    found = read_log(_file(tmp_path, {"answers": rows, **as_data(log)}))
    assert found.answers == log.answers
    assert found.places["backprop/one"] == log.places["backprop/one"]
    assert (found.exercises, found.files) == (log.exercises, log.files)
    assert found.rounds == log.rounds


def test_an_export_of_the_first_version(tmp_path: Path) -> None:
    old = {
        "day": "2025-01-01",
        "lessons": [
            {"slug": "backprop/forward", "title": "…", "state": "done", "steps": 9, "seen": [1, 2]},
            {"slug": "x/y", "state": "under way", "seen": [1], "seen_keys": ["a", "b"]},
            {"slug": "x/z", "state": "new", "seen": []},
        ],
        "answers": [{key: ANSWER[key] for key in ("lesson", "question", "text", "verdict")}],
    }
    found = read_log(_file(tmp_path, old))
    assert found.answers[0].day is None
    assert found.places["x/y"] == Place("b", frozenset({"a", "b"}), False)
    assert found.places["backprop/forward"].done
    assert len(found.places["backprop/forward"].seen) == 2
    assert "x/z" not in found.places


def test_what_moved_into_another_lesson_is_found_there(tmp_path: Path) -> None:
    rows = [{**ANSWER, "lesson": "backprop/forward", "question": "forward_bias_rows"}]
    steps = {"step": "a-batch-as-rows", "seen": ["a-batch-as-rows", "loss"], "done": False}
    found = read_log(_file(tmp_path, {"answers": rows, "places": {"backprop/forward": steps}}))
    assert found.answers[0].slug == "backprop/batches"
    assert found.places["backprop/batches"].step == "a-batch-as-rows"
    assert found.places["backprop/forward"].seen == {"loss"}


def test_a_progress_file(tmp_path: Path) -> None:
    path = tmp_path / "progress.sqlite"
    with closing(Progress(path, lambda: date(2026, 3, 2))) as progress:
        progress.visit("backprop/one", 1, ("a", "b", "c"))
        progress.answer("backprop/one", "z_h1", "5", "right")
        progress.remember("derivation:backprop/one/slope", "2")
        progress.remember("derivation:backprop/one/odd", "²")
        mine = progress.places()
        before = path.read_bytes()
        found = read_log(path)
        assert path.read_bytes() == before
        assert found.answers == tuple(progress.answers())
    assert found.rounds == {"backprop/one/slope": 2, "backprop/one/odd": 0}
    assert found.places == mine == {"backprop/one": Place("b", frozenset({"b"}), False)}


def _changed(**changes: object) -> dict[str, Any]:
    return {"answers": [{**ANSWER, **changes}]}


@for_each(
    "content",
    [
        "", "null", "[]", "7", "not json", "[" * 100_000, '{"answers": NaN}', "{}",
        {"answers": {}}, {"answers": [7]}, {"answers": [{}]},
        _changed(verdict="brilliant"), _changed(verdict=None), _changed(verdict=["right"]),
        _changed(day="yesterday"), _changed(day=20260302), _changed(day="2026-02-31"),
        _changed(lesson="a\x1b[2Jb"), _changed(lesson=""[:0] + "x" * 300), _changed(lesson=None),
        _changed(question=["z"]), _changed(text=5), _changed(text="x" * 200_000),
        _changed(before_reset="no"), _changed(slip=3),
        {"answers": [], "lessons": 5}, {"answers": [], "lessons": [5]},
        {"answers": [], "lessons": [{"slug": "a/b", "seen": [10**9]}]},
        {"answers": [], "lessons": [{"slug": "a/b", "seen": [True]}]},
        {"answers": [], "places": []}, {"answers": [], "places": {"a/b": {"step": 3}}},
        {"answers": [], "places": {"a/b": {"seen": "abc"}}},
        {"answers": [], "places": {"a/b": {"done": "yes"}}},
        {"answers": [], "exercises": {"x": {"passed": "yes"}}},
        {"answers": [], "exercises": {"x": {"hints": 10**30}}},
        {"answers": [], "files": {"../../evil": "x"}}, {"answers": [], "files": {"": "x"}},
        {"answers": [], "files": {"/etc/passwd": "x"}}, {"answers": [], "files": {"x.1": "x"}},
        {"answers": [], "files": {"sigmoid": 5}},
        {"answers": [], "version": 99}, {"answers": [], "version": "2"},
        {"answers": [], "version": True}, {"answers": [], "format": "another program"},
    ],
    ids=str,
)  # fmt: skip
def test_a_file_that_is_none_is_refused_with_a_sentence(content: object, tmp_path: Path) -> None:
    with pytest.raises(UserError) as refused:
        read_log(_file(tmp_path, content))
    assert "log.json" in str(refused.value)
    assert str(refused.value).endswith(".")


def _without_tables(base: sqlite3.Connection) -> None:
    base.execute("CREATE TABLE other (x)")
    base.execute("PRAGMA user_version = 4")


def _from_the_future(base: sqlite3.Connection) -> None:
    base.execute("PRAGMA user_version = 99")


def _too_old(base: sqlite3.Connection) -> None:
    base.execute("PRAGMA user_version = 2")


def _for_ever(base: sqlite3.Connection) -> None:
    """Its answers are a view that never ends."""
    base.execute("CREATE TABLE place (slug, step, done)")
    base.execute("CREATE TABLE seen_step (slug, step)")
    base.execute(
        "CREATE VIEW answer AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) "
        "SELECT x AS id, '' AS slug, '' AS question, '' AS text, 'right' AS verdict, '' AS slip, "
        "'' AS day, 0 AS before_reset FROM n"
    )
    base.execute("PRAGMA user_version = 4")


@pytest.mark.parametrize("make", [_without_tables, _from_the_future, _too_old, _for_ever])
def test_a_progress_file_that_is_none_is_refused(
    make: Callable[[sqlite3.Connection], None], tmp_path: Path
) -> None:
    path = tmp_path / "progress.sqlite"
    with closing(sqlite3.connect(path)) as base:
        make(base)
        base.commit()
    with pytest.raises(UserError):
        read_log(path)


def test_a_damaged_progress_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "progress.sqlite"
    path.write_bytes(b"SQLite format 3\0" + os.urandom(4000))
    with pytest.raises(UserError):
        read_log(path)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "nothing", tmp_path / "pipe"):
        with pytest.raises(UserError):
            read_log(path)


def test_a_file_that_is_too_large_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lessons.learner.carried.MOST_BYTES", 10)
    with pytest.raises(UserError, match="too large"):
        read_log(_file(tmp_path, {"answers": []}))
    monkeypatch.setattr("lessons.learner.carried.MOST_BYTES", 10_000)
    monkeypatch.setattr("lessons.learner.carried.MOST_ROWS", 1)
    with pytest.raises(UserError, match="too large"):
        read_log(_file(tmp_path, {"answers": [ANSWER, ANSWER]}))

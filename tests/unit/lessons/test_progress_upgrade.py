"""A progress file of version 0.1 survives lessons whose steps were added, moved and renamed."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import pytest

from lessons.format.catalog import Catalog, catalog
from lessons.learner import progress_file
from lessons.learner.export import as_json, record
from lessons.learner.moved import MOVES, place_of_step
from lessons.learner.progress import LessonProgress, Progress
from lessons.learner.report import report

SCHEMA = """
CREATE TABLE lesson (
    slug TEXT PRIMARY KEY,
    step INTEGER NOT NULL,
    furthest INTEGER NOT NULL,
    done INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE answer (
    id INTEGER PRIMARY KEY,
    slug TEXT NOT NULL,
    question TEXT NOT NULL,
    text TEXT NOT NULL,
    verdict TEXT NOT NULL,
    slip TEXT NOT NULL,
    day TEXT NOT NULL DEFAULT '',
    before_reset INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE seen (slug TEXT NOT NULL, step INTEGER NOT NULL, PRIMARY KEY (slug, step));
INSERT INTO setting VALUES ('last', 'frameworks/autograd');
INSERT INTO answer (slug, question, text, verdict, slip, day)
    VALUES ('frameworks/autograd', 'q', '1', 'right', '', '2026-03-02');
PRAGMA user_version = 2;
"""
"""What version 0.1 wrote into a new file."""
OLD = json.loads(Path(__file__).with_name("step_keys_of_0_1.json").read_text("utf-8"))
AUTOGRAD = "frameworks/autograd"


def old_file(path: Path, *lessons: tuple[str, int, int, Iterable[int]]) -> Path:
    """A file of version 0.1: for each lesson the place, whether it is done, the steps seen."""
    with closing(sqlite3.connect(path)) as base:
        base.executescript(SCHEMA)
        for slug, step, done, seen in lessons:
            places = {step, *seen}
            base.execute("INSERT INTO lesson VALUES (?, ?, ?, ?)", (slug, step, max(places), done))
            base.executemany("INSERT INTO seen VALUES (?, ?)", [(slug, at) for at in places])
        base.commit()
    return path


def contents_of(path: Path) -> dict[str, object]:
    """The version of a file, and all its rows."""
    with closing(sqlite3.connect(path)) as base:
        tables = base.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        found: dict[str, object] = {
            str(name): sorted(base.execute(f"SELECT * FROM {name}")) for (name,) in [*tables]
        }
        found["version"] = base.execute("PRAGMA user_version").fetchone()[0]
        assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    return found


def test_all_that_was_seen_is_seen_and_nothing_else(tmp_path: Path) -> None:
    lessons = [(slug, len(keys) // 2, 1, range(len(keys))) for slug, keys in OLD.items()]
    progress = Progress(old_file(tmp_path / "p.sqlite", *lessons))
    assert not progress.notice
    now = {slug: [place_of_step(slug, key)[1] for key in old
                  if place_of_step(slug, key)[0] == slug] for slug, old in OLD.items()}  # fmt: skip
    for move in MOVES:
        now[move.new] = list(move.steps)
    for slug, steps in now.items():
        found = report(catalog().load(slug), progress)
        keys = found.lesson.keys
        assert {keys[place] for place in found.seen} == set(steps), slug
        if slug in OLD:
            assert keys[found.progress.place(keys)] == OLD[slug][len(OLD[slug]) // 2]
        assert found.state == "done"
    assert progress.last() == AUTOGRAD
    assert progress.last_answer(AUTOGRAD, "q") == "1"


def test_a_new_step_is_not_seen_and_what_was_seen_moves(tmp_path: Path) -> None:
    progress = Progress(old_file(tmp_path / "p.sqlite", (AUTOGRAD, 5, 0, range(6))))
    kept, keys = progress.get(AUTOGRAD), catalog().load(AUTOGRAD).keys
    assert OLD[AUTOGRAD][5] == "steps-that-grow"
    assert keys.index("the-same-graph-twice") == 5, "this step is new"
    assert (kept.place(keys), sorted(kept.places(keys))) == (6, [0, 1, 2, 3, 4, 6])


@pytest.mark.parametrize(
    ("at", "done", "seen", "old_place", "new_place", "last"),
    [
        # In a step that moved: the new lesson opens there, and the old one is through.
        (11, 0, range(12), ("find-the-mistake-the-loss", True), ("a-batch-as-rows", False), "new"),
        (12, 1, range(13), ("find-the-mistake-the-loss", True),
         ("how-pytorch-stores-the-weights", True), "new"),
        # Before them, and never there: the new lesson is new.
        (3, 0, range(4), ("a-unit-in-four-ways", False), ("", False), "old"),
        # Once through, and back at the beginning: both lessons are done.
        (0, 1, range(13), ("a-function-made-of-layers", True),
         ("how-pytorch-stores-the-weights", True), "old"),
    ],
)  # fmt: skip
def test_steps_that_moved_into_another_lesson(
    tmp_path: Path, at: int, done: int, seen: range, old_place: tuple[str, bool],
    new_place: tuple[str, bool], last: str,
) -> None:  # fmt: skip
    (move,) = MOVES
    path = old_file(tmp_path / "p.sqlite", (move.old, at, done, seen))
    with closing(sqlite3.connect(path)) as base:
        base.execute("UPDATE setting SET value = ?", (move.old,))
        base.execute(
            "INSERT INTO answer (slug, question, text, verdict, slip, day) "
            "VALUES (?, ?, 'a', 'right', '', '2026-03-01')",
            (move.old, move.questions[0]),
        )
        base.commit()
    for _ in range(2):  # the second time, it is a file of this version
        progress = Progress(path)
        old, new = progress.get(move.old), progress.get(move.new)
        assert (old.step, old.done) == old_place
        assert (new.step, new.done) == new_place
        assert new.seen == {OLD[move.old][place] for place in seen} & set(move.steps)
        assert old.seen == {OLD[move.old][place] for place in seen} - set(move.steps)
        assert progress.last() == {"old": move.old, "new": move.new}[last]
        assert progress.last_answer(move.new, move.questions[0]) == "a"
        assert progress.last_answer(move.old, move.questions[0]) is None
        progress.close()


def test_what_is_said_to_have_moved_is_there() -> None:
    for move in MOVES:
        lesson = catalog().load(move.new)
        assert [key for key in lesson.keys if key in move.steps] == list(move.steps)
        assert move.left in catalog().step_keys(move.old)


def written(folder: Path, titles: dict[str, str]) -> Path:
    """The two languages of `frameworks/autograd`, with other steps."""
    at = folder / "frameworks" / "autograd"
    at.mkdir(parents=True)
    contents = "- {slug: frameworks, title: A, lessons: {autograd: B}}\n"
    (folder / "contents.yaml").write_text(contents, "utf-8")
    for code, number in (("en", 0), ("zh", 1)):
        steps = [f"## {each[number]}\n$$x = 1$$\n" for each in titles.items()]
        (at / f"lesson.{code}.md").write_text("---\nminutes: 1\n---\n" + "".join(steps), "utf-8")
    return folder


@pytest.mark.parametrize("language", ["en", "zh"])
def test_steps_that_were_moved_renamed_and_added(tmp_path: Path, language: str) -> None:
    folder = written(
        tmp_path / "course",
        {
            "Another beginning": "新的开头",
            "A straight line {#a-line}": "直线 {#a-line}",
            "A tensor that remembers": "会记忆的张量",
            "The graph of the line": "直线的图",
            "Another end": "新的结尾",
        },
    )
    contents = Catalog(folder, language)
    progress = Progress(old_file(tmp_path / "p.sqlite", (AUTOGRAD, 1, 1, range(15))))
    found = report(contents.load(AUTOGRAD), progress)
    assert (sorted(found.seen), found.state) == ([1, 2, 3], "done")
    assert found.progress.place(contents.step_keys(AUTOGRAD)) == 1
    exported = as_json(record(contents, progress))["lessons"]
    assert isinstance(exported, list)
    assert exported[0]["seen"] == [2, 3, 4]
    seen = ["a-line", "a-tensor-that-remembers", "the-graph-of-the-line"]
    assert exported[0]["seen_keys"] == [*seen, *sorted(set(OLD[AUTOGRAD]) - set(seen))]
    progress.visit(AUTOGRAD, 0, contents.step_keys(AUTOGRAD))
    again = progress.get(AUTOGRAD)
    assert again.done
    assert again.places(contents.step_keys(AUTOGRAD)) == {0, 1, 2, 3}


def test_where_the_last_step_is_gone_the_lesson_opens_at_the_last_one_that_was_seen() -> None:
    kept = LessonProgress("gone", frozenset({"gone", "b", "c"}))
    assert kept.place(("c", "a", "b", "d")) == 2
    assert LessonProgress("gone", frozenset({"gone"})).place(("a", "b")) == 0


def test_places_that_no_table_knows_stay_and_get_keys_when_the_lesson_is_opened(
    tmp_path: Path,
) -> None:
    slug, path = "linear/own", tmp_path / "p.sqlite"
    progress = Progress(old_file(path, (slug, 1, 0, (0, 1, 7)), (AUTOGRAD, 40, 0, (2,))))
    kept = progress.get(slug)
    assert kept.seen == {"#0", "#1", "#7"}
    assert kept.place(("a", "b", "c")) == 1
    assert kept.places(("a", "b", "c")) == {0, 1}
    assert progress.get(AUTOGRAD).seen == {"the-graph-of-the-line", "#40"}
    assert progress.get(AUTOGRAD).place(catalog().step_keys(AUTOGRAD)) == 2
    progress.visit(slug, 2, ("a", "b", "c"))
    assert progress.get(slug).seen == {"a", "b", "c", "#7"}
    assert progress.get(slug).places(("new", "a", "b", "c")) == {1, 2, 3}


def test_a_dltutor_of_version_0_1_that_still_runs_writes_no_places(tmp_path: Path) -> None:
    path = old_file(tmp_path / "p.sqlite", (AUTOGRAD, 1, 0, ()))
    with closing(sqlite3.connect(path, isolation_level=None)) as older:
        older.execute("SELECT * FROM lesson").fetchall()
        Progress(path).close()
        for statement in (
            "INSERT INTO lesson VALUES ('a/b', 3, 3, 0)",
            "INSERT OR IGNORE INTO seen VALUES ('a/b', 3)",
        ):
            with pytest.raises(sqlite3.OperationalError, match="no such table"):
                older.execute(statement)


KILLED = """
import os, shutil, sqlite3, sys
from lessons.learner.progress_file import prepare

def upgrade(path, left):
    def count(statement):
        nonlocal left
        left -= 1
        if left < 0:
            os._exit(9)

    base = sqlite3.connect(path, isolation_level=None)
    base.execute("PRAGMA cache_size = 1")  # so that half-written pages reach the file
    base.set_trace_callback(count)
    prepare(base)
    base.close()
    os._exit(0)

for statements in range(40):
    path = shutil.copy(sys.argv[1], f"{sys.argv[1]}{statements}")
    child = os.fork()
    if not child:
        upgrade(path, statements)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    print(status)
    if not status:
        break
"""
"""Upgrades copies of a file, each in a process that ends after one statement more."""


def test_whenever_the_upgrade_is_killed_the_file_is_old_or_new_and_whole(tmp_path: Path) -> None:
    path = tmp_path / "p.sqlite"
    lessons = [(slug, len(keys) - 1, 1, range(len(keys))) for slug, keys in OLD.items()]
    lessons += [(f"own/{number}", 90, 0, range(90)) for number in range(20)]
    old = contents_of(old_file(path, *lessons))
    arguments = [sys.executable, "-c", KILLED, str(path)]
    ran = subprocess.run(arguments, check=True, timeout=60, stdout=subprocess.PIPE, text=True)
    ends = [*map(int, ran.stdout.split())]
    after = None
    for statements in range(len(ends)):
        path = tmp_path / f"p.sqlite{statements}"
        found = contents_of(path)
        if found["version"] == 2:
            assert found == old, statements
            assert after is None, "an upgrade that was written stays"
        else:
            after = after or found
            assert found == after, statements
    assert ends[-1] == 0
    assert len(ends) > 10
    assert after is not None
    assert (after["answer"], after["setting"]) == (old["answer"], old["setting"])
    assert len(Progress(path).get(AUTOGRAD).seen) == 15


def test_an_upgrade_that_fails_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = old_file(tmp_path / "p.sqlite", (AUTOGRAD, 3, 1, range(15)))
    old = contents_of(path)

    def missing() -> dict[str, list[str]]:
        raise FileNotFoundError

    monkeypatch.setattr(progress_file, "_steps_of_0_1", missing)
    progress = Progress(path)
    assert "cannot be saved" in progress.notice
    progress.visit(AUTOGRAD, 0, ("a", "b"))
    progress.close()
    assert contents_of(path) == old
    monkeypatch.undo()
    assert len(Progress(path).get(AUTOGRAD).seen) == 15

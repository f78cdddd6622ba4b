"""The learner's progress survives, and never stands in the way."""

from __future__ import annotations

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

from lessons.judge.verdicts import Verdict
from lessons.learner.log import Answer
from lessons.learner.progress import LessonProgress, Progress
from lessons.learner.progress_file import prepare

DAY = date(2026, 3, 2)
KEYS = ("one", "two", "three", "four", "five", "six")


def test_a_lesson_never_opened_has_no_progress(tmp_path: Path) -> None:
    progress = Progress(tmp_path / "p.sqlite")
    assert progress.get("a/b") == LessonProgress("", frozenset(), done=False)
    assert not progress.get("a/b").opened
    assert progress.last() is None


def test_progress_is_there_at_the_next_start(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "p.sqlite"
    first = Progress(path)
    for step in (0, 1, 2, 1):
        first.visit("a/b", step, KEYS[:4])
    first.close()
    second = Progress(path)
    assert second.get("a/b") == LessonProgress("two", frozenset(KEYS[:3]), done=False)
    assert second.last() == "a/b"


def test_a_lesson_is_done_at_its_last_step_and_stays_done(tmp_path: Path) -> None:
    progress = Progress(tmp_path / "p.sqlite")
    progress.visit("a/b", 3, KEYS[:4])
    progress.visit("a/b", 0, KEYS[:4])
    assert progress.get("a/b") == LessonProgress("one", frozenset({"one", "four"}), done=True)


def test_answers_and_settings_are_kept(tmp_path: Path) -> None:
    progress = Progress(tmp_path / "p.sqlite")
    assert progress.last_answer("a/b", "q") is None
    progress.answer("a/b", "q", "0.1", "wrong")
    progress.answer("a/b", "q", "0.2", "slip", "sign")
    progress.remember("theme", "dark")
    assert progress.last_answer("a/b", "q") == "0.2"
    assert progress.setting("theme") == "dark"


def test_the_default_place_follows_xdg(empty_home: Path) -> None:
    progress = Progress()
    progress.visit("a/b", 0, KEYS[:2])
    assert progress.path == empty_home / ".local/share/dltutor/progress.sqlite"
    assert progress.path.exists()


def test_two_tutors_at_once_do_not_disturb_each_other(tmp_path: Path) -> None:
    one, two = Progress(tmp_path / "p.sqlite"), Progress(tmp_path / "p.sqlite")
    one.visit("a/b", 1, KEYS[:3])
    two.visit("a/c", 2, KEYS[:3])
    assert one.get("a/c").done
    assert two.get("a/b").step == "two"
    assert not one.notice
    assert not two.notice


def test_a_file_that_is_no_database_is_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "p.sqlite"
    path.write_bytes(b"this is no database, but it may be somebody's letter" * 50)
    progress = Progress(path)
    progress.visit("a/b", 1, KEYS[:3])
    assert "kept as p.damaged-1.sqlite" in progress.notice
    assert (tmp_path / "p.damaged-1.sqlite").read_bytes().startswith(b"this is no database")
    assert Progress(path).get("a/b").step == "two"


def test_a_newer_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "p.sqlite"
    with sqlite3.connect(path) as base:
        base.execute("PRAGMA user_version = 99")
    before = path.read_bytes()
    progress = Progress(path)
    progress.visit("a/b", 1, KEYS[:3])
    assert "newer version of dltutor" in progress.notice
    assert progress.get("a/b").step == "two"
    assert path.read_bytes() == before


def test_a_folder_that_cannot_be_made_leaves_progress_in_memory(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    progress = Progress(tmp_path / "file" / "p.sqlite")
    progress.visit("a/b", 1, KEYS[:3])
    assert progress.notice
    assert progress.get("a/b").step == "two"


def test_a_write_that_fails_keeps_what_was_known(tmp_path: Path) -> None:
    path = tmp_path / "p.sqlite"
    progress = Progress(path)
    progress.visit("a/b", 1, KEYS[:3])
    with sqlite3.connect(path) as base:
        base.execute(
            "CREATE TRIGGER full BEFORE INSERT ON place BEGIN SELECT RAISE(FAIL, 'full'); END"
        )
    progress.visit("a/c", 2, KEYS[:3])
    assert progress.notice
    assert progress.get("a/b").step == "two"
    assert progress.get("a/c").step == "three"


FIRST_VERSION = """
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
    slip TEXT NOT NULL
);
CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL);
INSERT INTO lesson VALUES ('a/b', 1, 3, 1), ('a/c', 0, 0, 0);
INSERT INTO answer (slug, question, text, verdict, slip)
    VALUES ('a/b', 'q', '0.1', 'slip', 'sign'), ('a/b', 'q', '-0.1', 'right', '');
INSERT INTO setting VALUES ('theme', 'dltutor-light'), ('last', 'a/b');
PRAGMA user_version = 1;
"""


def first_version(path: Path) -> None:
    """A file as the first version of dltutor wrote it."""
    base = sqlite3.connect(path)
    base.executescript(FIRST_VERSION)
    base.close()


def version(path: Path) -> int:
    base = sqlite3.connect(path)
    found = int(base.execute("PRAGMA user_version").fetchone()[0])
    base.close()
    return found


def test_a_file_of_the_first_version_goes_on_with_everything(tmp_path: Path) -> None:
    path = tmp_path / "p.sqlite"
    first_version(path)
    progress = Progress(path, lambda: DAY)
    assert not progress.notice
    kept = progress.get("a/b")
    assert (kept.place(KEYS), sorted(kept.places(KEYS)), kept.done) == (1, [0, 1, 2, 3], True)
    assert progress.get("a/c").places(KEYS) == {0}
    assert (progress.setting("theme"), progress.last()) == ("dltutor-light", "a/b")
    assert progress.last_answer("a/b", "q") == "-0.1"
    progress.answer("a/b", "q", "0.2", "wrong")
    progress.close()
    assert version(path) == 4
    assert Progress(path).answers() == [
        Answer("a/b", "q", "0.1", "slip", "sign", None),
        Answer("a/b", "q", "-0.1", "right", "", None),
        Answer("a/b", "q", "0.2", "wrong", "", DAY),
    ]


def test_a_way_to_the_new_version_that_breaks_off_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "p.sqlite"
    first_version(path)
    with sqlite3.connect(path) as base:
        base.execute("CREATE TABLE seen (in_the_way TEXT)")
    progress = Progress(path)
    assert "cannot be saved" in progress.notice
    progress.close()
    assert version(path) == 1
    base = sqlite3.connect(path)
    columns = [row[1] for row in base.execute("PRAGMA table_info(answer)")]
    assert columns == ["id", "slug", "question", "text", "verdict", "slip"]
    assert base.execute("SELECT COUNT(*) FROM answer").fetchone() == (2,)


def test_two_tutors_may_find_an_old_file_at_the_same_time(tmp_path: Path) -> None:
    path = tmp_path / "p.sqlite"
    first_version(path)
    ready = threading.Barrier(2)

    def open_it(_: int) -> int:
        base = sqlite3.connect(path, isolation_level=None)
        ready.wait()
        prepare(base)
        return int(base.execute("SELECT COUNT(*) FROM seen_step").fetchone()[0])

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(open_it, range(2))) == [5, 5]


def test_the_day_of_each_answer_is_kept(tmp_path: Path) -> None:
    days = iter([DAY, date(2026, 3, 4)])
    progress = Progress(tmp_path / "p.sqlite", lambda: next(days))
    progress.answer("a/b", "q", "1", Verdict.SLIP, "sign")
    progress.answer("a/b", "q", "2", Verdict.RIGHT)
    assert progress.answers() == [
        Answer("a/b", "q", "1", "slip", "sign", DAY),
        Answer("a/b", "q", "2", "right", "", date(2026, 3, 4)),
    ]


def test_the_steps_seen_are_kept_one_by_one(tmp_path: Path) -> None:
    progress = Progress(tmp_path / "p.sqlite")
    for step in (4, 0, 4):
        progress.visit("a/b", step, KEYS[:6])
    assert Progress(tmp_path / "p.sqlite").get("a/b").seen == {"one", "five"}
    assert progress.get("a/c").seen == frozenset()


def test_a_reset_lesson_is_as_new_and_its_answers_stay_in_the_log(tmp_path: Path) -> None:
    progress = Progress(tmp_path / "p.sqlite", lambda: DAY)
    for slug in ("a/b", "a/c"):
        progress.visit(slug, 2, KEYS[:3])
        progress.answer(slug, "q", "1", "right")
    progress.reset("a/b")
    assert progress.get("a/b") == LessonProgress()
    assert progress.last_answer("a/b", "q") is None
    assert progress.last_answer("a/c", "q") == "1"
    assert progress.get("a/c").seen == {"three"}
    assert [(each.slug, each.before_reset) for each in progress.answers()] == [
        ("a/b", True),
        ("a/c", False),
    ]
    progress.answer("a/b", "q", "2", "wrong")
    assert progress.last_answer("a/b", "q") == "2"


def test_a_write_that_fails_keeps_the_log_and_the_steps(tmp_path: Path) -> None:
    path = tmp_path / "p.sqlite"
    progress = Progress(path, lambda: DAY)
    progress.visit("a/b", 1, KEYS[:3])
    progress.answer("a/b", "q", "1", "slip", "sign")
    with sqlite3.connect(path) as base:
        base.execute(
            "CREATE TRIGGER full BEFORE INSERT ON seen_step BEGIN SELECT RAISE(FAIL, 'full'); END"
        )
    progress.visit("a/b", 2, KEYS[:3])
    assert progress.notice
    assert progress.get("a/b").seen == {"two", "three"}
    assert progress.answers() == [Answer("a/b", "q", "1", "slip", "sign", DAY)]
    assert Progress(path).get("a/b").step == "two", "a visit is written whole or not at all"

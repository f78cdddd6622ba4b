"""The learner's progress survives, and never stands in the way."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from lessons.progress import LessonProgress, Progress


def test_a_lesson_never_opened_has_no_progress(tmp_path: Path) -> None:
    progress = Progress(tmp_path / "p.sqlite")
    assert progress.get("a/b") == LessonProgress(0, -1, done=False)
    assert progress.last() is None


def test_progress_is_there_at_the_next_start(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "p.sqlite"
    first = Progress(path)
    for step in (0, 1, 2, 1):
        first.visit("a/b", step, 4)
    first.close()
    second = Progress(path)
    assert second.get("a/b") == LessonProgress(1, 2, done=False)
    assert second.last() == "a/b"


def test_a_lesson_is_done_at_its_last_step_and_stays_done(tmp_path: Path) -> None:
    progress = Progress(tmp_path / "p.sqlite")
    progress.visit("a/b", 3, 4)
    progress.visit("a/b", 0, 4)
    assert progress.get("a/b") == LessonProgress(0, 3, done=True)


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
    progress.visit("a/b", 0, 2)
    assert progress.path == empty_home / ".local/share/dltutor/progress.sqlite"
    assert progress.path.exists()


def test_two_tutors_at_once_do_not_disturb_each_other(tmp_path: Path) -> None:
    one, two = Progress(tmp_path / "p.sqlite"), Progress(tmp_path / "p.sqlite")
    one.visit("a/b", 1, 3)
    two.visit("a/c", 2, 3)
    assert one.get("a/c").done
    assert two.get("a/b").step == 1
    assert not one.notice
    assert not two.notice


def test_a_file_that_is_no_database_is_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "p.sqlite"
    path.write_bytes(b"this is no database, but it may be somebody's letter" * 50)
    progress = Progress(path)
    progress.visit("a/b", 1, 3)
    assert "kept as p.damaged-1.sqlite" in progress.notice
    assert (tmp_path / "p.damaged-1.sqlite").read_bytes().startswith(b"this is no database")
    assert Progress(path).get("a/b").step == 1


def test_a_newer_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "p.sqlite"
    with sqlite3.connect(path) as base:
        base.execute("PRAGMA user_version = 99")
    before = path.read_bytes()
    progress = Progress(path)
    progress.visit("a/b", 1, 3)
    assert "newer dltutor" in progress.notice
    assert progress.get("a/b").step == 1
    assert path.read_bytes() == before


def test_a_folder_that_cannot_be_made_leaves_progress_in_memory(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    progress = Progress(tmp_path / "file" / "p.sqlite")
    progress.visit("a/b", 1, 3)
    assert progress.notice
    assert progress.get("a/b").step == 1


def test_a_write_that_fails_keeps_what_was_known(tmp_path: Path) -> None:
    path = tmp_path / "p.sqlite"
    progress = Progress(path)
    progress.visit("a/b", 1, 3)
    with sqlite3.connect(path) as base:
        base.execute(
            "CREATE TRIGGER full BEFORE INSERT ON lesson BEGIN SELECT RAISE(FAIL, 'full'); END"
        )
    progress.visit("a/c", 2, 3)
    assert progress.notice
    assert progress.get("a/b").step == 1
    assert progress.get("a/c").step == 2

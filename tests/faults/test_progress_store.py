"""A progress file with nonsense in it: everything that is read is checked, and nothing is lost."""

from __future__ import annotations

import os
import random
import sqlite3
from contextlib import closing, suppress
from datetime import date
from pathlib import Path

import pytest

from engine.folders import data_folder
from lessons.learner import progress_store
from lessons.learner.log import question_logs
from lessons.learner.progress import Progress
from lessons.learner.progress_file import COLUMNS
from lessons.learner.review import due
from lessons.learner.stored import stored_setting
from tui.app import TutorApp

LESSON = "linear/model"
KEYS = ("one", "two", "three")
DAY = date(2026, 3, 2)
NONSENSE: tuple[object, ...] = (
    "nosuch", "", "\x1b[2J\x07", b"\xff\xfe\x00", -1, 2**62, 1.5e308, "9" * 5000, None, "#99999",
)  # fmt: skip


def made(path: Path) -> Path:
    """A progress file with something in each table."""
    progress = Progress(path, today=lambda: DAY)
    progress.visit(LESSON, 1, KEYS)
    progress.answer(LESSON, "house_price", "1", "wrong")
    progress.remember("theme", "dltutor-light")
    progress.close()
    return path


def change(path: Path, *statements: str) -> None:
    """Run SQL on a file."""
    with closing(sqlite3.connect(path)) as base:
        for statement in statements:
            base.execute(statement)
        base.commit()


def use(progress: Progress) -> None:
    """Read all there is, and write all that can be written."""
    progress.get(LESSON).place(KEYS)
    answers = progress.answers()
    due(question_logs(answers).values(), progress.today)
    names = [name for one in answers for name in (one.slug, one.question, one.verdict, one.slip)]
    assert all(map(str.isprintable, names)), "a report would send it to the terminal"
    progress.last_answer(LESSON, "house_price")
    for key in ("theme", "plain signs", "left behind", "last"):
        progress.setting(key)
    progress.visit(LESSON, 2, KEYS)
    progress.answer(LESSON, "house_price", "half a character: \ud83d", "right")
    progress.remember("theme", "dltutor-dark")
    progress.reset(LESSON)


def test_nonsense_in_any_field(tmp_path: Path) -> None:
    for table, columns in COLUMNS.items():
        for column in columns:
            for number, value in enumerate(NONSENSE):
                path = made(tmp_path / f"{table}-{column}-{number}.sqlite")
                with closing(sqlite3.connect(path)) as base:
                    try:
                        base.execute(f"UPDATE OR REPLACE {table} SET {column} = ?", (value,))
                        base.commit()
                    except sqlite3.Error:
                        continue  # SQLite itself refuses it
                progress = Progress(path, today=lambda: DAY)
                use(progress)
                assert not progress.notice, (table, column, value)
                progress.close()
                path.unlink()


SCHEMAS = {
    "an extra column": ("ALTER TABLE setting ADD COLUMN more TEXT",
                        "ALTER TABLE place ADD COLUMN more INTEGER DEFAULT 3",
                        "ALTER TABLE seen_step ADD COLUMN more", "ALTER TABLE answer ADD COLUMN x"),
    "an extra table": ("CREATE TABLE more (x)",),
}  # fmt: skip
OTHER_SCHEMAS = {
    "a missing table": ("DROP TABLE seen_step",),
    "a missing column": ("ALTER TABLE answer DROP COLUMN slip",),
    "a version before the first": ("PRAGMA user_version = -5",),
    "a view as table": ("DROP TABLE place", "CREATE VIEW place AS SELECT nosuch FROM answer"),
}


@pytest.mark.parametrize("name", SCHEMAS)
def test_more_than_is_known_is_left_alone(name: str, tmp_path: Path) -> None:
    path = made(tmp_path / "p.sqlite")
    change(path, *SCHEMAS[name])
    progress = Progress(path, today=lambda: DAY)
    use(progress)
    progress.close()
    assert not progress.notice
    again = Progress(path)
    assert again.setting("theme") == "dltutor-dark", "it was saved"


@pytest.mark.parametrize("name", OTHER_SCHEMAS)
def test_other_tables_are_set_aside_and_their_name_told(name: str, tmp_path: Path) -> None:
    path = made(tmp_path / "p.sqlite")
    change(path, *OTHER_SCHEMAS[name])
    progress = Progress(path)
    assert "p.damaged-1.sqlite" in progress.notice
    use(progress)
    progress.close()
    assert Progress(path).setting("theme") == "dltutor-dark"
    assert path.with_name("p.damaged-1.sqlite").exists()


def test_a_version_that_it_is_not_leaves_it_as_it_was(tmp_path: Path) -> None:
    path = made(tmp_path / "p.sqlite")
    change(path, "PRAGMA user_version = 2")
    before = path.read_bytes()
    progress = Progress(path)
    assert "cannot be saved" in progress.notice
    use(progress)
    progress.close()
    assert path.read_bytes() == before


def test_random_damage_never_raises(tmp_path: Path) -> None:
    whole = made(tmp_path / "whole.sqlite").read_bytes()
    draw = random.Random(16)
    for number in range(60):
        path = tmp_path / f"{number}" / "p.sqlite"
        path.parent.mkdir()
        damaged = bytearray(whole)
        if number % 3 == 0:
            del damaged[draw.randrange(len(damaged)) :]
        else:
            for _ in range(draw.choice((1, 10, 200))):
                damaged[draw.randrange(len(damaged))] = draw.randrange(256)
        path.write_bytes(damaged)
        stored_setting("language", path)
        progress = Progress(path)
        use(progress)
        progress.close()
        assert len(list(path.parent.glob("*.damaged-*"))) == ("damaged" in progress.notice)


def test_what_is_no_file(tmp_path: Path) -> None:
    folder, pipe = tmp_path / "folder.sqlite", tmp_path / "pipe.sqlite"
    folder.mkdir()
    os.mkfifo(pipe)
    for path in (folder, pipe, Path("/dev/full"), Path("/dev/null")):
        progress = Progress(path)
        assert progress.notice, path
        use(progress)
        progress.close()
        assert path.exists()
        with suppress(OSError):  # what SQLite leaves beside a device, if it may
            path.with_name(f"{path.name}-journal").unlink()


def test_what_is_no_file_is_never_moved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    connect = progress_store._connect

    def no_database(where: str, timeout: float = 0.0) -> sqlite3.Connection:
        if where == ":memory:":
            return connect(where, timeout)
        raise sqlite3.DatabaseError("file is not a database")  # as of a device that can be read

    monkeypatch.setattr(progress_store, "_connect", no_database)
    device = tmp_path / "device.sqlite"
    os.mkfifo(device)
    progress = Progress(device)
    assert device.is_fifo()
    assert "not a database" in progress.notice
    progress.close()


def test_a_failure_in_the_middle_is_told(tmp_path: Path) -> None:
    path = made(tmp_path / "p.sqlite")
    progress, told = Progress(path), list[str]()
    progress.warn = told.append
    change(path, "DROP TABLE setting")  # another program damages it
    progress.remember("theme", "dltutor-dark")
    assert [str(path) in notice for notice in told] == [True]
    assert progress.setting("theme") == "dltutor-dark"


def test_the_file_is_private(tmp_path: Path) -> None:
    path = made(tmp_path / "p.sqlite")
    assert path.stat().st_mode & 0o777 == 0o600


async def test_the_screens_open_with_nonsense_in_every_setting(empty_home: Path) -> None:
    path = made(data_folder() / "progress.sqlite")
    for key in ("theme", "plain signs", "left behind", "last", "language", "order of options"):
        change(path, f"INSERT OR REPLACE INTO setting VALUES ('{key}', 'no\x1b[2Jsuch')")
    change(path, "ALTER TABLE setting ADD COLUMN more TEXT")
    app = TutorApp(preload=None)
    async with app.run_test(notifications=True) as pilot:
        assert app.theme in app.available_themes
        drawn = ""
        for _ in range(50):
            await pilot.pause(0.02)
            rows = app.screen._compositor.render_strips()
            drawn = "".join(segment.text for strip in rows for segment in strip)
            if "such" in drawn:
                break
        assert "\x1b" not in drawn
        assert "no[2Jsuch" in drawn

"""The tables of the progress file, and how an older file is upgraded without losing anything.

Version 1 stores how far the learner got and the answers. Version 2 also stores which steps were
seen, the day of each answer, and which answers are from before a reset. Version 3 calls steps by
their keys instead of their places, so that a lesson may get new steps or another order. Its tables
have new names: a dltutor of an older version that is still running finds none of its own, says so,
and cannot write places where keys belong. Version 4 has the same tables; what it stores of steps
and questions that moved into another lesson is under that lesson.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path

from engine.language import _

VERSION = 4

COLUMNS = {
    "place": ("slug", "step", "done"),
    "seen_step": ("slug", "step"),
    "answer": ("id", "slug", "question", "text", "verdict", "slip", "day", "before_reset"),
    "setting": ("key", "value"),
}
"""What this version reads and writes; a table may have more columns."""

_FIRST = (
    """CREATE TABLE IF NOT EXISTS lesson (
        slug TEXT PRIMARY KEY,
        step INTEGER NOT NULL,
        furthest INTEGER NOT NULL,
        done INTEGER NOT NULL DEFAULT 0
    )""",
    """CREATE TABLE IF NOT EXISTS answer (
        id INTEGER PRIMARY KEY,
        slug TEXT NOT NULL,
        question TEXT NOT NULL,
        text TEXT NOT NULL,
        verdict TEXT NOT NULL,
        slip TEXT NOT NULL
    )""",
    "CREATE TABLE IF NOT EXISTS setting (key TEXT PRIMARY KEY, value TEXT NOT NULL)",
)

_SECOND = (
    "ALTER TABLE answer ADD COLUMN day TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE answer ADD COLUMN before_reset INTEGER NOT NULL DEFAULT 0",
    """CREATE TABLE seen (
        slug TEXT NOT NULL,
        step INTEGER NOT NULL,
        PRIMARY KEY (slug, step)
    )""",
    # Steps were opened one after the other, so all up to the furthest were seen.
    """INSERT INTO seen
        WITH RECURSIVE walked (slug, step, furthest) AS (
            SELECT slug, 0, MIN(furthest, 999) FROM lesson WHERE furthest >= 0
            UNION ALL
            SELECT slug, step + 1, furthest FROM walked WHERE step < furthest
        )
        SELECT slug, step FROM walked""",
)

_THIRD = (
    """CREATE TABLE place (
        slug TEXT PRIMARY KEY,
        step TEXT NOT NULL,
        done INTEGER NOT NULL DEFAULT 0
    )""",
    """CREATE TABLE seen_step (
        slug TEXT NOT NULL,
        step TEXT NOT NULL,
        PRIMARY KEY (slug, step)
    )""",
    "INSERT INTO place SELECT slug, step_key(slug, step), done FROM lesson",
    "INSERT OR IGNORE INTO seen_step SELECT slug, step_key(slug, step) FROM seen",
    """INSERT OR IGNORE INTO seen_step
        SELECT slug, step_key(slug, furthest) FROM lesson WHERE furthest >= 0""",
    "DROP TABLE lesson",
    "DROP TABLE seen",
)

_UPGRADES = (_FIRST, _SECOND, _THIRD)


def numbered(place: int) -> str:
    """What is stored in place of a key where only the place of a step is known, counted from 0."""
    return f"#{place}"


def step_key(slug: str, place: int) -> str:
    """The key of a step that an older file calls by its place.

    Keys are known for the lessons of version 0.1. Any other place is kept as a number.
    """
    keys = _steps_of_0_1().get(slug, ())
    return keys[place] if place in range(len(keys)) else numbered(place)


@lru_cache(maxsize=1)
def _steps_of_0_1() -> dict[str, list[str]]:
    """For each lesson of version 0.1, the keys of its steps in the order that they had."""
    import json

    path = Path(__file__).with_name("steps_of_0_1.json")
    keys: dict[str, list[str]] = json.loads(path.read_text("utf-8"))
    return keys


def prepare(base: sqlite3.Connection) -> None:
    """Upgrade a file to this version, completely or not at all.

    Raises sqlite3.OperationalError if the file is from a newer dltutor or cannot be written, and
    another sqlite3.DatabaseError if it is damaged or has other tables. Expects autocommit mode.
    """
    base.text_factory = text_of
    try:
        _prepare(base)
    except sqlite3.OperationalError as error:
        if re.search("no such|malformed|syntax", str(error)):
            raise sqlite3.DatabaseError(str(error)) from error
        raise
    except UnicodeDecodeError as error:  # the name of a table that SQLite complains about
        raise sqlite3.DatabaseError(str(error)) from error


def text_of(stored: bytes) -> str:
    """Text of a cell; one that is not UTF-8 must not hide the others."""
    return stored.decode(errors="replace")


def rounds_in(stored: object) -> int:
    """The finished rounds of a derivation in a setting; nonsense in the file counts as none."""
    text = str(stored)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else 0


def _prepare(base: sqlite3.Connection) -> None:
    if _version(base) < VERSION:
        from lessons.learner import moved  # imported late: a start rarely upgrades a file

        with transaction(base):
            base.create_function("step_key", 2, step_key)
            for upgrade in _UPGRADES[_version(base) :]:  # another dltutor may have been faster
                for statement in upgrade:
                    base.execute(statement)
            for statement, values in moved.statements():
                base.execute(statement, values)
            base.execute(f"PRAGMA user_version = {VERSION}")
    # What cannot be read is found here, not in the middle of a lesson.
    (found,) = base.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok":
        raise sqlite3.DatabaseError(str(found))
    for table, columns in COLUMNS.items():
        base.execute(f"SELECT {', '.join(columns)} FROM {table} LIMIT 1").fetchone()


def _version(base: sqlite3.Connection) -> int:
    version = int(base.execute("PRAGMA user_version").fetchone()[0])
    if version < 0:
        raise sqlite3.DatabaseError(f"version {version}")
    if version > VERSION:
        raise sqlite3.OperationalError(_("it was written by a newer version of dltutor"))
    return version


@contextmanager
def transaction(base: sqlite3.Connection) -> Iterator[None]:
    """Everything inside is written together, or nothing if an exception leaves it."""
    base.execute("BEGIN IMMEDIATE")
    try:
        yield
        base.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):  # a full disk has rolled back by itself
            base.execute("ROLLBACK")
        raise

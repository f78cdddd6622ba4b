"""The tables of the progress file, and how an older file is upgraded without losing anything.

Version 1 stores how far the learner got and the answers. Version 2 also stores which steps were
seen, the day of each answer, and which answers are from before a reset.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from engine.language import _

VERSION = 2

TABLES = ("lesson", "seen", "answer", "setting")

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


def prepare(base: sqlite3.Connection) -> None:
    """Upgrade a file to this version, completely or not at all.

    Raises sqlite3.OperationalError if the file is from a newer dltutor or cannot be written, and
    another sqlite3.DatabaseError if it is damaged. Expects autocommit mode.
    """
    if _version(base) < VERSION:
        with transaction(base):
            version = _version(base)  # another dltutor may have been faster
            for statement in (*(_FIRST if version < 1 else ()), *(_SECOND if version < 2 else ())):
                base.execute(statement)
            base.execute(f"PRAGMA user_version = {VERSION}")
    # A page that cannot be read is found here, not in the middle of a lesson.
    for table in TABLES:
        base.execute(f"SELECT COUNT(*) FROM {table}").fetchone()


def _version(base: sqlite3.Connection) -> int:
    version = int(base.execute("PRAGMA user_version").fetchone()[0])
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

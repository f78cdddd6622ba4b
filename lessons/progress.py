"""What the learner has done, kept in SQLite. Never stands in the way of a lesson.

Where the file cannot be opened, progress lives in memory and `notice` says so. A damaged file
is set aside under another name, never deleted.
"""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from engine.folders import data_folder

_SCHEMA = """
CREATE TABLE IF NOT EXISTS lesson (
    slug TEXT PRIMARY KEY,
    step INTEGER NOT NULL,
    furthest INTEGER NOT NULL,
    done INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS answer (
    id INTEGER PRIMARY KEY,
    slug TEXT NOT NULL,
    question TEXT NOT NULL,
    text TEXT NOT NULL,
    verdict TEXT NOT NULL,
    slip TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS setting (key TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
_VERSION = 1


@dataclass(frozen=True, slots=True)
class LessonProgress:
    """How far the learner is in one lesson; steps count from 0."""

    step: int = 0
    furthest: int = -1
    """The last step that was seen; −1 before the lesson was opened."""
    done: bool = False
    """Whether its last step was reached."""


class Progress:
    """The learner's progress. All methods answer at once and never raise for a bad file."""

    def __init__(self, path: Path | None = None) -> None:
        """Open `path`, by default `progress.sqlite` in the data folder."""
        self.notice = ""
        """A sentence for the learner where progress cannot be kept; else empty."""
        self.path = path or data_folder() / "progress.sqlite"
        try:
            self._base = self._open(self.path)
        except (sqlite3.Error, OSError) as error:
            self._base = self._in_memory(error)

    def _open(self, path: Path) -> sqlite3.Connection:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            return self._connect(str(path))
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:
            aside = _free_name(path)
            path.rename(aside)
            self.notice = (
                f"The file with your progress was damaged. It is kept as {aside.name}, "
                "and a new one was begun."
            )
            return self._connect(str(path))

    def _connect(self, where: str) -> sqlite3.Connection:
        base = sqlite3.connect(where, timeout=2.0, isolation_level=None)
        try:
            version = base.execute("PRAGMA user_version").fetchone()[0]
            if version > _VERSION:
                raise sqlite3.OperationalError("it was written by a newer dltutor")
            base.executescript(_SCHEMA)
            base.execute(f"PRAGMA user_version = {_VERSION}")
            # A page that cannot be read shows here, not in the middle of a lesson.
            base.execute("SELECT COUNT(*) FROM lesson").fetchone()
            base.execute("SELECT COUNT(*) FROM answer").fetchone()
        except sqlite3.Error:
            base.close()
            raise
        return base

    def _in_memory(self, error: Exception) -> sqlite3.Connection:
        self.notice = (
            f"Your progress cannot be kept in {self.path}: {error}. "
            "It lasts until you quit; `dltutor doctor` says more."
        )
        return self._connect(":memory:")

    def _write(self, statement: str, values: tuple[object, ...]) -> None:
        try:
            self._base.execute(statement, values)
        except sqlite3.Error as error:
            kept = [
                tuple(row) for row in self._rows("SELECT slug, step, furthest, done FROM lesson")
            ]
            with suppress(sqlite3.Error):
                self._base.close()
            self._base = self._in_memory(error)
            self._base.executemany("INSERT INTO lesson VALUES (?, ?, ?, ?)", kept)
            self._base.execute(statement, values)

    def _rows(self, statement: str, values: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
        try:
            return self._base.execute(statement, values).fetchall()
        except sqlite3.Error:
            return []

    def get(self, slug: str) -> LessonProgress:
        """How far the learner is in the lesson `slug`."""
        rows = self._rows("SELECT step, furthest, done FROM lesson WHERE slug = ?", (slug,))
        if not rows:
            return LessonProgress()
        step, furthest, done = rows[0]
        return LessonProgress(int(str(step)), int(str(furthest)), bool(done))

    def visit(self, slug: str, step: int, steps: int) -> None:
        """Note that the learner sees `step` of a lesson with `steps` steps."""
        self._write(
            "INSERT INTO lesson VALUES (?1, ?2, ?2, ?3) ON CONFLICT (slug) DO UPDATE SET "
            "step = ?2, furthest = MAX(furthest, ?2), done = MAX(done, ?3)",
            (slug, step, int(step >= steps - 1)),
        )
        self._write("INSERT OR REPLACE INTO setting VALUES ('last', ?)", (slug,))

    def last(self) -> str | None:
        """The slug of the lesson that was open last."""
        return self.setting("last")

    def answer(self, slug: str, question: str, text: str, verdict: str, slip: str = "") -> None:
        """Note an answer to a question of a lesson."""
        self._write(
            "INSERT INTO answer (slug, question, text, verdict, slip) VALUES (?, ?, ?, ?, ?)",
            (slug, question, text, verdict, slip),
        )

    def last_answer(self, slug: str, question: str) -> str | None:
        """What the learner last answered to a question, or None."""
        rows = self._rows(
            "SELECT text FROM answer WHERE slug = ? AND question = ? ORDER BY id DESC LIMIT 1",
            (slug, question),
        )
        return str(rows[0][0]) if rows else None

    def setting(self, key: str) -> str | None:
        """A remembered choice, such as the theme."""
        rows = self._rows("SELECT value FROM setting WHERE key = ?", (key,))
        return str(rows[0][0]) if rows else None

    def remember(self, key: str, value: str) -> None:
        """Keep a choice for the next start."""
        self._write("INSERT OR REPLACE INTO setting VALUES (?, ?)", (key, value))

    def close(self) -> None:
        """Close the file."""
        self._base.close()


def _free_name(path: Path) -> Path:
    number = 1
    while (found := path.with_suffix(f".damaged-{number}{path.suffix}")).exists():
        number += 1
    return found

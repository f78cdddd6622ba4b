"""What the learner has done, stored in SQLite. A bad file never keeps anyone from a lesson.

If the file cannot be opened, progress is kept in memory and `notice` says so. A damaged file is
renamed, never deleted. Where only another program holds the file, or the disk is full, what is in
memory is added to the file as soon as that is over.
"""

from __future__ import annotations

import os
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from engine.folders import data_folder, ensure
from engine.language import _
from engine.refusals import reason
from lessons.learner.progress_file import (
    COLUMNS,
    numbered,
    prepare,
    rounds_in,
    transaction,
)

if TYPE_CHECKING:  # loaded late: the first frame of somebody who is new needs neither
    from lessons.learner.joined import LearnerLog, Place
    from lessons.learner.log import Answer

PATIENCE = 2.0
"""Seconds for which another program that holds the file is waited for."""
_Statement: TypeAlias = tuple[str, tuple[object, ...]]


def local_day() -> date:
    """Today in the learner's time zone."""
    return datetime.now().astimezone().date()


@dataclass(frozen=True, slots=True)
class LessonProgress:
    """How far the learner is in one lesson.

    Steps are called by their keys, which stay when the lesson gets new steps or another order. To
    read the places that steps have now, pass the keys of the lesson in their order.
    """

    step: str = ""
    """The step that was open last; empty before the lesson was opened."""
    seen: frozenset[str] = frozenset()
    """Every step that was seen, even if the lesson no longer has it."""
    done: bool = False
    """Whether what was its last step was reached."""

    @property
    def opened(self) -> bool:
        """Whether the lesson was ever opened."""
        return bool(self.step)

    def place(self, keys: Sequence[str]) -> int:
        """Where the learner left off, counted from 0.

        If that step is gone: the last one of those that were seen.
        """
        return _places(keys).get(self.step, max(self.places(keys), default=0))

    def places(self, keys: Sequence[str]) -> frozenset[int]:
        """The steps that were seen and are still there, counted from 0."""
        places = _places(keys)
        return frozenset(places[step] for step in self.seen if step in places)

    def gone(self, keys: Sequence[str]) -> frozenset[str]:
        """The steps that were seen and are no longer there."""
        return self.seen - _places(keys).keys()


def _places(keys: Sequence[str]) -> dict[str, int]:
    """Each step's place by its key, and by its number where an older file knew no key."""
    return {
        **{numbered(place): place for place in range(len(keys))},
        **{key: place for place, key in enumerate(keys)},
    }


class Progress:
    """The learner's progress. All methods are fast and never raise because of a bad file."""

    def __init__(self, path: Path | None = None, today: Callable[[], date] | None = None) -> None:
        """Open `path`, by default `progress.sqlite` in the data folder.

        `today` gives the date; by default it comes from this machine's clock.
        """
        self.notice = ""
        """A sentence for the learner if progress cannot be saved; otherwise empty."""
        self.warn: Callable[[str], object] = lambda notice: None
        """Called with the notice where saving fails later."""
        self.path = path or data_folder() / "progress.sqlite"
        self._today = today or local_day
        self._owed: list[_Statement] | None = None
        """What the file has to get once it is free and there is room; None if it is written to."""
        try:
            self._base = self._open(self.path)
        except (sqlite3.Error, OSError) as error:
            self._base = self._in_memory(error)

    @property
    def today(self) -> date:
        """The learner's day."""
        return self._today()

    def _open(self, path: Path) -> sqlite3.Connection:
        ensure(path.parent)
        with suppress(OSError):  # private from the start; SQLite says what is wrong
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        try:
            return _connect(str(path))
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:
            aside = _free_name(path)
            path.rename(aside)
            with suppress(OSError):  # what belongs to the damaged file must not reach the new one
                path.with_name(f"{path.name}-journal").rename(f"{aside}-journal")
            self.notice = _(
                "The file with your progress was damaged. It was kept as {name}, and a new one "
                "was started."
            ).format(name=aside.name)
            return _connect(str(path))

    def _in_memory(self, error: Exception) -> sqlite3.Connection:
        self._owed = [] if _may_pass(error) else None
        self.notice = _(
            "Your progress cannot be saved in {path}: {error}. What you do now will be "
            "lost when you quit. For more, run `dltutor doctor`."
        ).format(path=self.path, error=reason(error))
        return _connect(":memory:")

    def _write(self, *statements: _Statement) -> None:
        """Execute all the statements; if the file fails, in memory from now on."""
        self._return_to_file()
        try:
            self._carry_out(statements)
        except (sqlite3.Error, UnicodeDecodeError) as error:
            if _is_busy(error):  # it was waited for already
                self._base.execute("PRAGMA busy_timeout = 0")
            kept = {
                table: self._rows(f"SELECT {', '.join(columns)} FROM {table}")
                for table, columns in COLUMNS.items()
            }
            with suppress(sqlite3.Error):
                self._base.close()
            self._base = self._in_memory(error)
            for table, rows in kept.items():
                for row in rows:
                    into = f"{table} ({', '.join(COLUMNS[table])})"
                    marks = ", ".join("?" * len(row))
                    with suppress(sqlite3.Error):  # nonsense is not worth keeping
                        self._base.execute(f"INSERT INTO {into} VALUES ({marks})", row)
            self._carry_out(statements)
            self.warn(self.notice)
        if self._owed is not None:
            self._owed += statements

    def _return_to_file(self, *, tell: bool = True) -> None:
        """Once the file is free and has room, add what was done meanwhile to it."""
        if self._owed is None:
            return
        try:
            base = _connect(str(self.path), timeout=0.0)
        except sqlite3.Error:
            return
        memory, self._base = self._base, base
        try:
            self._carry_out(self._owed)
        except sqlite3.Error:
            self._base = memory
            base.close()
            return
        memory.close()
        base.execute(f"PRAGMA busy_timeout = {PATIENCE * 1000:.0f}")
        self._owed, self.notice = None, ""
        if tell:
            self.warn(_("Your progress can be saved again; nothing is missing."))

    def _carry_out(self, statements: Sequence[_Statement]) -> None:
        with transaction(self._base):
            for statement, values in statements:
                self._base.execute(statement, tuple(map(_storable, values)))

    def _rows(self, statement: str, values: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
        self._return_to_file()
        try:
            return self._base.execute(statement, values).fetchall()
        except (sqlite3.Error, UnicodeDecodeError):
            return []

    def get(self, slug: str) -> LessonProgress:
        """How far the learner is in the lesson `slug`."""
        rows = self._rows("SELECT step, done FROM place WHERE slug = ?", (slug,))
        if not rows:
            return LessonProgress()
        step, done = rows[0]
        return LessonProgress(str(step), self._seen(slug), bool(done))

    def of_lessons(self) -> dict[str, LessonProgress]:
        """How far the learner is in every lesson that was opened, by slug; read in one go."""
        seen = defaultdict[str, set[str]](set)
        for slug, step in self._rows("SELECT slug, step FROM seen_step"):
            seen[str(slug)].add(str(step))
        return {
            str(slug): LessonProgress(str(step), frozenset(seen[str(slug)]), bool(done))
            for slug, step, done in self._rows("SELECT slug, step, done FROM place")
        }

    def _seen(self, slug: str) -> frozenset[str]:
        rows = self._rows("SELECT step FROM seen_step WHERE slug = ?", (slug,))
        return frozenset(str(row[0]) for row in rows)

    def visit(self, slug: str, step: int, keys: Sequence[str]) -> None:
        """Record that the learner sees a step of a lesson, whose steps have these keys.

        The place `step` counts from 0.
        """
        self._write(
            (
                "INSERT INTO place (slug, step, done) VALUES (?1, ?2, ?3) "
                "ON CONFLICT (slug) DO UPDATE SET step = ?2, done = MAX(done, ?3)",
                (slug, keys[step], int(step >= len(keys) - 1)),
            ),
            ("INSERT OR IGNORE INTO seen_step (slug, step) VALUES (?, ?)", (slug, keys[step])),
            *self._settle(slug, keys),
            ("INSERT OR REPLACE INTO setting (key, value) VALUES ('last', ?)", (slug,)),
        )

    def _settle(self, slug: str, keys: Sequence[str]) -> Iterator[_Statement]:
        """Put keys in the place of numbers, before the lesson changes."""
        seen = self._seen(slug)
        for place, key in enumerate(keys):
            if numbered(place) in seen:
                yield "INSERT OR IGNORE INTO seen_step (slug, step) VALUES (?, ?)", (slug, key)
                yield (
                    "DELETE FROM seen_step WHERE slug = ? AND step = ?",
                    (slug, numbered(place)),
                )

    def reset(self, slug: str) -> None:
        """Make the lesson `slug` new again: no step seen, no question asked.

        The answers given so far stay in the log, marked as from before the reset.
        """
        from lessons.learner.log import DERIVATION

        self._write(
            ("DELETE FROM place WHERE slug = ?", (slug,)),
            ("DELETE FROM seen_step WHERE slug = ?", (slug,)),
            ("UPDATE answer SET before_reset = 1 WHERE slug = ?", (slug,)),
            (
                "DELETE FROM setting WHERE substr(key, 1, length(?1)) = ?1",
                (f"{DERIVATION}{slug}/",),
            ),
        )

    def last(self) -> str | None:
        """The slug of the lesson that was open last."""
        return self.setting("last")

    def answer(self, slug: str, question: str, text: str, verdict: str, slip: str = "") -> None:
        """Record today's answer to a question; `verdict` is the value of a `Verdict`."""
        self._write(
            (
                "INSERT INTO answer (slug, question, text, verdict, slip, day) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                (slug, question, text, str(verdict), slip, self.today.isoformat()),
            )
        )

    def last_answer(self, slug: str, question: str) -> str | None:
        """What the learner last answered to a question since the last reset, or None."""
        rows = self._rows(
            "SELECT text FROM answer WHERE slug = ? AND question = ? AND before_reset = 0 "
            "ORDER BY id DESC LIMIT 1",
            (slug, question),
        )
        return str(rows[0][0]) if rows else None

    def answers(self) -> list[Answer]:
        """The whole log, in the order in which the answers were given."""
        rows = self._rows(
            "SELECT slug, question, text, verdict, slip, day, before_reset FROM answer ORDER BY id"
        )
        return [_answer(*row) for row in rows]

    def places(self) -> dict[str, Place]:
        """Where the learner is in every lesson that was ever opened, by its slug."""
        from lessons.learner.joined import Place

        seen: dict[str, set[str]] = {}
        for slug, step in self._rows("SELECT slug, step FROM seen_step"):
            seen.setdefault(str(slug), set()).add(str(step))
        found = {slug: Place("", frozenset(steps)) for slug, steps in seen.items()}
        for slug, step, done in self._rows("SELECT slug, step, done FROM place"):
            steps = frozenset(seen.get(str(slug), ()))
            found[str(slug)] = Place(str(step), steps, bool(done))
        return found

    @property
    def is_kept(self) -> bool:
        """Whether what is done now is stored in the file."""
        self._return_to_file()
        return bool(self._base.execute("PRAGMA database_list").fetchone()[2])

    def rounds(self) -> dict[str, int]:
        """How many rounds of each derivation were finished, by `LESSON/NAME`."""
        from lessons.learner.log import DERIVATION

        rows = self._rows(
            "SELECT key, value FROM setting WHERE substr(key, 1, length(?1)) = ?1", (DERIVATION,)
        )
        return {str(key).removeprefix(DERIVATION): rounds_in(value) for key, value in rows}

    def take_over(self, join: Callable[[LearnerLog], LearnerLog]) -> LearnerLog:
        """Put what `join` makes of answers and places in their place, completely or not at all.

        Nothing that another dltutor writes meanwhile is lost. Returns what was there before. Raises
        sqlite3.Error where the file cannot be written.
        """
        from lessons.learner.joined import LearnerLog
        from lessons.learner.log import DERIVATION

        self._return_to_file()
        with transaction(self._base):
            before = LearnerLog(tuple(self.answers()), self.places(), rounds=self.rounds())
            after = join(before)
            self._base.executemany(
                "INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)",
                [(f"{DERIVATION}{name}", str(count)) for name, count in after.rounds.items()],
            )
            if after.answers != before.answers:
                self._base.execute("DELETE FROM answer")
                self._base.executemany(
                    "INSERT INTO answer (slug, question, text, verdict, slip, day, before_reset) "
                    "VALUES (?, ?, ?, ?, ?, ?, ?)",
                    [
                        (each.slug, each.question, _storable(each.text), each.verdict, each.slip,
                         each.day.isoformat() if each.day else "", int(each.before_reset))
                        for each in after.answers
                    ],
                )  # fmt: skip
            for slug, place in after.places.items():
                if place.step or place.done:
                    self._base.execute(
                        "INSERT INTO place (slug, step, done) VALUES (?1, ?2, ?3) "
                        "ON CONFLICT (slug) DO UPDATE SET step = ?2, done = ?3",
                        (slug, place.step, int(place.done)),
                    )
                self._base.executemany(
                    "INSERT OR IGNORE INTO seen_step (slug, step) VALUES (?, ?)",
                    [(slug, step) for step in sorted(place.seen)],
                )
        return before

    def setting(self, key: str) -> str | None:
        """A stored choice, such as the theme; None if there is none."""
        rows = self._rows("SELECT value FROM setting WHERE key = ?", (key,))
        return str(rows[0][0]) if rows else None

    def remember(self, key: str, value: str) -> None:
        """Store a choice for the next start."""
        self._write(("INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)", (key, value)))

    def close(self) -> None:
        """Close the file; one that another program held is given what it lacks, if it is free."""
        self._return_to_file(tell=False)
        self._base.close()


def _storable(value: object) -> object:
    """Text that was pasted may hold halves of characters, which no file can."""
    return value.encode(errors="replace").decode() if isinstance(value, str) else value


def _is_busy(error: Exception) -> bool:
    """Whether another program holds the file, and it is otherwise as it should be."""
    return _code(error) == sqlite3.SQLITE_BUSY


def _may_pass(error: Exception) -> bool:
    """Whether the file is as it should be and can be written later: it is held, or has no room."""
    return _code(error) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_FULL)


def _code(error: Exception) -> int:
    """What SQLite says; the upper bits of its code say more about it."""
    code: int = getattr(error, "sqlite_errorcode", 0)
    return code & 0xFF


def _connect(where: str, timeout: float = PATIENCE) -> sqlite3.Connection:
    base = sqlite3.connect(where, timeout=timeout, isolation_level=None)
    try:
        prepare(base)
    except sqlite3.Error:
        base.close()
        raise
    return base


def _answer(*row: object) -> Answer:
    from lessons.learner.log import Answer

    slug, question, text, verdict, slip, day, before_reset = row
    return Answer(
        _name(slug),
        _name(question),
        str(text),
        _name(verdict),
        _name(slip),
        _day(str(day)),
        bool(before_reset),
    )


def _name(value: object) -> str:
    """A name without what a terminal would obey, and what would break a table."""
    text = str(value)
    return text if text.isprintable() else "".join(filter(str.isprintable, text))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _free_name(path: Path) -> Path:
    number = 1
    while (found := path.with_suffix(f".damaged-{number}{path.suffix}")).exists():
        number += 1
    return found

"""A SQLite file of the learner's. A bad file never keeps anyone from a lesson.

If the file cannot be opened, what is stored is kept in memory and `notice` says so. A damaged file
is renamed, never deleted. Where only another program holds the file, or the disk is full, what is
in memory is added to the file as soon as that is over.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias

from engine.folders import ensure
from engine.language import _
from engine.refusals import reason
from lessons.learner.progress_file import COLUMNS, prepare, transaction

PATIENCE = 2.0
"""Seconds for which another program that holds the file is waited for."""
Statement: TypeAlias = tuple[str, tuple[object, ...]]


class ProgressStore:
    """A file that statements are written to, and read from; no failure of it is raised."""

    def __init__(self, path: Path) -> None:
        """Open `path`, or make it."""
        self.notice = ""
        """A sentence for the learner if progress cannot be saved; otherwise empty."""
        self.warn: Callable[[str], object] = lambda notice: None
        """Called with the notice where saving fails later."""
        self.path = path
        self._owed: list[Statement] | None = None
        """What the file has to get once it is free and there is room; None if it is written to."""
        try:
            self._base = self._open(self.path)
        except (sqlite3.Error, OSError) as error:
            self._base = self._in_memory(error)

    @property
    def is_kept(self) -> bool:
        """Whether what is done now is stored in the file."""
        self._return_to_file()
        return bool(self._base.execute("PRAGMA database_list").fetchone()[2])

    def _open(self, path: Path) -> sqlite3.Connection:
        ensure(path.parent)
        with suppress(OSError):  # private from the start; SQLite says what is wrong
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        try:
            return _connect(str(path))
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:
            if not path.is_file():  # a device stays where it is
                raise
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

    def _write(self, *statements: Statement) -> None:
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

    def _carry_out(self, statements: Sequence[Statement]) -> None:
        with transaction(self._base):
            for statement, values in statements:
                self._base.execute(statement, tuple(map(storable, values)))

    def _rows(self, statement: str, values: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
        self._return_to_file()
        try:
            return self._base.execute(statement, values).fetchall()
        except (sqlite3.Error, UnicodeDecodeError):
            return []

    def close(self) -> None:
        """Close the file; one that another program held is given what it lacks, if it is free."""
        self._return_to_file(tell=False)
        self._base.close()


def storable(value: object) -> object:
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


def _free_name(path: Path) -> Path:
    number = 1
    while (found := path.with_suffix(f".damaged-{number}{path.suffix}")).exists():
        number += 1
    return found

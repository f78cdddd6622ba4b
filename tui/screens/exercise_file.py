"""The learner's file of an exercise, which another editor may change at the same time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from engine.bounded import read_bytes
from engine.folders import ensure
from lessons.exercises import files
from lessons.exercises.exercise import Exercise

Stamp: TypeAlias = tuple[int, int]
"""When a file was changed, and its size."""


class ExerciseFile:
    """The file on the disk, and what a screen knows of it. All that reads or writes may raise."""

    def __init__(self, exercise: Exercise, kept_aside: Callable[[Path], object]) -> None:
        """Begin the file if there is none; raises OSError.

        `kept_aside` is told where the other version is of a file that was changed in two places.
        """
        self._exercise = exercise
        self._kept_aside = kept_aside
        self.path, _new = files.start(exercise)
        self._seen = self.stamp()
        self.is_foreign = False
        """Whether it is not UTF-8, and so can only be shown."""
        self.text = self._read()
        """What the file holds, as far as the screen knows."""

    def stamp(self) -> Stamp:
        """How the file stands now: another stamp, another text."""
        try:
            found = self.path.stat()
        except OSError:
            return (0, 0)
        return found.st_mtime_ns, found.st_size

    @property
    def has_changed(self) -> bool:
        """Whether another editor has saved it since it was read."""
        return self.stamp() != self._seen and self.path.is_file()

    def read(self) -> str:
        """The text as it is now; raises OSError."""
        self._seen = self.stamp()
        return self._read()

    def _read(self) -> str:
        """The text, line ends as they are."""
        data = read_bytes(self.path)
        self.is_foreign = False
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            self.is_foreign = True
            return data.decode("utf-8", errors="replace")

    def keep_aside(self, text: str) -> None:
        """Save the version of the file that goes; raises OSError."""
        beside = files.aside(self.path)
        files.save(beside, text)
        self._kept_aside(beside)

    def save(self, text: str) -> None:
        """Save the text; what another editor has saved in the meantime is kept aside.

        Raises OSError, or UnicodeEncodeError for halves of characters.
        """
        ensure(self.path.parent)
        if self.has_changed:
            self.keep_aside(self._read())
        files.save(self.path, text)
        self._seen, self.text = self.stamp(), text

    def begin_again(self) -> None:
        """Put the file aside, and begin a new one; raises OSError."""
        files.reset(self._exercise)
        self.path, _new = files.start(self._exercise)

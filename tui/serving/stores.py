"""A store for each visitor: a folder for progress, preferences and checkpoints of their own.

The name of the folder is made from the visitor's secret, which only their browser knows. So a path
on a screen that others see does not let them in.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from engine.folders import ensure, state_folder
from engine.language import SETTING
from lessons.learner.stored import stored_setting

_SECRET = re.compile("[0-9a-f]{32}")
_FOLDERS = {
    "XDG_DATA_HOME": "data",
    "XDG_CONFIG_HOME": "config",
    "XDG_CACHE_HOME": "cache",
    "XDG_STATE_HOME": "state",
}

_CHOICES = (SETTING, "theme", "plain signs")
"""Settings that nothing but a choice of the visitor writes."""
_USED = """SELECT 1 FROM place UNION ALL SELECT 1 FROM answer
    UNION ALL SELECT 1 FROM setting WHERE key IN (?, ?, ?) LIMIT 1"""


def new_visitor() -> str:
    """The secret of a new visitor."""
    return secrets.token_hex(16)


def is_visitor(text: str) -> bool:
    """Whether this can be the secret of a visitor."""
    return bool(_SECRET.fullmatch(text))


class Store:
    """What belongs to one visitor."""

    def __init__(self, visitor: str, root: Path | None = None) -> None:
        """`visitor` is their secret; raises ValueError where it cannot be one."""
        if not is_visitor(visitor):
            raise ValueError("not a visitor")
        name = hashlib.sha256(visitor.encode()).hexdigest()[:32]
        self.folder = (root or serve_folder()) / "visitors" / name

    @property
    def progress(self) -> Path:
        """The file with the visitor's progress."""
        return self.folder / "data" / "dltutor" / "progress.sqlite"

    @property
    def log(self) -> Path:
        """What the visitor's process has to complain about."""
        return self.folder / "problems.log"

    def make(self) -> None:
        """Create the folders, which only this user can read; raises OSError."""
        private(self.folder.parent)
        for folder in (self.folder, *(self.folder / name for name in _FOLDERS.values())):
            private(folder)

    def environment(self) -> dict[str, str]:
        """The variables that make a process use this store."""
        named = {variable: str(self.folder / name) for variable, name in _FOLDERS.items()}
        return {"HOME": str(self.folder), **named}

    def language(self) -> str | None:
        """The language that the visitor chose, if any."""
        return stored_setting(SETTING, self.progress)

    def forget_if_empty(self) -> None:
        """Remove the store of somebody who has only looked in.

        Whoever has opened a lesson, answered, chosen something, trained or written code has not.
        """
        try:
            with closing(sqlite3.connect(f"{self.progress.as_uri()}?mode=ro", uri=True)) as base:
                used = base.execute(_USED, _CHOICES).fetchone()
            kept = self.progress.parent.rglob("*")  # checkpoints, runs, exercises
            if used or any(
                path.is_file() and not path.name.startswith(self.progress.name) for path in kept
            ):
                return
        except (sqlite3.Error, OSError):
            return
        shutil.rmtree(self.folder, ignore_errors=True)


def serve_folder() -> Path:
    """Where `dltutor serve` keeps its visitors, and the locks of their trainings."""
    return state_folder() / "serve"


def private(folder: Path) -> Path:
    """A folder that only this user can enter, made where it is missing; raises OSError."""
    ensure(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.is_symlink():
        raise NotADirectoryError(20, "a link", str(folder))
    folder.chmod(0o700)
    return folder

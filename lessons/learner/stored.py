"""One setting out of the progress file, read before anything else is known, and changing nothing.

The command line needs the language that the learner chose before it imports what it shows.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from engine.folders import data_folder
from lessons.learner.progress_file import text_of


def stored_setting(key: str, path: Path | None = None) -> str | None:
    """A remembered choice; None where there is none, or no file that can be read.

    `path` is the progress file, by default the one in the data folder.
    """
    path = path or data_folder() / "progress.sqlite"
    if not path.is_file():
        return None
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", timeout=0.2, uri=True)) as base:
            base.text_factory = text_of
            row = base.execute("SELECT value FROM setting WHERE key = ?", (key,)).fetchone()
    except (sqlite3.Error, OSError, UnicodeDecodeError):  # the last in SQLite's own message
        return None
    return str(row[0]) if row else None

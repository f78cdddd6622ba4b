"""Errors in the Python files of a lesson, as messages for its author."""

from __future__ import annotations

import traceback
from pathlib import Path

from lessons.format.document import LessonError


def in_file(error: Exception, folder: Path, instead: Path) -> LessonError:
    """The error as a LessonError, with the file and the line of the author's code.

    This is the last entry of the traceback that is in `folder`; if there is none, line 1 of the
    file `instead`.
    """
    if isinstance(error, LessonError):
        return error
    path, line = instead, 1
    if isinstance(error, SyntaxError) and error.filename:
        path, line = Path(error.filename), error.lineno or 1
    else:
        for frame in traceback.extract_tb(error.__traceback__):
            if Path(frame.filename).is_relative_to(folder):
                path, line = Path(frame.filename), frame.lineno or 1
    said = (str(error).splitlines() or ["no reason given"])[0].rstrip(".")
    return LessonError(
        path, line, f"This stops with {type(error).__name__}: {said}.", "Fix it and check again."
    )

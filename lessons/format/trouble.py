"""What went wrong in the Python files of a lesson, as its author wants to hear it."""

from __future__ import annotations

import traceback
from pathlib import Path

from lessons.format.document import LessonError


def in_file(error: Exception, folder: Path, instead: Path) -> LessonError:
    """An error as one of the lesson: with the file and the line where it left the author's code.

    That is the last place of its traceback that lies in `folder`; else it is the file `instead`.
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
        path, line, f"This stops with {type(error).__name__}: {said}.", "Mend it, and check again."
    )

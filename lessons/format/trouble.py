"""Errors in the Python files of a lesson, as messages for its author."""

from __future__ import annotations

from pathlib import Path

from engine.broken import mend_of, place_of, said_of
from engine.declared import DeclarationError
from engine.errors import UserError
from lessons.format.lesson_error import LessonError


def in_file(error: BaseException, folder: Path, instead: Path, line: int = 1) -> UserError:
    """The error as a LessonError, with the file and the line of the author's code.

    This is the last entry of the traceback that is in `folder`; if there is none, a line of the
    file `instead`. An error that names its file already stays as it is.
    """
    if isinstance(error, LessonError | DeclarationError):
        return error
    path, line = place_of(error, lambda file: file.is_relative_to(folder), instead, line)
    return LessonError(path, line, said_of(error), mend_of(error, "check again"))

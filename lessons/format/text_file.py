"""The text files of the course, as their authors' editors write them."""

from __future__ import annotations

from pathlib import Path

from lessons.format.lesson_error import LessonError


def read_text(path: Path) -> str:
    """The text of a file, with `\\n` at the ends of its lines and without a byte order mark.

    Raises:
        LessonError: the file is not UTF-8.
        OSError: it cannot be read.
    """
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise LessonError(
            path, line, "This line is not UTF-8 text.", "Save the file in the encoding UTF-8."
        ) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")

"""The text files of the course, as their authors' editors write them."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from pathlib import Path

from lessons.format.lesson_error import LessonError

COMMANDS = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Characters that are no text: a terminal obeys them, or turns round the order of what follows."""


def read_text(path: Path) -> str:
    """The text of a file, with `\\n` at the ends of its lines and without a byte order mark.

    Raises:
        LessonError: the file is not UTF-8, or holds a character that a terminal obeys.
        OSError: it cannot be read.
    """
    data = path.read_bytes()
    try:
        text = data.removeprefix(BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise LessonError(
            path, line, "This line is not UTF-8 text.", "Save the file in the encoding UTF-8."
        ) from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    found = COMMANDS.search(text)
    if found:
        problem = f"This line holds the character U+{ord(found[0]):04X}, which terminals obey."
        line = text.count("\n", 0, found.start()) + 1
        raise LessonError(path, line, problem, "Leave it out.")
    return text

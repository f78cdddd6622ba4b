"""Read a lesson while it is being written: its file as it is now, and its facts."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

from engine.language import ENGLISH
from engine.refusals import reason
from lessons.format.catalog import COURSE, Catalog
from lessons.format.document import Lesson, LessonError
from lessons.format.facts import facts_of
from lessons.format.parser import parse_lesson
from lessons.format.source import load_source
from lessons.format.text_file import read_text

_PACKAGE = "lessons.course."


def slug_of(path: Path) -> str:
    """The slug of the lesson that a file of the course belongs to; empty for any other file."""
    folder = path.resolve().parent
    if folder.parent.parent != COURSE.resolve():
        return ""
    return f"{folder.parent.name}/{folder.name}".replace("_", "-")


def files_of(path: Path, slug: str) -> list[Path]:
    """The files on which the lesson depends: its text, its facts, what chapters share."""
    chapter, _, lesson = slug.replace("-", "_").partition("/")
    folders = (COURSE, COURSE / chapter, COURSE / chapter / lesson)
    return [path, *(file for folder in folders for file in sorted(folder.glob("*.py")))]


def read_again(path: Path, slug: str) -> tuple[Lesson, list[LessonError]]:
    """The lesson in a file, and errors in its blocks; forgets what was read before.

    Raises:
        LessonError: nothing of the lesson can be shown.
    """
    for name in [name for name in sys.modules if name.startswith(_PACKAGE)]:
        del sys.modules[name]
    facts_of.cache_clear()
    load_source.cache_clear()
    importlib.invalidate_caches()
    # lesson.zh.md is shown with its title in Chinese.
    course = Catalog(COURSE, path.suffixes[-2].removeprefix(".") if path.suffixes[1:] else ENGLISH)
    title = next((entry.title for entry in course.entries() if entry.slug == slug), path.stem)
    try:
        text = read_text(path)
    except OSError as error:
        raise LessonError(
            path, 1, f"The file cannot be read ({reason(error)}).", "Make it a readable file."
        ) from None
    troubles: list[LessonError] = []
    if slug not in {entry.slug for entry in course.entries()}:
        chapter, _, name = slug.partition("/")
        problem = f"The contents have no lesson {slug!r}."
        mend = f"Write `{name}: Its title` below the lessons of the chapter {chapter}."
        troubles.append(LessonError(COURSE / "contents.yaml", 1, problem, mend))
    # A file saved twice in one second may keep its size: then old bytecode would pass for new.
    writes, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        facts_of(slug)
        lesson = parse_lesson(text, path, slug, title, troubles)
    finally:
        sys.dont_write_bytecode = writes
    try:
        course.refuse_missing(lesson, text)
    except LessonError as error:
        troubles.append(error)
    return lesson, troubles

"""All chapters and lessons in their order; finds a lesson by its slug and reads it once."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from engine.errors import UserError
from lessons.document import Lesson, LessonError
from lessons.parser import parse_lesson

CONTENT = Path(__file__).parent / "content"


class UnknownLessonError(UserError, LookupError):
    """A slug that names no lesson; its text is a whole sentence with the nearest ones."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One lesson of the contents, written or still coming."""

    slug: str
    title: str
    chapter: str
    """Slug of its chapter."""
    path: Path | None
    """Its file, or None while it is not written."""

    @property
    def is_written(self) -> bool:
        """Whether it can be opened."""
        return self.path is not None


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter and its lessons, in order."""

    slug: str
    title: str
    number: int
    entries: tuple[Entry, ...]


class Catalog:
    """The contents of one language's folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.chapters = tuple(self._chapters())
        self._entries = {entry.slug: entry for entry in self.entries()}
        self._lessons: dict[str, Lesson] = {}

    def _chapters(self) -> Iterator[Chapter]:
        source = self.folder / "contents.yaml"
        for number, chapter in enumerate(yaml.safe_load(source.read_text("utf-8")), start=1):
            folder = self.folder / f"{number:02}-{chapter['slug']}"
            entries = []
            for place, (name, title) in enumerate(chapter["lessons"].items(), start=1):
                path = folder / f"{place:02}-{name}.md"
                slug = f"{chapter['slug']}/{name}"
                entries.append(Entry(slug, title, chapter["slug"], path if path.exists() else None))
            yield Chapter(chapter["slug"], chapter["title"], number, tuple(entries))

    def entries(self) -> Iterator[Entry]:
        """All lessons in order, written or not."""
        for chapter in self.chapters:
            yield from chapter.entries

    def entry(self, slug: str) -> Entry:
        """The entry called `slug`; raises UnknownLessonError."""
        wanted = slug.strip().strip("/").removesuffix(".md")
        if wanted in self._entries:
            return self._entries[wanted]
        by_name = [entry for entry in self.entries() if entry.slug.partition("/")[2] == wanted]
        if len(by_name) == 1:
            return by_name[0]
        near = difflib.get_close_matches(wanted, self._entries, n=3, cutoff=0.5)
        near = [entry.slug for entry in by_name] or near
        hint = f"Did you mean {' or '.join(near)}?" if near else "`dltutor lessons` lists them."
        raise UnknownLessonError(f"There is no lesson {slug!r}. {hint}")

    def load(self, slug: str) -> Lesson:
        """The lesson called `slug`; raises UnknownLessonError, or LessonError if it is broken."""
        entry = self.entry(slug)
        if entry.path is None:
            raise UnknownLessonError(
                f"The lesson {entry.slug!r} is still to come. `dltutor lessons` lists all."
            )
        if entry.slug not in self._lessons:
            lesson = parse_lesson(entry.path.read_text("utf-8"), entry.path)
            if lesson.slug != entry.slug or lesson.title != entry.title:
                raise LessonError(
                    entry.path,
                    1,
                    f"Slug and title are {lesson.slug!r}, {lesson.title!r}.",
                    f"By contents.yaml they are {entry.slug!r}, {entry.title!r}.",
                )
            for need in lesson.needs:
                self.entry(need)
            self._lessons[entry.slug] = lesson
        return self._lessons[entry.slug]

    def neighbour(self, slug: str, offset: int) -> Entry | None:
        """The nearest written lesson after (offset 1) or before (offset −1) the given one."""
        order = [entry for entry in self.entries() if entry.is_written or entry.slug == slug]
        place = [entry.slug for entry in order].index(slug) + offset
        return order[place] if 0 <= place < len(order) else None


@lru_cache(maxsize=4)
def catalog(language: str = "en") -> Catalog:
    """The contents in a language."""
    return Catalog(CONTENT / language)

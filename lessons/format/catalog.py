"""All chapters and lessons in their order; finds a lesson by its slug and reads it once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from engine.errors import UserError
from engine.language import ENGLISH, _, language
from engine.nearest import did_you_mean
from engine.refusals import reason
from lessons.format.lesson_error import LessonError
from lessons.format.outline import Outline, outline_of, scan
from lessons.format.plain_yaml import Unusual, chapters
from lessons.format.text_file import read_text

if TYPE_CHECKING:
    from lessons.format.document import Lesson

COURSE = Path(__file__).parents[1] / "course"
"""The folder of the course: contents.yaml, a folder for each chapter, and in it one per lesson."""
_LINK = re.compile(r"\]\(lesson:([^)\s]*)\)")


class UnknownLessonError(UserError, LookupError):
    """A slug that names no lesson; its text is a whole sentence with the nearest ones."""


class Entry(NamedTuple):
    """One lesson of the contents, written or still coming."""

    slug: str
    title: str
    chapter: str
    """Slug of its chapter."""
    path: Path | None
    """Its file, or None while it is not written."""
    only_english: bool = False
    """Whether it is there in English only, in a course in another language."""

    @property
    def is_written(self) -> bool:
        """Whether it can be opened."""
        return self.path is not None


class Chapter(NamedTuple):
    """A chapter and its lessons, in order."""

    slug: str
    title: str
    number: int
    entries: tuple[Entry, ...]


class Catalog:
    """The course in one language; a lesson that is not translated is there in English."""

    def __init__(self, folder: Path, language: str = ENGLISH) -> None:
        self.folder, self.language = folder, language
        self.chapters = tuple(self._chapters())
        self._entries = {entry.slug: entry for entry in self.entries()}
        self._lessons: dict[str, Lesson] = {}
        self._keys: dict[str, tuple[str, ...]] = {}
        self._outlines: dict[str, Outline] = {}

    def _chapters(self) -> Iterator[Chapter]:
        titles = translated_titles(self.folder, self.language)
        source = self.folder / "contents.yaml"
        for number, chapter in enumerate(_read(source), start=1):
            at = chapter["slug"]
            entries = []
            for name, title in chapter["lessons"].items():
                slug = f"{at}/{name}"
                path = self.path_of(slug)
                only_english = path is not None and path.name != f"lesson.{self.language}.md"
                entries.append(Entry(slug, titles.get(slug, title), at, path, only_english))
            yield Chapter(at, titles.get(at, chapter["title"]), number, tuple(entries))

    def path_of(self, slug: str) -> Path | None:
        """The file of a lesson in this language, else in English; None where there is none."""
        folder = self.folder / slug.replace("-", "_")
        for code in (self.language, ENGLISH):
            path = folder / f"lesson.{code}.md"
            if path.exists():
                return path
        return None

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
        hint = did_you_mean(wanted, self._entries) or _("`dltutor lessons` lists them.")
        if (self.folder / wanted.replace("-", "_") / f"lesson.{ENGLISH}.md").is_file():
            name = wanted.rpartition("/")[2]  # its author has written it, but not yet listed it
            hint = f"Its folder exists: add `{name}: Its title` to {self.folder}/contents.yaml."
        text = _("There is no lesson {slug!r}.").format(slug=slug)
        raise UnknownLessonError(f"{text} {hint}")

    def unwritten(self, entry: Entry) -> UnknownLessonError:
        """That a lesson of the contents has no file yet, and which one it needs."""
        path = self.folder / entry.slug.replace("-", "_") / f"lesson.{ENGLISH}.md"
        return UnknownLessonError(
            f"The lesson {entry.slug!r} is still to come: {path} does not exist. "
            "`dltutor lessons` lists all."
        )

    def load(self, slug: str) -> Lesson:
        """The lesson called `slug`; raises UnknownLessonError, or LessonError if it is broken."""
        entry = self.entry(slug)
        if entry.path is None:
            raise self.unwritten(entry)
        if entry.slug not in self._lessons:
            # Imported late: a list of lessons needs no reader.
            from lessons.format.parser import parse_lesson

            text = read_text(entry.path)
            lesson = parse_lesson(text, entry.path, entry.slug, entry.title)
            self.refuse_missing(lesson, text)
            self._lessons[entry.slug] = lesson
        return self._lessons[entry.slug]

    def step_keys(self, slug: str) -> tuple[str, ...]:
        """The keys of the steps of a lesson, without reading what is in the steps."""
        if slug not in self._keys:
            path = self.entry(slug).path
            try:
                self._keys[slug] = self._keys_in(path) if path else ()
            except (OSError, LessonError):  # said when the lesson is opened
                return ()
        return self._keys[slug]

    def _keys_in(self, path: Path) -> tuple[str, ...]:
        text = read_text(path)
        found = self._scanned(path, text)
        if found is not None:
            return found.keys
        from lessons.format.parser import step_keys

        return step_keys(path, text)

    def outline(self, slug: str) -> Outline:
        """The outline of a written lesson; raises UnknownLessonError.

        Raises LessonError only where the lesson is broken so that it cannot be outlined.
        """
        entry = self.entry(slug)
        if entry.slug not in self._outlines:
            found = self._scanned(entry.path, read_text(entry.path)) if entry.path else None
            self._outlines[entry.slug] = found or outline_of(self.load(entry.slug))
        return self._outlines[entry.slug]

    def _scanned(self, path: Path, text: str) -> Outline | None:
        found = scan(text)
        english = path.with_name(f"lesson.{ENGLISH}.md")
        if found is None or path.name == english.name or not english.exists():
            return found
        # The steps of a translation have the keys of the English ones.
        source = scan(read_text(english))
        if source is None or len(source.keys) != len(found.keys):
            return None
        return found._replace(keys=source.keys)

    def refuse_missing(self, lesson: Lesson, text: str) -> None:
        """Refuse a lesson whose text needs, or links to, one that the contents do not have."""
        for slug in (*lesson.needs, *_LINK.findall(text)):
            self._refuse_missing(slug, lesson.path, text)
        order = list(self._entries)
        if lesson.slug not in self._entries:
            return
        for slug in lesson.needs:
            if order.index(slug) >= order.index(lesson.slug):
                problem = f"The lesson needs {slug!r}, which does not come before it."
                mend = "Name lessons that come before it, or move it in contents.yaml."
                raise LessonError(lesson.path, _line_of(slug, text), problem, mend)

    def _refuse_missing(self, slug: str, path: Path, text: str) -> None:
        if slug not in self._entries:
            try:
                mend = f"Write {self.entry(slug).slug} in full."
            except UnknownLessonError as error:
                mend = str(error).partition(". ")[2]
            raise LessonError(path, _line_of(slug, text), f"There is no lesson {slug!r}.", mend)

    def neighbour(self, slug: str, offset: int) -> Entry | None:
        """The nearest written lesson after (offset 1) or before (offset −1) the given one."""
        order = [entry for entry in self.entries() if entry.is_written or entry.slug == slug]
        place = [entry.slug for entry in order].index(slug) + offset
        return order[place] if 0 <= place < len(order) else None


def _line_of(written: str, text: str) -> int:
    """The line in which something is first written."""
    return text.count("\n", 0, max(text.find(written), 0)) + 1


def translated_titles(folder: Path, language: str) -> dict[str, str]:
    """The titles of chapters and lessons in a language, by their slugs; empty for English.

    `contents.zh.yaml` has the form of `contents.yaml`, and may leave out what is not translated.
    """
    source = folder / f"contents.{language}.yaml"
    if language == ENGLISH or not source.exists():
        return {}
    titles: dict[str, str] = {}
    for chapter in _read(source) or ():
        at = str(chapter["slug"])
        if "title" in chapter:
            titles[at] = str(chapter["title"])
        for name, title in (chapter.get("lessons") or {}).items():
            titles[f"{at}/{name}"] = str(title)
    return titles


def _read(source: Path) -> Any:
    """The chapters in a file of contents; raises LessonError."""
    try:
        text = read_text(source)
    except OSError as error:
        problem = f"The contents of the course cannot be read ({reason(error)})."
        raise LessonError(source, 1, problem, "Write the file, or check it out again.") from None
    complete = source.name == "contents.yaml"
    try:
        found = chapters(text)
    except Unusual:
        found = []
    wanted = {"slug", "title", "lessons"} if complete else {"slug"}
    if found and all(wanted <= chapter.keys() for chapter in found):
        return found
    from lessons.format.contents_file import read_contents

    return read_contents(text, source, complete=complete)


def catalog(code: str | None = None) -> Catalog:
    """The course in a language; by default in the one in use."""
    return _catalog(code or language())


@lru_cache(maxsize=4)
def _catalog(code: str) -> Catalog:
    return Catalog(COURSE, code)

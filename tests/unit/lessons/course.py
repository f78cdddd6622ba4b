"""The course: what the tests of this folder walk through. A lesson is read when it is asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from lessons.format.catalog import catalog
from lessons.format.document import FindMistake, Lesson, Predict
from lessons.judge.evidence import Mistake
from lessons.judge.questions import Question

SLUGS = [entry.slug for entry in catalog().entries() if entry.is_written]


def lesson(slug: str) -> Lesson:
    """A lesson by its slug."""
    return catalog().load(slug)


def named(kind: str) -> list[tuple[str, str]]:
    """Slug and name of every block of a kind, found in the texts without reading the lessons."""
    found: list[tuple[str, str]] = []
    for entry in catalog("en").entries():
        if entry.path is not None:
            text = entry.path.read_text("utf-8")
            names = re.findall(rf"^```{kind} (\S+)", text, re.MULTILINE)
            found.extend((entry.slug, name) for name in names)
    return found


def _blocks(slug: str) -> Iterator[object]:
    for step in lesson(slug).steps:
        yield from step.blocks


@cache
def questions(slug: str) -> tuple[str, ...]:
    """The names of the questions of a lesson."""
    return tuple(block.name for block in _blocks(slug) if isinstance(block, Predict))


@cache
def mistakes(slug: str) -> tuple[str, ...]:
    """The names of the mistakes of a lesson."""
    return tuple(block.name for block in _blocks(slug) if isinstance(block, FindMistake))


def all_questions() -> Iterator[tuple[str, str]]:
    """Slug and name of every question of the course."""
    return ((slug, name) for slug in SLUGS for name in questions(slug))


def all_mistakes() -> Iterator[tuple[str, str]]:
    """Slug and name of every mistake of the course."""
    return ((slug, name) for slug in SLUGS for name in mistakes(slug))


def question_of(slug: str, name: str) -> Question:
    """A question by lesson and name."""
    return next(b.question for b in _blocks(slug) if isinstance(b, Predict) and b.name == name)


def mistake_of(slug: str, name: str) -> Mistake:
    """A mistake by lesson and name."""
    return next(b.mistake for b in _blocks(slug) if isinstance(b, FindMistake) and b.name == name)


def mistake_called(name: str) -> Mistake:
    """A mistake by its name alone."""
    slug = next(slug for slug, known in all_mistakes() if known == name)
    return mistake_of(slug, name)

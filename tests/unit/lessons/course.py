"""The whole course, read once: what the tests of this folder walk through."""

from __future__ import annotations

from collections.abc import Iterator

from lessons.format.catalog import catalog
from lessons.format.document import Derivation, FindMistake, Lesson, Predict
from lessons.judge.evidence import Mistake
from lessons.judge.questions import Question

SLUGS = [entry.slug for entry in catalog().entries() if entry.is_written]


def lesson(slug: str) -> Lesson:
    """A lesson by its slug."""
    return catalog().load(slug)


def _blocks(slug: str) -> Iterator[object]:
    for step in lesson(slug).steps:
        yield from step.blocks


QUESTIONS = [(s, b.name) for s in SLUGS for b in _blocks(s) if isinstance(b, Predict)]
MISTAKES = [(s, b.name) for s in SLUGS for b in _blocks(s) if isinstance(b, FindMistake)]
DERIVATIONS = [(s, b.name) for s in SLUGS for b in _blocks(s) if isinstance(b, Derivation)]
"""Pairs of a lesson's slug and the name of the block."""


def question_of(slug: str, name: str) -> Question:
    """A question by lesson and name."""
    return next(b.question for b in _blocks(slug) if isinstance(b, Predict) and b.name == name)


def mistake_of(slug: str, name: str) -> Mistake:
    """A mistake by lesson and name."""
    return next(b.mistake for b in _blocks(slug) if isinstance(b, FindMistake) and b.name == name)


def mistake_called(name: str) -> Mistake:
    """A mistake by its name alone."""
    slug = next(slug for slug, known in MISTAKES if known == name)
    return mistake_of(slug, name)

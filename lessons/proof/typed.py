"""The numbers that are typed into a lesson's text, so that nothing computes them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lessons.format.document import Lesson, Span, Style, plain_text
from lessons.proof.texts import map_texts

_NUMBER = re.compile(r"(?<![\w.])[-−]?\d+(?:[.,]\d+)*%?(?![\w])")
_PROSE = (Style.PLAIN, Style.STRONG, Style.EMPHASIS)


@dataclass(frozen=True, slots=True)
class Typed:
    """A number as typed, with the words around it."""

    lesson: str
    step: int
    """Counted from 1."""
    text: str
    around: str


def typed_numbers(lesson: Lesson) -> Iterator[Typed]:
    """The typed numbers of a lesson's text, step by step.

    Left out are computed numbers (`number:`) and numbers in formulas and in code.
    """
    for number, step in enumerate(lesson.steps, start=1):
        for text in (step.title, *map_texts(step.blocks)):
            for span in text:
                yield from _in_span(lesson.slug, number, span, plain_text(text))


def _in_span(slug: str, step: int, span: Span, whole: str) -> Iterator[Typed]:
    if span.style not in _PROSE:
        return
    for match in _NUMBER.finditer(span.text):
        start, end = max(0, match.start() - 25), match.end() + 25
        around = " ".join(span.text[start:end].split()) or whole[:50]
        yield Typed(slug, step, match.group(), around)

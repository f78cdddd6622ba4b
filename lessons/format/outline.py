"""What a list of lessons says about each, read from the text alone: no Markdown, no facts, no YAML.

Reading a lesson in full takes tens of milliseconds; this takes less than one. `scan` knows the way
in which lessons are written. Where a file is written in another way, it gives up, and the lesson
has to be read in full, so an outline is never wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from lessons.format.plain_yaml import Unusual, front_matter
from lessons.format.slugs import MARK, slugged

if TYPE_CHECKING:
    from lessons.format.document import Lesson


class Outline(NamedTuple):
    """A lesson without what stands in its steps."""

    minutes: int
    needs: tuple[str, ...]
    """The slugs of the lessons that it builds on."""
    goals: tuple[str, ...]
    keys: tuple[str, ...]
    """The key of each step."""
    questions: tuple[tuple[int, str], ...]
    """Each question: its step, counted from 0, and its name in the log of answers."""
    labs: int
    trainings: int
    picture: str = ""
    """The name of the figure that stands for the lesson; empty for none."""


LATER = "later"
"""The word after the name of a prediction that is not judged at once."""
MISTAKE = "mistake:"
"""Begins the name of a faulty program in the log: it may have the same name as a question."""

_FENCE = re.compile(r"(`{3,})([^`]*)|(~{3,})(.*)")
_ELSEWHERE = re.compile(
    r"""
    [ \t>*+\-\d.)]+\#{1,6}([ \t]|$)  # a heading that is indented, or inside of a list
    | \#\#([^\# ]|$)                 # a heading with a tab, or without a title
    | <                              # HTML
    | [ ]{0,3}-+[ \t]*$              # a line below a title makes it a heading, too
    """,
    re.VERBOSE,
)
_LINK = re.compile(r"\[([^][]*)\]\([^()\s]*\)")
_IN_TITLE = re.compile(r"[][<&!]|#$|\\$")
"""What makes a title differ from its source: entities, closing signs, other brackets."""


def scan(text: str) -> Outline | None:
    """The outline of the lesson that `text` holds; None where it has to be read in full."""
    try:
        head, body = front_matter(text)
        minutes, needs, goals = _head(head)
        picture = head.get("picture", "")
        if not isinstance(picture, str):
            raise Unusual
        return _outline(minutes, needs, goals, _steps(body))._replace(picture=picture)
    except Unusual:
        return None


def outline_of(lesson: Lesson) -> Outline:
    """The outline of a lesson that was read in full."""
    from lessons.format.document import Lab, Training
    from lessons.learner.report import log_name, questions_of

    blocks = [block for step in lesson.steps for block in step.blocks]
    return Outline(
        lesson.minutes,
        lesson.needs,
        lesson.goals,
        lesson.keys,
        tuple((place, log_name(block)) for place, block in questions_of(lesson)),
        sum(isinstance(block, Lab) for block in blocks),
        sum(isinstance(block, Training) for block in blocks),
        lesson.picture,
    )


def _head(head: dict[str, object]) -> tuple[int, tuple[str, ...], tuple[str, ...]]:
    minutes, needs, goals = head.get("minutes"), head.get("needs", ()), head.get("goals", ())
    if not (isinstance(minutes, int) and isinstance(needs, tuple) and isinstance(goals, tuple)):
        raise Unusual
    return minutes, needs, goals


def _outline(
    minutes: int,
    needs: tuple[str, ...],
    goals: tuple[str, ...],
    steps: Iterator[tuple[str, list[Sequence[str]]]],
) -> Outline:
    keys: list[str] = []
    questions: list[tuple[int, str]] = []
    labs = trainings = 0
    for place, (title, fences) in enumerate(steps):
        keys.append(_key(title, keys))
        for kind, *words in fences:
            labs += kind == "lab"
            trainings += kind == "training"
            if kind == "predict" and len(words) == 2 and words[1] == LATER:
                continue  # a prediction: it is not judged
            if kind in ("predict", "mistake"):
                if len(words) != 1:
                    raise Unusual
                questions.append((place, f"{MISTAKE}{words[0]}" if kind == "mistake" else words[0]))
    if not keys:
        raise Unusual
    return Outline(minutes, needs, goals, tuple(keys), tuple(questions), labs, trainings)


def _key(title: str, known: Sequence[str]) -> str:
    title = _LINK.sub(r"\1", title)
    if _IN_TITLE.search(title):
        raise Unusual
    mark = MARK.search(title)
    key = mark[1] if mark else slugged(title)
    if not key or key != slugged(key) or key in known:
        raise Unusual  # an error, which reading in full explains
    return key


def _steps(body: Sequence[str]) -> Iterator[tuple[str, list[Sequence[str]]]]:
    """The title of each step, and the words behind the opening of each of its fences."""
    title: str | None = None
    fences: list[Sequence[str]] = []
    dollars = 0
    closing: re.Pattern[str] | None = None
    for line in body:
        if closing is not None:
            if closing.fullmatch(line):
                closing = None
            continue
        if line.startswith("## "):
            if dollars % 2:
                raise Unusual  # inside of a formula
            if title is not None:
                yield title, fences
            title, fences = line[3:].strip(), []
        elif fence := _FENCE.fullmatch(line):
            words = (fence[2] if fence[1] else fence[4]).split()
            if title is None or not words or dollars % 2:
                raise Unusual
            sign = fence[1] or fence[3]
            closing = re.compile(f" {{0,3}}{sign[0]}{{{len(sign)},}}[ \t]*")
            fences.append(words)
        elif "```" in line or "~~~" in line or _ELSEWHERE.match(line):
            raise Unusual
        else:
            dollars += line.count("$$")
            if title is None and line.strip():
                raise Unusual
    if closing is not None:
        raise Unusual
    if title is not None:
        yield title, fences

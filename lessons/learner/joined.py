"""The logs of several machines of one learner, joined without loss. Pure: no file, no clock.

What the rule is:

- **Answers**: every answer of every log is kept. Two answers are the same one if lesson, question,
  text, verdict, slip and day are; where one log has such an answer more often, it counts so often.
  Each log's order is kept; where no log says which of two came first, the earlier day does. Where
  logs contradict each other within a day, the order of the alphabet decides.
- **Resets**: an answer that any log has from before a reset is from before a reset.
- **Steps**: a step that was seen anywhere was seen; a lesson that was done anywhere is done.
- **Places**: the later one of the steps at which the lesson was left.
- **Exercises**: passed anywhere is passed.
- **Derivations**: the larger count of rounds that the learner gave all lines of.

So the join of a log with itself, or with one that it holds already, changes nothing, and the order
in which logs are given does not matter.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from lessons.learner.log import Answer


@dataclass(frozen=True, slots=True)
class Place:
    """How far a learner is in a lesson; steps are called by their keys."""

    step: str = ""
    """The step that was open last; empty where that is not known."""
    seen: frozenset[str] = frozenset()
    done: bool = False


@dataclass(frozen=True, slots=True)
class LearnerLog:
    """Everything that a learner has done, as far as it is carried to another machine."""

    answers: tuple[Answer, ...] = ()
    """In the order in which they were given."""
    places: Mapping[str, Place] = field(default_factory=dict)
    """By the slug of the lesson."""
    exercises: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """By name: whether each was passed (1 or 0), and how many hints were seen."""
    files: Mapping[str, str] = field(default_factory=dict)
    """The learner's file of each exercise, by the exercise's name."""
    rounds: Mapping[str, int] = field(default_factory=dict)
    """How many rounds of each derivation were finished, by `LESSON/NAME`."""


Order: TypeAlias = Callable[[str, str], int]
"""Where a step (by slug and key) stands in its lesson; -1 where the lesson does not have it."""
_Node: TypeAlias = tuple[tuple[str, ...], int]
"""The content of an answer, and how many of the same came before it in its log."""


def join(logs: Iterable[LearnerLog], order: Order) -> LearnerLog:
    """All that any of the logs holds; files of exercises are those of the first that has them."""
    given = list(logs)
    exercises: dict[str, dict[str, int]] = {}
    files: dict[str, str] = {}
    rounds: dict[str, int] = {}
    for log in given:
        for name, count in log.rounds.items():
            rounds[name] = max(count, rounds.get(name, 0))
        for name, note in log.exercises.items():
            kept = exercises.setdefault(name, {})
            for key, value in note.items():
                kept[key] = max(value, kept.get(key, 0))
        files = {**log.files, **files}
    return LearnerLog(
        answers_of([log.answers for log in given]),
        _places([log.places for log in given], order),
        dict(sorted(exercises.items())),
        files,
        dict(sorted(rounds.items())),
    )


def answers_of(logs: Sequence[Sequence[Answer]]) -> tuple[Answer, ...]:
    """The answers of several logs in one."""
    lines = [_nodes(log) for log in logs]
    found: dict[_Node, Answer] = {}
    for log, line in zip(logs, lines, strict=True):
        for node, answer in zip(line, log, strict=True):
            before = found.get(node)
            reset = answer.before_reset or (before is not None and before.before_reset)
            found[node] = replace(answer, before_reset=reset)
    return tuple(found[node] for node in _in_order(lines))


def _nodes(log: Sequence[Answer]) -> list[_Node]:
    counted: Counter[tuple[str, ...]] = Counter()
    nodes = []
    for answer in log:
        content = _content(answer)
        nodes.append((content, counted[content]))
        counted[content] += 1
    return nodes


def _content(answer: Answer) -> tuple[str, ...]:
    """What makes two answers the same one; the day stands first, for the order."""
    day = answer.day.isoformat() if answer.day else ""
    return (day, answer.slug, answer.question, answer.text, answer.verdict, answer.slip)


def _in_order(lines: Sequence[Sequence[_Node]]) -> list[_Node]:
    """All nodes of all lines once, each line's order kept where the lines do not contradict."""
    places = [{node: place for place, node in enumerate(line)} for line in lines]
    heads = [0] * len(lines)
    done: set[_Node] = set()
    merged: list[_Node] = []
    while True:
        first = []
        for index, line in enumerate(lines):
            while heads[index] < len(line) and line[heads[index]] in done:
                heads[index] += 1
            if heads[index] < len(line):
                first.append(line[heads[index]])
        if not first:
            return merged
        # One that stands further down in another line has something before it there.
        free = [
            node
            for node in first
            if all(at.get(node, head) <= head for at, head in zip(places, heads, strict=True))
        ]
        chosen = min(free or first)
        done.add(chosen)
        merged.append(chosen)


def _places(given: Sequence[Mapping[str, Place]], order: Order) -> dict[str, Place]:
    found: dict[str, Place] = {}
    for places in given:
        for slug, place in places.items():
            before = found.get(slug, Place())
            steps = (before.step, place.step)
            found[slug] = Place(
                max(steps, key=lambda step: (order(slug, step), step)),
                before.seen | place.seen,
                before.done or place.done,
            )
    return dict(sorted(found.items()))

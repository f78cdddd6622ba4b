"""What the log of answers says about each question: rounds, tries, slips. Pure: no file, no clock.

All answers to one question on one day are a round. A round is settled by its first right answer;
later answers of that day change only the count of slips. Skipping a question that was asked on an
earlier day is not a round: it says nothing new.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby

from lessons.judge.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class Answer:
    """One line of the log."""

    slug: str
    """The lesson."""
    question: str
    text: str
    """What was typed; empty where the answer was shown or the question skipped."""
    verdict: str
    """The value of a `Verdict`."""
    slip: str = ""
    """The id of the slip, if the verdict is one."""
    day: date | None = None
    """The learner's day; None in logs from before days were recorded."""
    before_reset: bool = False
    """Whether the lesson was reset since. Such an answer no longer counts."""


DERIVATION = "derivation:"
"""Begins the name of a line of a derivation in the log."""


class Outcome(StrEnum):
    """How a question ended the last time it was asked."""

    FIRST = "first try"
    LATER = "later try"
    SHOWN = "shown"
    """The answer was shown before the learner found it."""
    SKIPPED = "skipped"
    OPEN = "open"
    """Tried, and not right yet."""


@dataclass(frozen=True, slots=True)
class Round:
    """The answers of one day to one question."""

    day: date | None
    outcome: Outcome
    tries: int
    """Answers that were judged, up to and including the first right one."""
    slips: tuple[str, ...]
    """The id of each slip made, in order."""


@dataclass(frozen=True, slots=True)
class QuestionLog:
    """All rounds of one question since its lesson was last reset; there is at least one."""

    slug: str
    name: str
    rounds: tuple[Round, ...]

    @property
    def latest(self) -> Round:
        """The round of the last day on which it was asked."""
        return self.rounds[-1]

    @property
    def slips(self) -> Counter[str]:
        """How often each slip was made."""
        return Counter(slip for each in self.rounds for slip in each.slips)

    @property
    def is_shaky(self) -> bool:
        """Whether it was not right at the first try when it was last asked."""
        return self.latest.outcome is not Outcome.FIRST


_COUNTED = frozenset(
    {Verdict.RIGHT, Verdict.SLIP, Verdict.WRONG, Verdict.SHOWN, Verdict.SKIPPED}
)  # fmt: skip


def question_logs(answers: Iterable[Answer]) -> dict[tuple[str, str], QuestionLog]:
    """The log of each question by lesson and name, in the order in which they were first answered.

    `answers` are in the order in which they were given. Those from before a reset do not count.
    """
    by_question: dict[tuple[str, str], list[Answer]] = {}
    for answer in answers:
        if answer.verdict in _COUNTED and not answer.before_reset:
            by_question.setdefault((answer.slug, answer.question), []).append(answer)
    return {key: QuestionLog(*key, _rounds(found)) for key, found in by_question.items()}


def _rounds(answers: list[Answer]) -> tuple[Round, ...]:
    found: list[Round] = []
    for day, given in groupby(answers, lambda answer: answer.day):
        on_day = list(given)
        walked_past = all(answer.verdict == Verdict.SKIPPED for answer in on_day)
        if not (found and walked_past):
            found.append(_round(day, on_day))
    return tuple(found)


def _round(day: date | None, answers: list[Answer]) -> Round:
    outcome: Outcome | None = None
    tries = 0
    verdicts: set[str] = set()
    for answer in answers:
        if outcome is None and answer.verdict in (Verdict.RIGHT, Verdict.SLIP, Verdict.WRONG):
            tries += 1
            if answer.verdict == Verdict.RIGHT:
                outcome = _right(tries, Verdict.SHOWN in verdicts)
        verdicts.add(answer.verdict)
    if outcome is None:
        outcome = _not_right(verdicts)
    slips = tuple(answer.slip for answer in answers if answer.slip)
    return Round(day, outcome, tries, slips)


def _right(tries: int, was_shown: bool) -> Outcome:
    if was_shown:
        return Outcome.SHOWN
    return Outcome.FIRST if tries == 1 else Outcome.LATER


def _not_right(verdicts: set[str]) -> Outcome:
    if Verdict.SHOWN in verdicts:
        return Outcome.SHOWN
    return Outcome.SKIPPED if Verdict.SKIPPED in verdicts else Outcome.OPEN

"""How far a learner is with giving the lines of derivations: the rounds of each, and its answers.

The number of finished rounds is a setting of the progress file, so that stores of every version
hold it; the answers stand in the log under a name of their own and never come up for review.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lessons.format.document import Derivation, Lesson
from lessons.judge.verdicts import Verdict
from lessons.learner.log import DERIVATION, Answer, Outcome, question_logs
from lessons.learner.progress import Progress
from lessons.learner.progress_file import rounds_in

LEVELS = 3
"""A third of the lines is asked at first, then two thirds, then all."""


def setting_of(slug: str, name: str) -> str:
    """The setting that counts the finished rounds of a derivation."""
    return f"{DERIVATION}{slug}/{name}"


def log_name(name: str, line: int) -> str:
    """The name of a line in the log; `line` counts from 0."""
    return f"{DERIVATION}{name}/{line + 1}"


def rounds_of(progress: Progress, slug: str, name: str) -> int:
    """How many rounds of a derivation were finished; nonsense in the file counts as none."""
    return rounds_in(progress.setting(setting_of(slug, name)))


def finish_round(progress: Progress, slug: str, name: str, verdicts: Iterable[Verdict]) -> bool:
    """Count a round if the learner gave every line of it; whether it counts."""
    if any(verdict is not Verdict.RIGHT for verdict in verdicts):
        return False
    progress.remember(setting_of(slug, name), str(rounds_of(progress, slug, name) + 1))
    return True


@dataclass(frozen=True, slots=True)
class DerivationReport:
    """One derivation of a lesson, and how far the learner is with giving its lines."""

    name: str
    step: int
    """The step that holds it, counted from 0."""
    rounds: int
    lines: int
    first: int
    """Lines whose last round was right at the first try."""
    asked: int
    """Lines that were asked at least once."""

    @property
    def level(self) -> int:
        """1, 2 or 3: how many of three lines are asked next."""
        return min(self.rounds + 1, LEVELS)

    @property
    def begun(self) -> bool:
        """Whether any line of it was asked."""
        return bool(self.asked or self.rounds)


def reports(
    lesson: Lesson, progress: Progress, answers: Iterable[Answer]
) -> tuple[DerivationReport, ...]:
    """Every derivation of a lesson; `answers` is the whole log."""
    own = [a for a in answers if a.slug == lesson.slug and a.question.startswith(DERIVATION)]
    logs = question_logs(own)
    found = []
    for place, step in enumerate(lesson.steps):
        for block in step.blocks:
            if isinstance(block, Derivation):
                known = [
                    logs[key]
                    for line in range(len(block.lines))
                    if (key := (lesson.slug, log_name(block.name, line))) in logs
                ]
                found.append(
                    DerivationReport(
                        block.name,
                        place,
                        rounds_of(progress, lesson.slug, block.name),
                        len(block.lines),
                        sum(log.latest.outcome is Outcome.FIRST for log in known),
                        len(known),
                    )
                )
    return tuple(found)

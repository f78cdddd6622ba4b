"""How far the learner is with one lesson, for which the lesson itself need not be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from lessons.format.outline import MISTAKE
from lessons.learner.log import Outcome, QuestionLog
from lessons.learner.progress import LessonProgress
from lessons.learner.review import due_day

Logs = Mapping[tuple[str, str], QuestionLog]
"""What `question_logs` returns."""


@dataclass(frozen=True, slots=True)
class QuestionReport:
    """One question of a lesson."""

    name: str
    """Its name in the log."""
    step: int
    """The step that holds it, counted from 0."""
    log: QuestionLog | None
    """None if it was never answered."""
    comes_back: bool = True
    """Whether it is asked again on later days; faulty programs are not."""

    @property
    def due(self) -> date | None:
        """The day from which it is due again; None if it is not asked again or never was."""
        if self.log is None or self.log.latest.day is None or not self.comes_back:
            return None
        return due_day(self.log)


@dataclass(frozen=True, slots=True)
class LessonStanding:
    """One written lesson, as far as the learner is with it."""

    keys: tuple[str, ...]
    """Those of its steps."""
    progress: LessonProgress
    questions: tuple[QuestionReport, ...]

    @property
    def state(self) -> str:
        """`new`, `under way` or `done`."""
        if self.done:
            return "done"
        return "under way" if self.progress.opened or self.asked else "new"

    @property
    def done(self) -> bool:
        """Whether what was its last step was reached."""
        return self.progress.done

    @property
    def seen(self) -> frozenset[int]:
        """The steps that were seen, counted from 0."""
        return self.progress.places(self.keys)

    @property
    def asked(self) -> tuple[QuestionLog, ...]:
        """The logs of the questions that were answered, shown or skipped."""
        return tuple(each.log for each in self.questions if each.log is not None)

    @property
    def shaky(self) -> tuple[QuestionReport, ...]:
        """The questions that were not right at the first try when they were last asked."""
        return tuple(each for each in self.questions if each.log is not None and each.log.is_shaky)

    @property
    def slips(self) -> Counter[str]:
        """How often each slip was made."""
        return sum((log.slips for log in self.asked), Counter())

    def count(self, outcome: Outcome) -> int:
        """How many questions ended with `outcome`; a question never asked counts as open."""
        found = sum(log.latest.outcome is outcome for log in self.asked)
        if outcome is Outcome.OPEN:
            found += len(self.questions) - len(self.asked)
        return found


def standing(
    slug: str,
    keys: tuple[str, ...],
    questions: Iterable[tuple[int, str]],
    progress: LessonProgress,
    logs: Logs,
) -> LessonStanding:
    """How far the learner is with the lesson `slug`; `questions` are its steps and log names."""
    found = (
        QuestionReport(name, place, logs.get((slug, name)), not name.startswith(MISTAKE))
        for place, name in questions
    )
    return LessonStanding(keys, progress, tuple(found))

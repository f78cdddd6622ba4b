"""How far the learner is with one lesson: steps seen, outcome of each question, slips made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from lessons.format.catalog import Catalog
from lessons.format.document import FindMistake, Lesson, Predict
from lessons.learner.log import Outcome, QuestionLog, question_logs
from lessons.learner.progress import LessonProgress, Progress
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
class LessonReport:
    """One written lesson."""

    lesson: Lesson
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
        return self.progress.places(self.lesson.keys)

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


def questions_of(lesson: Lesson) -> Iterator[tuple[int, Predict | FindMistake]]:
    """Each question of a lesson, with the step that holds it, counted from 0."""
    for place, step in enumerate(lesson.steps):
        for block in step.blocks:
            if isinstance(block, Predict | FindMistake):
                yield place, block


def log_name(block: Predict | FindMistake) -> str:
    """The name of a question in the log; a mistake may have the same name as a question."""
    return block.name if isinstance(block, Predict) else f"mistake:{block.name}"


def report(lesson: Lesson, progress: Progress, logs: Logs | None = None) -> LessonReport:
    """The report of `lesson`; pass `logs` if several reports are made from one log."""
    found = question_logs(progress.answers()) if logs is None else logs
    return LessonReport(
        lesson,
        progress.get(lesson.slug),
        tuple(
            QuestionReport(
                log_name(block),
                place,
                found.get((lesson.slug, log_name(block))),
                comes_back=isinstance(block, Predict),
            )
            for place, block in questions_of(lesson)
        ),
    )


def find_question(contents: Catalog, slug: str, name: str) -> tuple[Lesson, int, Predict] | None:
    """The lesson, the step and the question with this name; None if it no longer exists.

    Raises LessonError if the lesson is broken.
    """
    if not any(entry.slug == slug and entry.is_written for entry in contents.entries()):
        return None
    lesson = contents.load(slug)
    for step, block in questions_of(lesson):
        if isinstance(block, Predict) and block.name == name:
            return lesson, step, block
    return None

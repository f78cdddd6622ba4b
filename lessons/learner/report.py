"""How far the learner is with one lesson: steps seen, outcome of each question, slips made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lessons.format.catalog import Catalog
from lessons.format.document import FindMistake, Lesson, Predict
from lessons.format.outline import MISTAKE
from lessons.learner.derivations import DerivationReport
from lessons.learner.derivations import reports as derivation_reports
from lessons.learner.log import Answer, question_logs
from lessons.learner.progress import Progress
from lessons.learner.standing import LessonStanding, Logs, standing
from lessons.learner.standing import QuestionReport as QuestionReport


@dataclass(frozen=True, slots=True)
class LessonReport(LessonStanding):
    """One written lesson, and how far the learner is with it."""

    lesson: Lesson
    derivations: tuple[DerivationReport, ...] = ()


def questions_of(
    lesson: Lesson, *, predictions: bool = False
) -> Iterator[tuple[int, Predict | FindMistake]]:
    """Each question of a lesson, with the step that holds it, counted from 0.

    Predictions that only a lab or a training answers are left out, unless asked for.
    """
    for place, step in enumerate(lesson.steps):
        for block in step.blocks:
            if isinstance(block, Predict) and block.later and not predictions:
                continue
            if isinstance(block, Predict | FindMistake):
                yield place, block


def log_name(block: Predict | FindMistake) -> str:
    """The name of a question in the log; a mistake may have the same name as a question."""
    return block.name if isinstance(block, Predict) else f"{MISTAKE}{block.name}"


def report(
    lesson: Lesson,
    progress: Progress,
    logs: Logs | None = None,
    answers: Sequence[Answer] | None = None,
) -> LessonReport:
    """The report of `lesson`; pass the log and `logs` if several reports are made from one."""
    answers = progress.answers() if answers is None else answers
    found = question_logs(answers) if logs is None else logs
    questions = [(place, log_name(block)) for place, block in questions_of(lesson)]
    far = standing(lesson.slug, lesson.keys, questions, progress.get(lesson.slug), found)
    lines = derivation_reports(lesson, progress, answers)
    return LessonReport(far.keys, far.progress, far.questions, lesson, lines)


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

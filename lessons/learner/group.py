"""Where a group stands, from the logs of its learners: lessons, questions, slips. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lessons.learner.joined import LearnerLog, Place
from lessons.learner.log import Outcome, QuestionLog, question_logs
from lessons.learner.progress import LessonProgress
from lessons.learner.standing import LessonStanding, Logs, standing


@dataclass(frozen=True, slots=True)
class LessonOfGroup:
    """A lesson of the course, as far as its questions and steps are known."""

    slug: str
    title: str
    keys: tuple[str, ...]
    questions: tuple[tuple[int, str], ...]
    """Step, counted from 0, and name in the log."""


@dataclass(frozen=True, slots=True)
class LearnerStands:
    """One learner of the group."""

    name: str
    lessons: tuple[LessonStanding, ...]
    """In the order of the course."""
    last_day: date | None
    """The day of the latest answer."""

    @property
    def done(self) -> int:
        """How many lessons are done."""
        return sum(each.done for each in self.lessons)

    @property
    def asked(self) -> int:
        """How many questions were answered, shown or skipped."""
        return sum(len(each.asked) for each in self.lessons)

    @property
    def shaky(self) -> int:
        """How many questions were not right at the first try when they were last asked."""
        return sum(len(each.shaky) for each in self.lessons)


@dataclass(frozen=True, slots=True)
class QuestionOfGroup:
    """One question, over all learners who were asked it."""

    slug: str
    name: str
    step: int
    """Counted from 0."""
    outcomes: Mapping[Outcome, int]
    """How many learners it ended for in each way, the last time."""
    slips: Mapping[str, int]
    """How many learners made each slip, the most frequent first."""

    @property
    def asked(self) -> int:
        """How many learners were asked."""
        return sum(self.outcomes.values())

    @property
    def missed(self) -> int:
        """How many of them were not right at the first try."""
        return self.asked - self.outcomes.get(Outcome.FIRST, 0)


@dataclass(frozen=True, slots=True)
class LessonStands:
    """One lesson, over all learners."""

    lesson: LessonOfGroup
    started: int
    done: int
    questions: tuple[QuestionOfGroup, ...]
    """Those that somebody was asked, the most often missed first."""


@dataclass(frozen=True, slots=True)
class Group:
    """Where all learners of a group stand, by learner, lesson and slip."""

    learners: tuple[LearnerStands, ...]
    """By name."""
    lessons: tuple[LessonStands, ...]
    """Those that somebody has started, in the order of the course."""
    slips: tuple[tuple[str, str, int], ...]
    """Lesson, slip, and how many learners made it; the most frequent first."""

    @property
    def missed(self) -> list[QuestionOfGroup]:
        """Questions that somebody missed: most learners first, then the larger share."""
        found = [each for lesson in self.lessons for each in lesson.questions if each.missed]
        return sorted(found, key=lambda each: (-each.missed, each.asked, each.slug, each.name))


def group(logs: Mapping[str, LearnerLog], course: Sequence[LessonOfGroup]) -> Group:
    """Where the learners stand, by their names."""
    asked = {name: question_logs(log.answers) for name, log in logs.items()}
    learners = tuple(
        LearnerStands(
            name,
            tuple(_stands(log, lesson, asked[name]) for lesson in course),
            max((each.day for each in log.answers if each.day), default=None),
        )
        for name, log in sorted(logs.items())
    )
    lessons = []
    for place, lesson in enumerate(course):
        stand = [learner.lessons[place] for learner in learners]
        started = sum(each.state != "new" for each in stand)
        if started:
            questions = _questions(lesson, list(asked.values()))
            lessons.append(
                LessonStands(lesson, started, sum(each.done for each in stand), questions)
            )
    slips = Counter(
        {
            (each.slug, slip): 0
            for lesson in lessons
            for each in lesson.questions
            for slip in each.slips
        }
    )
    for found in asked.values():
        made = {(log.slug, slip) for log in found.values() for slip in log.slips}
        slips.update(pair for pair in made if pair in slips)
    ranked = sorted(slips.items(), key=lambda item: (-item[1], item[0]))
    return Group(learners, tuple(lessons), tuple((*pair, count) for pair, count in ranked))


def _stands(log: LearnerLog, lesson: LessonOfGroup, asked: Logs) -> LessonStanding:
    place = log.places.get(lesson.slug, Place())
    progress = LessonProgress(place.step, place.seen, place.done)
    return standing(lesson.slug, lesson.keys, lesson.questions, progress, asked)


def _questions(
    lesson: LessonOfGroup, asked: Sequence[Mapping[tuple[str, str], QuestionLog]]
) -> tuple[QuestionOfGroup, ...]:
    found = []
    for step, name in lesson.questions:
        logs = [each[lesson.slug, name] for each in asked if (lesson.slug, name) in each]
        if logs:
            slips = Counter(slip for log in logs for slip in set(log.slips))
            ranked = dict(sorted(slips.items(), key=lambda item: (-item[1], item[0])))
            outcomes = Counter(log.latest.outcome for log in logs)
            found.append(QuestionOfGroup(lesson.slug, name, step, outcomes, ranked))
    return tuple(sorted(found, key=lambda each: (-each.missed, each.step, each.name)))

"""The learner's log for other programs (JSON) and for people (Markdown)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from lessons.format.catalog import Catalog
from lessons.format.document import plain_text
from lessons.learner.log import Answer, Outcome, question_logs
from lessons.learner.progress import Progress
from lessons.learner.report import LessonReport, QuestionReport, find_question, report
from lessons.learner.review import due
from lessons.learner.slip_names import name_of


@dataclass(frozen=True, slots=True)
class Record:
    """Everything that is known of the learner."""

    day: date
    """The day on which it was put together."""
    lessons: tuple[LessonReport, ...]
    """The written lessons, in order."""
    due: tuple[tuple[str, str], ...]
    """Lesson and name of the questions that come back on this day."""
    answers: tuple[Answer, ...]


def record(contents: Catalog, progress: Progress) -> Record:
    """Put together what is known; raises LessonError where a lesson is broken."""
    answers = progress.answers()
    logs = question_logs(answers)
    lessons = tuple(
        report(contents.load(entry.slug), progress, logs)
        for entry in contents.entries()
        if entry.is_written
    )
    back = due(
        logs.values(),
        progress.today,
        lambda slug, name: find_question(contents, slug, name) is not None,
    )
    return Record(
        progress.today, lessons, tuple((log.slug, log.name) for log in back), tuple(answers)
    )


def as_json(found: Record) -> dict[str, object]:
    """Plain data. Steps count from 1, days are ISO dates or null where none was noted."""
    return {
        "day": found.day.isoformat(),
        "lessons": [_lesson_json(lesson) for lesson in found.lessons],
        "review": [{"lesson": slug, "question": name} for slug, name in found.due],
        "answers": [
            {
                "day": _iso(answer.day),
                "lesson": answer.slug,
                "question": answer.question,
                "text": answer.text,
                "verdict": answer.verdict,
                "slip": answer.slip or None,
                "before_reset": answer.before_reset,
            }
            for answer in found.answers
        ],
    }


def _lesson_json(lesson: LessonReport) -> dict[str, object]:
    return {
        "slug": lesson.lesson.slug,
        "title": lesson.lesson.title,
        "state": lesson.state,
        "steps": len(lesson.lesson.steps),
        "seen": [step + 1 for step in sorted(lesson.seen)],
        "questions": [_question_json(question) for question in lesson.questions],
    }


def _question_json(question: QuestionReport) -> dict[str, object]:
    log = question.log
    return {
        "name": question.name,
        "step": question.step + 1,
        "outcome": log.latest.outcome.value if log else None,
        "tries": log.latest.tries if log else 0,
        "slips": dict(log.slips) if log else {},
        "days": [_iso(each.day) for each in log.rounds] if log else [],
        "due": _iso(question.due),
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def as_markdown(found: Record) -> str:
    """The same as a document, without the lessons that were not begun."""
    begun = [lesson for lesson in found.lessons if lesson.state != "new"]
    lines = [f"# Progress on {found.day.isoformat()}", "", overview(found), ""]
    if begun:
        lines += [
            "## Lessons", "",
            "| lesson | steps seen | first try | later try | shown | skipped | open | slips |",
            "|---|---|---|---|---|---|---|---|",
            *(_row(lesson) for lesson in begun), "",
        ]  # fmt: skip
    shaky = [(lesson, question) for lesson in begun for question in lesson.shaky]
    if shaky:
        lines += ["## Shaky questions", ""]
        lines += [f"- {about_shaky(lesson, question)}" for lesson, question in shaky]
        lines.append("")
    if found.answers:
        lines += [
            "## Answers", "",
            "| day | lesson | question | answer | verdict | slip |",
            "|---|---|---|---|---|---|",
            *map(_answer_row, found.answers), "",
        ]  # fmt: skip
    return "\n".join(lines)


def overview(found: Record) -> str:
    """One sentence or two on the whole."""
    if all(lesson.state == "new" for lesson in found.lessons):
        return f"None of {counted(len(found.lessons), 'lesson')} is begun. `dltutor` opens them."
    done = sum(lesson.done for lesson in found.lessons)
    shaky = sum(len(lesson.shaky) for lesson in found.lessons)
    asked = sum(len(lesson.asked) for lesson in found.lessons)
    return (
        f"{done} of {len(found.lessons)} lessons done, {counted(asked, 'question')} met, "
        f"{shaky} of them shaky. {counted(len(found.due), 'old question')} "
        f"{'comes' if len(found.due) == 1 else 'come'} back today."
    )


def about_shaky(lesson: LessonReport, question: QuestionReport) -> str:
    """A shaky question in words: where it stands, how it ended, the slips."""
    log = question.log
    assert log is not None, "a question that was never asked is not shaky"
    step = plain_text(lesson.lesson.steps[question.step].title)
    slips = f" · slips: {slip_text(log.slug, log.slips)}" if log.slips else ""
    return (
        f"{lesson.lesson.title}, step {question.step + 1} ({step}): {outcome_text(question)}{slips}"
    )


def outcome_text(question: QuestionReport) -> str:
    """How a question ended when it was last asked, in a few words."""
    if question.log is None:
        return "not asked yet"
    latest = question.log.latest
    match latest.outcome:
        case Outcome.FIRST:
            return "right at the first try"
        case Outcome.LATER:
            return f"right at try {latest.tries}"
        case Outcome.SHOWN:
            return "shown" if not latest.tries else f"shown, {tries_text(latest.tries)}"
        case Outcome.SKIPPED:
            return "skipped" if not latest.tries else f"skipped after {tries_text(latest.tries)}"
        case Outcome.OPEN:
            return f"not right yet, {tries_text(latest.tries)}"


def tries_text(tries: int) -> str:
    """`1 try`, `2 tries`."""
    return "1 try" if tries == 1 else f"{tries} tries"


def counted(number: int, noun: str) -> str:
    """`1 question`, `2 questions`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def slip_text(slug: str, slips: Counter[str]) -> str:
    """The slips of a lesson by name, the most frequent first."""
    return ", ".join(_slips(slug, slips.most_common()))


def _slips(slug: str, found: Iterable[tuple[str, int]]) -> Iterator[str]:
    for slip, times in found:
        name = name_of(slug, slip)
        yield name if times == 1 else f"{name} ({times} times)"


def _row(lesson: LessonReport) -> str:
    cells = [
        lesson.lesson.title,
        f"{len(lesson.seen)} of {len(lesson.lesson.steps)}",
        *(str(lesson.count(outcome)) for outcome in Outcome),
        slip_text(lesson.lesson.slug, lesson.slips),
    ]
    return _table_row(cells)


def _answer_row(answer: Answer) -> str:
    verdict = f"{answer.verdict} (before reset)" if answer.before_reset else answer.verdict
    typed = answer.text.replace("`", "'").strip()
    return _table_row(
        [
            _iso(answer.day) or "",
            answer.slug,
            answer.question,
            f"`{typed}`" if typed else "",
            verdict,
            name_of(answer.slug, answer.slip) if answer.slip else "",
        ]
    )


def _table_row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"

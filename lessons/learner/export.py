"""The learner's log for other programs (JSON) and for people (text, Markdown)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from engine.language import _, plural
from lessons.exercises import files
from lessons.format.catalog import Catalog
from lessons.format.document import plain_text
from lessons.learner.carried import as_data
from lessons.learner.derivations import LEVELS, DerivationReport
from lessons.learner.joined import LearnerLog
from lessons.learner.log import Answer, Outcome, question_logs
from lessons.learner.progress import Progress
from lessons.learner.report import LessonReport, QuestionReport, find_question, report
from lessons.learner.review import due
from lessons.learner.slip_names import name_of

_STATES: Mapping[str, str] = {
    "new": _("not started"),
    "under way": _("in progress"),
    "done": _("done"),
}
_VERDICTS: Mapping[str, str] = {
    "right": _("right"),
    "slip": _("slip"),
    "wrong": _("wrong"),
    "unreadable": _("unreadable"),
    "shown": _("shown"),
    "skipped": _("skipped"),
    "noted": _("noted"),
}


@dataclass(frozen=True, slots=True)
class Record:
    """Everything that is known about the learner."""

    day: date
    """The day on which it was made."""
    lessons: tuple[LessonReport, ...]
    """The written lessons, in order."""
    due: tuple[tuple[str, str], ...]
    """Lesson and name of the questions that are due on this day."""
    answers: tuple[Answer, ...]
    carried: LearnerLog = field(default_factory=LearnerLog)
    """What another machine needs beside: places, exercises and their files."""


def record(contents: Catalog, progress: Progress) -> Record:
    """Collect what is known; raises LessonError if a lesson is broken."""
    answers = progress.answers()
    logs = question_logs(answers)
    lessons = tuple(
        report(contents.load(entry.slug), progress, logs, answers)
        for entry in contents.entries()
        if entry.is_written
    )
    back = due(
        logs.values(),
        progress.today,
        lambda slug, name: find_question(contents, slug, name) is not None,
    )
    return Record(
        progress.today,
        lessons,
        tuple((log.slug, log.name) for log in back),
        tuple(answers),
        LearnerLog((), progress.places(), *files.carried(), progress.rounds()),
    )


def as_json(found: Record) -> dict[str, object]:
    """Plain data. Steps count from 1; days are ISO dates, or None if none was recorded."""
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
        **as_data(found.carried),
    }


def _lesson_json(lesson: LessonReport) -> dict[str, object]:
    return {
        "slug": lesson.lesson.slug,
        "title": lesson.lesson.title,
        "state": lesson.state,
        "steps": len(lesson.lesson.steps),
        "seen": [step + 1 for step in sorted(lesson.seen)],
        "seen_keys": _seen_keys(lesson),
        "questions": [_question_json(lesson, question) for question in lesson.questions],
        "derivations": [_derivation_json(lesson, found) for found in lesson.derivations],
    }


def _derivation_json(lesson: LessonReport, found: DerivationReport) -> dict[str, object]:
    return {
        "name": found.name,
        "step": found.step + 1,
        "step_key": lesson.lesson.keys[found.step],
        "lines": found.lines,
        "asked": found.asked,
        "first_try": found.first,
        "rounds": found.rounds,
        "level": found.level,
    }


def about_derivation(lesson: LessonReport, found: DerivationReport) -> str:
    """A derivation that the learner has begun to give, in words."""
    text = _(
        "{lesson}, step {number} ({step}): level {level} of {levels}, {first} of {asked} lines "
        "right at the first try"
    )
    return text.format(
        lesson=lesson.lesson.title,
        number=found.step + 1,
        step=plain_text(lesson.lesson.steps[found.step].title),
        level=found.level,
        levels=LEVELS,
        first=found.first,
        asked=found.asked,
    )


def _seen_keys(lesson: LessonReport) -> list[str]:
    """The keys of the steps that were seen, in order; then those that the lesson no longer has."""
    keys = lesson.lesson.keys
    there = (keys[place] for place in sorted(lesson.seen))
    return [*there, *sorted(lesson.progress.gone(keys))]


def _question_json(lesson: LessonReport, question: QuestionReport) -> dict[str, object]:
    log = question.log
    return {
        "name": question.name,
        "step": question.step + 1,
        "step_key": lesson.lesson.keys[question.step],
        "outcome": log.latest.outcome.value if log else None,
        "tries": log.latest.tries if log else 0,
        "slips": dict(log.slips) if log else {},
        "days": [_iso(each.day) for each in log.rounds] if log else [],
        "due": _iso(question.due),
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def as_markdown(found: Record) -> str:
    """The same as a document, without the lessons that were not started."""
    begun = [lesson for lesson in found.lessons if lesson.state != "new"]
    title = _("Progress on {day}").format(day=found.day.isoformat())
    lines = [f"# {title}", "", overview(found), ""]
    if begun:
        head = _table_head(
            _("lesson"), _("steps seen"), _("first try"), _("later try"), _("shown"), _("skipped"),
            _("open"), _("slips"),
        )  # fmt: skip
        lines += ["## " + _("Lessons"), "", *head, *map(_row, begun), ""]
    shaky = [(lesson, question) for lesson in begun for question in lesson.shaky]
    if shaky:
        lines += ["## " + _("Shaky questions"), ""]
        lines += [f"- {about_shaky(lesson, question)}" for lesson, question in shaky]
        lines.append("")
    given = [(lesson, one) for lesson in found.lessons for one in lesson.derivations if one.begun]
    if given:
        lines += ["## " + _("Derivations that you give yourself"), ""]
        lines += [f"- {about_derivation(lesson, one)}" for lesson, one in given]
        lines.append("")
    if found.answers:
        head = _table_head(
            _("day"), _("lesson"), _("question"), _("answer"), _("verdict"), _("slip")
        )
        lines += ["## " + _("Answers"), "", *head, *map(_answer_row, found.answers), ""]
    return "\n".join(lines)


def overview(found: Record) -> str:
    """One or two sentences that sum up everything."""
    total = plural("{count} lesson", "{count} lessons", len(found.lessons))
    if all(lesson.state == "new" for lesson in found.lessons):
        text = _("{lessons}, none started yet. To open one, run `dltutor`.")
        return text.format(lessons=total)
    done = sum(lesson.done for lesson in found.lessons)
    shaky = sum(len(lesson.shaky) for lesson in found.lessons)
    asked = sum(len(lesson.asked) for lesson in found.lessons)
    text = _("{done} of {lessons} done, {questions} asked, {shaky} of them shaky.").format(
        done=done,
        lessons=total,
        questions=plural("{count} question", "{count} questions", asked),
        shaky=shaky,
    )
    due_today = plural(
        "{count} question is due for review today.",
        "{count} questions are due for review today.",
        len(found.due),
    )
    return f"{text} {due_today}"


def state_text(lesson: LessonReport) -> str:
    """How far the learner is with a lesson, in a word or two."""
    return _STATES[lesson.state]


def outcome_counts(lesson: LessonReport) -> Iterator[str]:
    """How many questions of a lesson ended in each way: `2 right at the first try`."""
    texts = {
        Outcome.FIRST: _("{count} right at the first try"),
        Outcome.LATER: _("{count} right later"),
        Outcome.SHOWN: _("{count} shown"),
        Outcome.SKIPPED: _("{count} skipped"),
        Outcome.OPEN: _("{count} open"),
    }
    for outcome, text in texts.items():
        if count := lesson.count(outcome):
            yield text.format(count=count)


def about_shaky(lesson: LessonReport, question: QuestionReport) -> str:
    """A shaky question in words: where it is, how it ended, the slips."""
    log = question.log
    assert log is not None, "a question that was never asked is not shaky"
    text = _("{lesson}, step {number} ({step}): {outcome}").format(
        lesson=lesson.lesson.title,
        number=question.step + 1,
        step=plain_text(lesson.lesson.steps[question.step].title),
        outcome=outcome_text(question),
    )
    if not log.slips:
        return text
    slips = _("slips: {slips}").format(slips=slip_text(log.slug, log.slips))
    return f"{text} · {slips}"


def outcome_text(question: QuestionReport) -> str:
    """How a question ended when it was last asked, in a few words."""
    if question.log is None:
        return _("not asked yet")
    latest = question.log.latest
    tries = latest.tries
    match latest.outcome:
        case Outcome.FIRST:
            return _("right at the first try")
        case Outcome.LATER:
            return _("right at try {number}").format(number=tries)
        case Outcome.SHOWN if tries:
            return plural("shown after {count} try", "shown after {count} tries", tries)
        case Outcome.SHOWN:
            return _("shown")
        case Outcome.SKIPPED if tries:
            return plural("skipped after {count} try", "skipped after {count} tries", tries)
        case Outcome.SKIPPED:
            return _("skipped")
        case Outcome.OPEN:
            return plural(
                "not right yet after {count} try", "not right yet after {count} tries", tries
            )


def slip_text(slug: str, slips: Counter[str]) -> str:
    """The slips of a lesson by name, the most frequent first."""
    return ", ".join(_slips(slug, slips.most_common()))


def _slips(slug: str, found: Iterable[tuple[str, int]]) -> Iterator[str]:
    for slip, times in found:
        name = name_of(slug, slip)
        yield name if times == 1 else _("{slip} ({times} times)").format(slip=name, times=times)


def _row(lesson: LessonReport) -> str:
    cells = [
        lesson.lesson.title,
        _("{seen} of {steps}").format(seen=len(lesson.seen), steps=len(lesson.lesson.steps)),
        *(str(lesson.count(outcome)) for outcome in Outcome),
        slip_text(lesson.lesson.slug, lesson.slips),
    ]
    return _table_row(cells)


def _answer_row(answer: Answer) -> str:
    verdict = _VERDICTS.get(answer.verdict, answer.verdict)
    if answer.before_reset:
        verdict = _("{verdict} (before reset)").format(verdict=verdict)
    typed = " ".join("".join(each if each.isprintable() else " " for each in answer.text).split())
    typed = typed.replace("`", "'")
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


def _table_head(*cells: str) -> tuple[str, str]:
    return _table_row(cells), "|" + "---|" * len(cells)


def _table_row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"

"""The card beside a chapter's list: how far a lesson is, or what became of one question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from engine.language import _, plural
from lessons.format.document import FindMistake, Predict
from lessons.format.parser import running_text
from lessons.judge.questions import slip_sentences
from lessons.learner.export import outcome_text
from lessons.learner.log import Answer, Outcome
from lessons.learner.report import LessonReport, QuestionReport, log_name, questions_of
from lessons.learner.slip_names import name_of
from tui.columns import left, right, widest
from tui.page.hints import hint_pieces
from tui.page.lesson import heading_pieces
from tui.page.lines import GLUE, Ink, InkLine, Piece, line_width, plain, quiet, wrap
from tui.page.predict import question as question_lines
from tui.page.prose import pieces
from tui.widgets.bars import bar, progress_bar

_BAR = 24
_OUTCOMES = {
    Outcome.FIRST: (_("first try"), Ink.GOOD),
    Outcome.LATER: (_("later try"), Ink.LESSON_MARK),
    Outcome.SHOWN: (_("shown"), Ink.WARN),
    Outcome.SKIPPED: (_("skipped"), Ink.WARN),
    Outcome.OPEN: (_("open"), Ink.QUIET),
}
_VERDICTS = {
    "right": ("✓", Ink.GOOD, _("right")),
    "slip": ("✗", Ink.BAD, _("slip")),
    "wrong": ("✗", Ink.BAD, _("wrong")),
    "shown": ("▸", Ink.WARN, _("shown")),
    "skipped": ("▸", Ink.WARN, _("skipped")),
}
"""The sign, the colour and the name of what became of an answer."""
MOST_ANSWERS = 6
"""Answers to one question that are listed; the latest ones."""


@dataclass(frozen=True, slots=True)
class Card:
    """The lines of a card, and the steps that some of them stand for."""

    lines: list[InkLine]
    steps: dict[int, int]
    """The step, counted from 0, that a click on a line opens, by the number of the line."""


def lesson_card(lesson: LessonReport, today: date, width: int) -> Card:
    """How far the learner is: steps, answers, slips, review, and the list of the steps."""
    count = len(lesson.lesson.steps)
    lines = wrap([(lesson.lesson.title, Ink.HEADING)], width)
    done, rest = progress_bar(len(lesson.seen) / count, min(_BAR, width - 20))
    seen = _("{seen} of {steps}").format(
        seen=len(lesson.seen), steps=plural("{count} step", "{count} steps", count)
    )
    lines += [(), ((done, Ink.GOOD), (rest, Ink.QUIET), (f"  {seen}", Ink.QUIET))]
    if lesson.state == "new" and lesson.lesson.goals:
        lines += [(), plain(_("After it you can"), Ink.QUIET)]
        for goal in lesson.lesson.goals:
            lines += wrap([("• ", Ink.LESSON_MARK), (goal, Ink.PLAIN)], width, 0, 2)
    lines += _answers(lesson, width)
    lines += _slips(lesson, width)
    lines += _review(lesson.questions, today, width)
    lines += [(), _button({"new": _("Start"), "done": _("Read it again")}.get(
        lesson.state, _("Continue")))]  # fmt: skip
    lines += [(), plain(_("Steps; a click opens one"), Ink.QUIET)]
    places: dict[int, int] = {}
    for step in range(count):
        found = _step(lesson, step, width)
        places |= dict.fromkeys(range(len(lines), len(lines) + len(found)), step)
        lines += found
    return Card(lines, places)


def _button(action: str) -> InkLine:
    return ((f" {action} ", Ink.BUTTON), *hint_pieces(" ⟨enter|standing.open⟩"))


def _answers(lesson: LessonReport, width: int) -> list[InkLine]:
    """A bar for each way in which the questions ended."""
    if not lesson.questions:
        return []
    lines: list[InkLine] = [(), plain(_("Your answers"), Ink.QUIET)]
    if not lesson.asked:
        told = plural("{count} question, not asked yet", "{count} questions, none asked yet",
                      len(lesson.questions))  # fmt: skip
        return [*lines, *wrap([(told, Ink.PLAIN)], width)]
    names = widest(name for name, _ink in _OUTCOMES.values())
    room = min(_BAR, width - names - 6)
    for outcome, (name, ink) in _OUTCOMES.items():
        count = lesson.count(outcome)
        if count:
            drawn = bar(count / len(lesson.questions), room)
            lines.append(
                ((f"{left(name, names)}  ", Ink.PLAIN), (f"{count:>2}  ", Ink.STRONG), (drawn, ink))
            )
    return lines


def _slips(lesson: LessonReport, width: int) -> list[InkLine]:
    """The slips by name, the most frequent first."""
    if not lesson.slips:
        return []
    lines: list[InkLine] = [(), plain(_("Slips you made"), Ink.QUIET)]
    for slip, times in lesson.slips.most_common():
        name = name_of(lesson.lesson.slug, slip)
        lines += wrap([(f"{times}× ", Ink.WARN), (name, Ink.PLAIN)], width, 0, 3)
    return lines


def _review(questions: Sequence[QuestionReport], today: date, width: int) -> list[InkLine]:
    """How many questions are due, and the day on which the next one will be."""
    days = sorted(each.due for each in questions if each.due is not None)
    waiting = sum(day <= today for day in days)
    lines: list[InkLine] = []
    if waiting:
        text = plural(
            "{count} question is due: press ⟨v|chapter.review⟩",
            "{count} questions are due: press ⟨v|chapter.review⟩",
            waiting,
        )
        lines += wrap([("! ", Ink.WARN), *hint_pieces(text, Ink.WARN)], width, 0, 2)
    elif days:
        text = _("The next question comes back on {day}.").format(day=days[0])
        lines += wrap([(text, Ink.PLAIN)], width)
    return [(), plain(_("Review"), Ink.QUIET), *lines] if lines else []


def _step(lesson: LessonReport, step: int, width: int) -> list[InkLine]:
    """A step: whether it was seen, its title, and how its questions ended at the right."""
    was_seen = step in lesson.seen
    number = right(str(step + 1), len(str(len(lesson.lesson.steps)))).replace(" ", GLUE)
    head: list[Piece] = [
        ("✓ ", Ink.GOOD) if was_seen else ("○ ", Ink.QUIET), (f"{number} ", Ink.QUIET)
    ]  # fmt: skip
    title = tuple(pieces(lesson.lesson.steps[step].title))
    lines = wrap([*head, *(title if was_seen else quiet(title))], width, 0, line_width(head))
    asked = [each.log for each in lesson.questions if each.step == step and each.log is not None]
    if not asked:
        return lines
    worst = next((log for log in asked if log.is_shaky), asked[0]).latest.outcome
    name, ink = _OUTCOMES[worst]
    note: Piece = (f"{'✓' if worst is Outcome.FIRST else '!'} {name}", ink)
    if width - line_width(lines[-1]) - line_width([note]) < 2:
        lines.append(())
    room = width - line_width(lines[-1]) - line_width([note])
    lines[-1] = (*lines[-1], (" " * room, Ink.PLAIN), note)
    return lines


def question_card(
    lesson: LessonReport,
    question: QuestionReport,
    answers: Sequence[Answer],
    today: date,
    width: int,
) -> Card:
    """One question: what was asked, what was answered, the slips with their sentences, when it is
    due. `answers` are all of the learner's; the right answer is not told, as it is asked again.
    """
    step = lesson.lesson.steps[question.step]
    where = f"{lesson.lesson.title} · " + _("step {step}").format(step=question.step + 1)
    lines = [
        *wrap(heading_pieces(step.title), width), *wrap([(where, Ink.QUIET)], width), ()
    ]  # fmt: skip
    block = next(
        (each for _place, each in questions_of(lesson.lesson) if log_name(each) == question.name),
        None,
    )
    if isinstance(block, Predict):
        lines += question_lines(block, width, options=False)
    elif isinstance(block, FindMistake):
        for paragraph in block.prompt:
            lines += wrap(list(pieces(paragraph)), width)
    lines += [(), plain(_("How it went"), Ink.QUIET)]
    lines += _given(lesson, question, answers, width)
    lines += _sentences(lesson, question, block, width)
    lines += [(), plain(_("Review"), Ink.QUIET), *_due(question, today, width)]
    return Card([*lines, (), _button(_("Go to the question"))], {})


def _given(
    lesson: LessonReport, question: QuestionReport, answers: Sequence[Answer], width: int
) -> list[InkLine]:
    """The latest answers, each with its day and what became of it."""
    slug = lesson.lesson.slug
    found = [
        each for each in answers
        if (each.slug, each.question) == (slug, question.name) and not each.before_reset
    ]  # fmt: skip
    lines: list[InkLine] = []
    last: date | None = None
    word = ""
    for each in found[-MOST_ANSWERS:]:
        sign, ink, word = _VERDICTS.get(each.verdict, ("·", Ink.QUIET, each.verdict))
        said: list[Piece] = [(f"{sign} ", ink)]
        typed = " ".join("".join(c if c.isprintable() else " " for c in each.text).split())
        said.append((typed, Ink.STRONG) if typed else (word, Ink.PLAIN))
        if each.slip:
            said += [(" · ", Ink.QUIET), (name_of(slug, each.slip), Ink.PLAIN)]
        if each.day is not None and each.day != last:
            lines.append(plain(each.day.isoformat(), Ink.QUIET))
            last = each.day
        lines += wrap(said, width, 2, 4)
    outcome = outcome_text(question)
    # A question that was skipped has no answer but that.
    return lines if outcome == word else [*lines, *wrap([(outcome, Ink.QUIET)], width)]


def _sentences(
    lesson: LessonReport, question: QuestionReport, block: Predict | FindMistake | None, width: int
) -> list[InkLine]:
    """Each slip that was made here, with the sentence that was said about it."""
    if question.log is None or not isinstance(block, Predict):
        return []
    told, slug = slip_sentences(block.question), lesson.lesson.slug
    lines: list[InkLine] = []
    for slip, _times in question.log.slips.most_common():
        text = running_text(told.get(slip, ""), slug)
        name = _("{slip}. ").format(slip=name_of(slug, slip))
        lines += [(), *wrap([(name, Ink.STRONG), *pieces(text)], width)]
    return [(), plain(_("The slip"), Ink.QUIET), *lines[1:]] if lines else []


def _due(question: QuestionReport, today: date, width: int) -> list[InkLine]:
    if question.due is None:
        return wrap([(_("It is not asked again."), Ink.PLAIN)], width)
    if question.due <= today:
        since = _("due since {day}").format(day=question.due)
        text = f"{since} · " + _("press ⟨v|chapter.review⟩")
        return wrap([("! ", Ink.WARN), *hint_pieces(text, Ink.WARN)], width, 0, 2)
    return wrap([(_("due on {day}").format(day=question.due), Ink.PLAIN)], width)

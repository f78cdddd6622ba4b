"""What a learner predicted before a lab or a training, beside what there was to see."""

from __future__ import annotations

from collections.abc import Iterator

from engine.language import _
from lessons.format.document import Lab, Lesson, Predict, Step, Text, Training
from lessons.format.parser import running_text
from lessons.judge.questions import ChoiceQuestion, NumberQuestion
from lessons.judge.verdicts import LETTERS, as_text
from lessons.learner.progress import Progress


def predictions_of(step: Step) -> Iterator[Predict]:
    """The choices and numbers of a step that are asked before its last lab or training."""
    shown = [n for n, b in enumerate(step.blocks) if isinstance(b, Lab | Training)]
    for number, block in enumerate(step.blocks):
        is_before = number < max(shown, default=0)
        if not isinstance(block, Predict):
            continue
        if not isinstance(block.question, ChoiceQuestion | NumberQuestion):
            continue
        if block.later or is_before:
            yield block


def looking_back(lesson: Lesson, step: int, progress: Progress) -> list[Text]:
    """A line for each prediction of a step (counted from 0) that the learner came past.

    Empty where the step holds none, or none was answered or skipped.
    """
    if not 0 <= step < len(lesson.steps):
        return []
    found = []
    for block in predictions_of(lesson.steps[step]):
        said = progress.last_answer(lesson.slug, block.name)
        if said is not None:
            found.append(running_text(_line(block, said), lesson.slug))
    return found


def _line(block: Predict, said: str) -> str:
    question = block.question
    if isinstance(question, NumberQuestion):
        seen = question.explanation
        if not said.strip():
            return _("**You made no prediction.** What there was to see: {seen}").format(seen=seen)
        text = _("**You said:** {said} **You saw:** {seen}")
        return text.format(said=_sentence(as_text(said.strip())), seen=seen)
    assert isinstance(question, ChoiceQuestion)
    right = next(option for option in question.options if option.right)
    letter = said.strip().lower()[:1]
    place = LETTERS.find(letter) if letter else -1
    if not 0 <= place < len(question.options):
        return _("**You made no prediction.** What there was to see: {seen}").format(
            seen=right.feedback
        )
    option = question.options[place]
    text = (
        _("**You said:** {said} **You saw just that.** {seen}")
        if option.right
        else _("**You said:** {said} **You saw:** {seen}")
    )
    return text.format(said=_sentence(option.text), seen=right.feedback)


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."

"""What a learner predicted before a lab or a training, beside what there was to see."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from engine.language import _
from lessons.format.document import Lab, Lesson, Predict, Step, Text, Training
from lessons.format.parser import running_text
from lessons.judge.questions import ChoiceQuestion, NumberQuestion
from lessons.judge.verdicts import LETTERS, as_text
from lessons.learner.progress import Progress


def predictions_of(step: Step) -> Iterator[tuple[Predict, Lab | Training | None]]:
    """Each choice and number that is asked before a lab or training, with what shows it.

    That is the next lab or training of the step; None where a prediction stands below all of them.
    """
    for number, block in enumerate(step.blocks):
        if not isinstance(block, Predict):
            continue
        if not isinstance(block.question, ChoiceQuestion | NumberQuestion):
            continue
        below = (b for b in step.blocks[number + 1 :] if isinstance(b, Lab | Training))
        shown = next(below, None)
        if block.later or shown is not None:
            yield block, shown


def looking_back(
    lesson: Lesson,
    step: int,
    progress: Progress,
    trained: Callable[[Training], bool] = lambda _training: True,
) -> list[Text]:
    """A line for each prediction of a step (counted from 0) that the learner came past.

    Empty where the step holds none, or none was answered or skipped. `trained` says whether the
    learner has run a training: of one that was left out nobody has seen anything.
    """
    if not 0 <= step < len(lesson.steps):
        return []
    found = []
    for block, shown in predictions_of(lesson.steps[step]):
        said = progress.last_answer(lesson.slug, block.name)
        if said is not None:
            seen = not isinstance(shown, Training) or trained(shown)
            found.append(running_text(_line(block, said, seen=seen), lesson.slug))
    return found


def _line(block: Predict, said: str, *, seen: bool) -> str:
    question = block.question
    if isinstance(question, NumberQuestion):
        chosen, why, right = said.strip(), question.explanation, False
    else:
        assert isinstance(question, ChoiceQuestion)
        why = next(option for option in question.options if option.right).feedback
        letter = said.strip().lower()[:1]
        place = LETTERS.find(letter) if letter else -1
        known = 0 <= place < len(question.options)
        chosen = question.options[place].text if known else ""
        right = known and question.options[place].right
    if not chosen:
        text = _("**You made no prediction.** What there was to see: {seen}")
    elif not seen:
        text = _("**You said:** {said} **A run shows:** {seen}")
    elif right:
        text = _("**You said:** {said} **You saw just that.** {seen}")
    else:
        text = _("**You said:** {said} **You saw:** {seen}")
    if chosen and isinstance(question, NumberQuestion):
        chosen = as_text(chosen)
    return text.format(said=_sentence(chosen), seen=why)


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."

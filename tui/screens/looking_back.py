"""What stands at the top of a step: what the learner predicted in the one before, and saw there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from engine.language import _
from lessons.format.document import Lesson, Paragraph, Text, Training
from lessons.format.parser import running_text
from lessons.judge.verdicts import as_text
from lessons.learner.predictions import looking_back
from tui.guess import verdict
from tui.widgets.static_block import StaticBlock

if TYPE_CHECKING:
    from tui.app import TutorApp


def guess_hint() -> StaticBlock:
    """Where a training takes a guess: said where it is opened."""
    text = _(
        "On its screen, `p` takes your guess before the first update. The next step comes back to "
        "it."
    )
    return StaticBlock(Paragraph(running_text(text)))


def looking_back_blocks(tutor: TutorApp, lesson: Lesson, step: int) -> list[StaticBlock]:
    """A remark for each prediction and guess of a step, which is counted from 0."""
    found = [*looking_back(lesson, step, tutor.progress), *_guesses(tutor, lesson, step)]
    return [StaticBlock(Paragraph(text, quoted=True)) for text in found]


def _guesses(tutor: TutorApp, lesson: Lesson, step: int) -> Iterator[Text]:
    """The guess of the last training, if the step opened it and it has ended."""
    if not tutor.has_session or not 0 <= step < len(lesson.steps):
        return
    snapshot = tutor.session.snapshot
    recipes = [b.recipe for b in lesson.steps[step].blocks if isinstance(b, Training)]
    if snapshot.recipe in recipes and snapshot.guess and not snapshot.state.is_active:
        title = _("Your training.")
        for sentence in verdict(snapshot.guess, snapshot.measured, snapshot.epochs):
            yield running_text(f"**{title}** {as_text(sentence)}")

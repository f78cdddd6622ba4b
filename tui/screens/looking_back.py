"""What stands at the top of a step: what the learner predicted in the one before, and saw there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from engine.language import _
from engine.recipes.catalog import find_recipe
from engine.training.runs import KeptRun
from engine.training.snapshot import EpochMetrics
from lessons.format.document import Lesson, Paragraph, Text, Training
from lessons.format.parser import running_text
from lessons.judge.verdicts import as_text
from lessons.learner.predictions import looking_back
from tui.guess import verdict
from tui.page.training_card import last_run, own_runs
from tui.widgets.numbers import measured
from tui.widgets.static_block import StaticBlock

if TYPE_CHECKING:
    from tui.app import TutorApp

MOST_EPOCHS = 10
"""A run of no more epochs is told epoch by epoch, a longer one by its first and its last figure."""


def looking_back_blocks(tutor: TutorApp, lesson: Lesson, step: int) -> list[StaticBlock]:
    """A remark for each prediction, guess and run of a step, which is counted from 0."""
    if not 0 <= step < len(lesson.steps):
        return []
    trainings = [b for b in lesson.steps[step].blocks if isinstance(b, Training)]
    runs = {block: last_run(block, runs_of(tutor, lesson, block)) for block in trainings}
    found = [
        *looking_back(lesson, step, tutor.progress, lambda block: runs[block] is not None),
        *_guesses(tutor, trainings),
        *(running_text(run_in_words(run)) for run in runs.values() if run and run.measured),
    ]
    return [StaticBlock(Paragraph(text, quoted=True)) for text in found]


def runs_of(tutor: TutorApp, lesson: Lesson, block: Training) -> list[KeptRun]:
    """The kept runs of a training of the lesson, the latest first."""
    there = (other for step in lesson.steps for other in step.blocks)
    trainings = [other for other in there if isinstance(other, Training)]
    return own_runs(block, trainings, tutor.runs.of(block.recipe))


def _guesses(tutor: TutorApp, trainings: list[Training]) -> Iterator[Text]:
    """The guess of the last training, if the step opened it and it has ended."""
    if not tutor.has_session:
        return
    snapshot = tutor.session.snapshot
    recipes = [block.recipe for block in trainings]
    if snapshot.recipe in recipes and snapshot.guess and not snapshot.state.is_active:
        title = _("Your training.")
        for sentence in verdict(snapshot.guess, snapshot.measured, snapshot.epochs):
            yield running_text(f"**{title}** {as_text(sentence)}")


def run_in_words(run: KeptRun) -> str:
    """What was measured in a run, in running text."""
    name = ", ".join([run.run, *_own_settings(run)])
    text = _("**Your run {name}:** {figures}.")
    return text.format(name=as_text(name), figures=as_text(_figures(run.measured)))


def _own_settings(run: KeptRun) -> Iterator[str]:
    """The settings that are not those of the recipe, by which runs are told apart."""
    recipe = find_recipe(run.recipe)
    usual, began = recipe.settings({}), run.started_with or run.settings
    for one in recipe.hyperparameters:
        value = began.get(one.name, usual[one.name])
        if value != usual[one.name]:
            yield f"{one.label} {value if isinstance(value, str) else format(value, 'g')}"


def _figures(rows: Sequence[EpochMetrics]) -> str:
    """The loss from the first to the last epoch, and the test accuracy or the test loss."""
    first, last = rows[0], rows[-1]
    told = []
    if first.train_loss is not None:
        text = _("train loss {first} at first, {last} in the end")
        told.append(text.format(first=measured(first.train_loss), last=measured(last.train_loss)))
    accuracies = [row.test_accuracy for row in rows if row.epoch]
    if not accuracies or last.test_accuracy is None:
        text = _("test loss {first} at first, {last} in the end")
        told.append(text.format(first=measured(first.test_loss), last=measured(last.test_loss)))
    elif len(accuracies) <= MOST_EPOCHS:
        text = _("test accuracy after each epoch {figures}")
        told.append(text.format(figures=", ".join(f"{value:.3f}" for value in accuracies)))
    else:
        text = _("test accuracy {last} in the end")
        told.append(text.format(last=f"{last.test_accuracy:.3f}"))
    return "; ".join(told)

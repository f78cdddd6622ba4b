"""The widgets of a step: its title, what the learner did before, its blocks."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widget import Widget

from lessons.format.document import (
    Block,
    Code,
    Derivation,
    Figure,
    FindMistake,
    Lab,
    Lesson,
    Paragraph,
    Predict,
    Training,
    WithNumbers,
    WriteExercise,
)
from lessons.format.scopes import notation_of
from lessons.learner.report import log_name
from tui.page.lesson import heading_pieces
from tui.page.lines import InkLine, line_text, wrap
from tui.page.prose import pieces
from tui.screens.looking_back import looking_back_blocks, runs_of
from tui.widgets.code_view import CodeView
from tui.widgets.derivation import DerivationView
from tui.widgets.exercise_card import ExerciseCard
from tui.widgets.figure_view import FigureView
from tui.widgets.lines_view import LinesView
from tui.widgets.mistake import MistakeView
from tui.widgets.number_rows import NumberRowsView
from tui.widgets.predict import PredictView
from tui.widgets.static_block import StaticBlock
from tui.widgets.training_card import TrainingCard

if TYPE_CHECKING:
    from tui.app import TutorApp


class StepTitle(LinesView):
    """The sub-goal of the step."""

    def __init__(self, lesson: Lesson, step: int) -> None:
        super().__init__(classes="step-title")
        self.lesson, self.step = lesson, step

    def lines(self, width: int) -> list[InkLine]:
        title = heading_pieces(self.lesson.steps[self.step].title)
        return wrap(title, width)


def step_widgets(tutor: TutorApp, lesson: Lesson, step: int) -> Iterator[Widget]:
    """The widgets of `step`, counted from 0, in the order in which they stand on the page."""
    yield StepTitle(lesson, step)
    yield from looking_back_blocks(tutor, lesson, step - 1)
    for block in lesson.steps[step].blocks:
        yield from _captioned(tutor, lesson, step, block)


def _captioned(tutor: TutorApp, lesson: Lesson, step: int, block: Block) -> Iterator[Widget]:
    """The caption of a block, unless the block shows it itself, and the block."""
    if isinstance(block, Lab | Training | WriteExercise) and block.caption:
        yield StaticBlock(Paragraph(block.caption))
    yield _widget(tutor, lesson, step, block)


def _widget(tutor: TutorApp, lesson: Lesson, step: int, block: Block) -> Widget:
    match block:
        case Code():
            return CodeView(block)
        case Predict():
            before = tutor.progress.last_answer(lesson.slug, block.name)
            return PredictView(block, before)
        case FindMistake():
            named = tutor.progress.last_answer(lesson.slug, log_name(block))
            return MistakeView(block, named)
        case Lab():
            return _lab(tutor, lesson, step, block)
        case Derivation():
            return DerivationView(block, notation_of(lesson, step, block))
        case WithNumbers():
            return NumberRowsView(block)
        case Training():
            return TrainingCard(block, partial(runs_of, tutor, lesson, block))
        case WriteExercise():
            return ExerciseCard(block.name)
        case Figure():
            return FigureView(block)
        case _:
            return StaticBlock(block)


def _lab(tutor: TutorApp, lesson: Lesson, step: int, block: Lab) -> Widget:
    """A lab in the state in which it was left, as long as the program runs.

    On the whole screen its border names the lesson and the step, unless it has a title of its own.
    """
    from tui.labs import make_lab

    lab = make_lab(block.name, dict(block.options))
    states = tutor.lab_states
    place = (lesson.slug, lesson.keys[step], block.name, block.options)
    if place in states:
        lab.restore(states[place])
    lab.keep = partial(states.__setitem__, place)
    lab.border_title = Content(f"{lesson.title} · {line_text(pieces(lesson.steps[step].title))}")
    return lab

"""A question that the learner answers before going on: judged, and slips named."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input

from lessons.checks import book
from lessons.checks.answers import Diagnosis, Verdict, judge
from lessons.checks.base import ChoiceQuestion, NumberQuestion
from lessons.document import Predict
from lessons.parser import running_text
from tui.page.lines import Ink, InkLine, Piece, wrap
from tui.page.predict import question
from tui.page.prose import pieces
from tui.widgets.lines_view import LinesView

_LEADS: dict[Verdict, tuple[str, Ink]] = {
    Verdict.RIGHT: ("✓ right  ", Ink.GOOD),
    Verdict.SLIP: ("✗ not yet  ", Ink.BAD),
    Verdict.WRONG: ("✗ not yet  ", Ink.BAD),
    Verdict.UNREADABLE: ("! ", Ink.WARN),
    Verdict.SHOWN: ("▸ shown  ", Ink.QUIET),
}


class QuestionText(LinesView):
    """The question itself."""

    def __init__(self, block: Predict, chapter: str) -> None:
        super().__init__()
        self.block, self.chapter = block, chapter

    def lines(self, width: int) -> list[InkLine]:
        """The question laid out."""
        return question(self.block, width, self.chapter)


class Feedback(LinesView):
    """What the tutor says about the last answer."""

    def __init__(self, chapter: str) -> None:
        super().__init__(classes="feedback")
        self.chapter = chapter
        self.diagnosis: Diagnosis | None = None

    def show(self, diagnosis: Diagnosis) -> None:
        """Show another diagnosis."""
        self.diagnosis = diagnosis
        self.relay()

    def lines(self, width: int) -> list[InkLine]:
        """The diagnosis, or how to answer."""
        if self.diagnosis is None:
            return wrap([("enter answers · ctrl+r reveals", Ink.QUIET)], width)
        lead, ink = _LEADS[self.diagnosis.verdict]
        found: list[Piece] = [(lead, ink)]
        found += pieces(running_text(self.diagnosis.message, self.chapter), self.chapter)
        return wrap(found, width, 0, 2)


class PredictView(Vertical):
    """A question, a field for the answer and the feedback."""

    BINDINGS = [
        Binding(
            "ctrl+r",
            "reveal",
            "Reveal",
            id="predict.reveal",
            tooltip="Show the answer with its explanation",
        ),
        Binding(
            "escape",
            "leave",
            "Leave field",
            id="predict.leave",
            tooltip="Give the keys back to the lesson",
        ),
    ]

    DEFAULT_CSS = """
    PredictView { height: auto; border-left: outer $warning; padding: 0 0 0 1; }
    PredictView > Input { width: 32; height: 3; }
    """

    class Answered(Message):
        """The learner answered."""

        def __init__(self, name: str, text: str, diagnosis: Diagnosis) -> None:
            super().__init__()
            self.name, self.text, self.diagnosis = name, text, diagnosis

    def __init__(self, block: Predict, chapter: str, before: str | None = None) -> None:
        """`before` is what the learner answered last time."""
        super().__init__()
        self.block = block
        self.chapter = chapter
        self.before = before
        self.question = book(chapter).predicts[block.name]

    def compose(self) -> ComposeResult:
        """Question, field, feedback."""
        yield QuestionText(self.block, self.chapter)
        choice = isinstance(self.question, ChoiceQuestion)
        yield Input(
            value=self.before or "",
            placeholder="a letter" if choice else "a number",
            id="answer",
            select_on_focus=True,
        )
        yield Feedback(self.chapter)

    def on_mount(self) -> None:
        """Judge again what was answered before, without noting it twice."""
        if self.before:
            self.query_one(Feedback).show(judge(self.question, self.before))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Judge the answer."""
        event.stop()
        diagnosis = judge(self.question, event.value)
        self.query_one(Feedback).show(diagnosis)
        if diagnosis.verdict is not Verdict.UNREADABLE:
            self.post_message(self.Answered(self.block.name, event.value, diagnosis))
        if diagnosis.verdict is Verdict.RIGHT:
            self.action_leave()  # nothing is left to type, and the arrows walk on

    def action_leave(self) -> None:
        """Give the keys back to the lesson."""
        self.screen.set_focus(None)

    def action_reveal(self) -> None:
        """Show the answer."""
        if isinstance(self.question, NumberQuestion):
            answer = f"The answer is {self.question.answer():.9g}. {self.question.explanation}"
        else:
            place = self.question.proof()
            option = self.question.options[place]
            answer = f"The answer is {'abcdefghij'[place]}. {option.feedback}"
        self.query_one(Feedback).show(Diagnosis(Verdict.SHOWN, answer))

"""A question that the learner answers before going on: judged, and slips named."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input

from lessons.format.document import Predict
from lessons.judge.answers import how_to_answer, judge, reveal
from lessons.judge.verdicts import Diagnosis, Verdict
from tui.page.lines import InkLine
from tui.page.predict import question
from tui.widgets.feedback import Feedback
from tui.widgets.lines_view import LinesView

_HOW = "enter answers · ctrl+r reveals · → goes on without"


class QuestionText(LinesView):
    """The question itself."""

    def __init__(self, block: Predict) -> None:
        super().__init__()
        self.block = block

    def lines(self, width: int) -> list[InkLine]:
        """The question laid out."""
        return question(self.block, width)


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
    PredictView > Input { width: 36; max-width: 100%; height: 3; }
    """

    class Answered(Message):
        """The learner answered."""

        def __init__(self, name: str, text: str, diagnosis: Diagnosis) -> None:
            super().__init__()
            self.name, self.text, self.diagnosis = name, text, diagnosis

    def __init__(self, block: Predict, before: str | None = None) -> None:
        """`before` is what the learner answered last time."""
        super().__init__()
        self.block = block
        self.before = before
        self.question = block.question
        self.is_settled = False
        """Whether it was answered rightly, revealed or skipped."""
        self._tries = 0
        """Answers that no slip explained: each gets one hint more."""

    def compose(self) -> ComposeResult:
        """Question, field, feedback."""
        yield QuestionText(self.block)
        yield Input(
            value=self.before or "",
            placeholder=how_to_answer(self.question),
            id="answer",
            select_on_focus=True,
        )
        yield Feedback(self.block.slug, _HOW)

    def on_mount(self) -> None:
        """Judge again what was answered before, without noting it twice."""
        if self.before:
            self._show(judge(self.question, self.before))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Judge the answer."""
        event.stop()
        diagnosis = judge(self.question, event.value, self._tries)
        self._tries += diagnosis.verdict is Verdict.WRONG
        self._settle(diagnosis, event.value)
        if diagnosis.verdict.settles:
            self.action_leave()  # nothing is left to type, and the arrows walk on

    def action_leave(self) -> None:
        """Give the keys back to the lesson."""
        self.screen.set_focus(None)

    def action_reveal(self) -> None:
        """Show the answer beside what was guessed."""
        guess = self.query_one(Input).value
        self._settle(reveal(self.question, guess), guess)

    def skip(self) -> None:
        """Go on without an answer; nothing is told, so that it can be tried another day."""
        if not self.is_settled:
            self._settle(Diagnosis(Verdict.SKIPPED, "The question stays open."), "")

    def _settle(self, diagnosis: Diagnosis, text: str) -> None:
        self._show(diagnosis)
        if diagnosis.verdict is not Verdict.UNREADABLE:
            self.post_message(self.Answered(self.block.name, text, diagnosis))

    def _show(self, diagnosis: Diagnosis) -> None:
        self.is_settled = self.is_settled or diagnosis.verdict.settles
        feedback = self.query_one(Feedback)
        feedback.show(diagnosis)
        if self.has_focus_within:
            self.call_after_refresh(feedback.scroll_visible, animate=False)

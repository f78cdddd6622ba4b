"""A question for the learner to answer; the answer is judged, and known slips are named."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input

from engine.language import _
from lessons.format.document import Predict
from lessons.judge.answers import how_to_answer, judge, reveal
from lessons.judge.shuffling import kept, shown_again, shown_order
from lessons.judge.verdicts import Diagnosis, Verdict
from lessons.learner.progress import Progress
from lessons.learner.seed import seed_of
from tui.page.lines import InkLine
from tui.page.predict import question
from tui.widgets.feedback import Feedback
from tui.widgets.lines_view import LinesView

_HOW = _("enter: answer · ctrl+r: reveal · →: skip")


class QuestionText(LinesView):
    """The question itself."""

    def __init__(self, block: Predict, order: tuple[int, ...] = ()) -> None:
        """`order` holds the index of the option at each place; by default that of the file."""
        super().__init__()
        self.block, self.order = block, order

    def lines(self, width: int) -> list[InkLine]:
        """The question as lines."""
        return question(self.block, width, self.order)


class PredictView(Vertical):
    """A question, an input for the answer, and the feedback."""

    BINDINGS = [
        Binding(
            "ctrl+r",
            "reveal",
            _("Reveal"),
            id="predict.reveal",
            tooltip=_("Show the answer with its explanation"),
        ),
        Binding(
            "escape",
            "leave",
            _("Leave field"),
            id="predict.leave",
            tooltip=_("Return to the lesson"),
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
        """`before` is the learner's last answer, if there is one."""
        super().__init__()
        self.block = block
        self.before = before
        self.question = block.question
        self.is_settled = False
        """Whether it was answered correctly, revealed or skipped."""
        self.order: tuple[int, ...] = ()
        """The index of the option at each place; empty where nothing is chosen."""
        self._tries = 0
        """Answers that no slip explained; each adds one hint."""

    def compose(self) -> ComposeResult:
        """Question, input, feedback."""
        self.order = self._learners_order()
        if self.before:
            self.before = shown_again(self.question, self.before, self.order)
        yield QuestionText(self.block, self.order)
        yield Input(
            value=self.before or "",
            placeholder=how_to_answer(self.question),
            id="answer",
            select_on_focus=True,
        )
        yield Feedback(self.block.slug, _HOW)

    def _learners_order(self) -> tuple[int, ...]:
        """The learner's own order of the options; outside of the tutor that of the file."""
        progress = getattr(self.app, "progress", None)
        if not isinstance(progress, Progress):
            return shown_order(self.question, "")
        key = f"{self.block.slug}/{self.block.name}"
        return shown_order(self.question, key, seed_of(progress))

    def on_mount(self) -> None:
        """Judge the earlier answer again without recording it twice."""
        if self.before:
            self._show(judge(self.question, self.before, order=self.order))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Judge the answer."""
        event.stop()
        diagnosis = judge(self.question, event.value, self._tries, self.order)
        self._tries += diagnosis.verdict is Verdict.WRONG
        self._settle(diagnosis, event.value)
        if diagnosis.verdict.settles:
            self.action_leave()  # nothing is left to type; the arrow keys change the step again

    def action_leave(self) -> None:
        """Return the focus to the lesson."""
        self.screen.set_focus(None)

    def action_reveal(self) -> None:
        """Show the answer beside the learner's guess."""
        guess = self.query_one(Input).value
        self._settle(reveal(self.question, guess, self.order), guess)

    def skip(self) -> None:
        """Skip the question; the answer stays hidden, so that it can be tried another day."""
        if not self.is_settled:
            self._settle(Diagnosis(Verdict.SKIPPED, _("The question stays open.")), "")

    def _settle(self, diagnosis: Diagnosis, text: str) -> None:
        self._show(diagnosis)
        if diagnosis.verdict is not Verdict.UNREADABLE:
            # The log knows an option by its place in the file, whatever place it was shown at.
            logged = kept(self.question, text, self.order)
            self.post_message(self.Answered(self.block.name, logged, diagnosis))

    def _show(self, diagnosis: Diagnosis) -> None:
        self.is_settled = self.is_settled or diagnosis.verdict.settles
        feedback = self.query_one(Feedback)
        feedback.show(diagnosis)
        if self.has_focus_within:
            self.call_after_refresh(feedback.scroll_visible, animate=False)

"""A question for the learner to answer; the answer is judged, and known slips are named."""

from __future__ import annotations

from collections.abc import Callable

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import ScrollableContainer, Vertical
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from engine.language import _
from lessons.format.document import LessonError, Predict
from lessons.judge.answers import how_to_answer, judge, reveal
from lessons.judge.questions import ChoiceQuestion, Hints
from lessons.judge.shuffling import kept, shown_again, shown_order
from lessons.judge.verdicts import Diagnosis, Verdict
from lessons.learner.progress import Progress
from lessons.learner.seed import seed_of
from tui.background import after_refresh
from tui.page.lines import InkLine
from tui.page.predict import option_texts, question
from tui.page.prose import why_missing
from tui.widgets.answer_field import AnswerField
from tui.widgets.choice_rows import ChoiceRows
from tui.widgets.feedback import Feedback
from tui.widgets.lines_view import LinesView
from tui.widgets.tab_hint import NamesTab

_HOW_TYPED = _(
    "⟨enter|predict.answer⟩: answer · ⟨ctrl+r|predict.reveal⟩: reveal · "
    "⟨escape|predict.leave⟩, then ⟨→|lesson.next⟩: skip"
)
_HOW_NOTED = _("your prediction: press a letter, or click · ⟨→|lesson.next⟩: go on without one")
_HOW_CHOSEN = _(
    "press a letter, or click · ⟨ctrl+r|predict.reveal⟩: reveal · ⟨→|lesson.next⟩: skip"
)
_BELOW_ALL = 1_000_000
"""More rows than any step has."""
_TO_ANSWER = (
    _("⟨enter|lesson.enter⟩: answer · ⟨→|lesson.next⟩: skip"),
    _("tab: answer · ⟨→|lesson.next⟩: skip"),
)
"""What leads to the question: the key of the lesson, or where that does something else, `tab`."""
_TO_PREDICT = (
    _("⟨enter|lesson.enter⟩: your prediction · ⟨→|lesson.next⟩: go on without one"),
    _("tab: your prediction · ⟨→|lesson.next⟩: go on without one"),
)


class QuestionText(LinesView):
    """The text of a question; options that can be chosen stand in rows of their own."""

    def __init__(self, block: Predict, order: tuple[int, ...] = ()) -> None:
        """`order` holds the index of the option at each place; by default that of the file."""
        super().__init__()
        self.block, self.order = block, order

    def lines(self, width: int) -> list[InkLine]:
        """The question as lines; options that can be chosen stand in rows of their own."""
        chosen = isinstance(self.block.question, ChoiceQuestion)
        return question(self.block, width, self.order, options=not chosen)


class PredictView(NamesTab, Vertical):
    """A card with a question, rows or a field for the answer, and the feedback."""

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
    PredictView { height: auto; border: round $rule; padding: 0 1; }
    PredictView:focus-within { border: round $primary; }
    PredictView > Input {
        width: 42; max-width: 100%; margin: 1 0 1 1; background: $panel;
        &.-textual-compact { padding: 0 1; }
        &:focus { background: $field-background; }
        &:disabled { opacity: 100%; text-opacity: 100%; background: $surface; }
    }
    PredictView > .options { margin: 1 0 1 2; }
    """

    class Answered(Message):
        """The learner has answered; `name` is the question, `diagnosis` the verdict."""

        def __init__(self, name: str, text: str, diagnosis: Diagnosis) -> None:
            super().__init__()
            self.name, self.text, self.diagnosis = name, text, diagnosis

    def __init__(self, block: Predict, before: str | None = None, screen: str = "lesson") -> None:
        """`before` is the learner's last answer, if there is one.

        The ids of the keys that lead to the question and past it begin with `screen`.
        """
        super().__init__()
        self._keys_of = screen
        self.block = block
        self.before = before
        self.question = block.question
        self.is_next = True
        """Whether `enter` leads here."""
        self.is_settled = False
        """Whether it was answered correctly, revealed or skipped."""
        self.order: tuple[int, ...] = ()
        """The index of the option at each place; empty where nothing is chosen."""
        self._tries = 0
        """Answers that no slip explained; each adds one hint."""

    def compose(self) -> ComposeResult:
        """Question, rows or input, feedback."""
        self.order = self._learners_order()
        if self.before:
            self.before = shown_again(self.question, self.before, self.order)
        yield QuestionText(self.block, self.order)
        texts = option_texts(self.block, self.order)
        if texts:
            yield ChoiceRows(texts)
            yield Feedback(self.block.slug, self._how())
            return
        yield AnswerField(
            value=self.before or "",
            placeholder=how_to_answer(self.question),
            id="answer",
            select_on_focus=True,
            compact=True,
        )
        yield Feedback(self.block.slug, self._how())

    def _how(self) -> str:
        """What the keys do now."""
        return self._told().replace("|lesson.", f"|{self._keys_of}.")

    def _told(self) -> str:
        """The same with the keys of a lesson; with the focus, they answer."""
        if not self.has_focus_within:
            entered, tabbed = _TO_PREDICT if self.block.later else _TO_ANSWER
            return entered if self.is_next else self.tabbed(tabbed)
        if not self.chosen_from_rows:
            return _HOW_TYPED
        return _HOW_NOTED if self.block.later else _HOW_CHOSEN

    def tell_next(self, is_next: bool) -> None:
        """Whether `enter` leads here from now on."""
        if is_next != self.is_next:
            self.is_next = is_next
            self.tabs_changed()

    def tabs_changed(self) -> None:
        """Say it below the question."""
        self.query_one(Feedback).tell(self._how())

    def on_descendant_focus(self) -> None:
        """The keys answer now."""
        self.tabs_changed()

    def on_descendant_blur(self) -> None:
        """They belong to the lesson again."""
        if self.query(Feedback):  # a question that is removed loses the focus after its parts
            self.tabs_changed()

    @property
    def _focus_sort_key(self) -> tuple[int, int]:
        """`tab` goes to a question that is answered or skipped after all else of the step."""
        y, x = super()._focus_sort_key
        return y + (_BELOW_ALL if self.is_settled else 0), x

    @property
    def field(self) -> Widget:
        """What takes the answer: the rows of a choice, else the input."""
        return self.query_one(ChoiceRows if self.chosen_from_rows else Input)

    @property
    def chosen_from_rows(self) -> bool:
        """Whether it is answered by choosing a row."""
        return isinstance(self.question, ChoiceQuestion)

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
            diagnosis = self._judged(self.before)
            self._mark(self.before, diagnosis)
            self._show(diagnosis)

    def begin(self, key: events.Key | None = None) -> None:
        """Focus the field at once; `key` is the first character that the learner typed.

        The field reads it after it has got the focus, and so before the characters that follow.
        """
        self.screen.set_focus(self.field)
        if key is not None:
            self.field.post_message(events.Key(key.key, key.character))

    def again(self) -> None:
        """Open a settled question for another answer."""
        self.field.disabled = False
        self.begin()

    def on_click(self, event: events.Click) -> None:
        """A click on a settled question opens it for another answer."""
        if self.field.disabled and event.widget is not self.query_one(Feedback):
            self.again()

    def on_choice_rows_chosen(self, message: ChoiceRows.Chosen) -> None:
        """Judge the option."""
        message.stop()
        self._judge(message.letter)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Judge the answer."""
        event.stop()
        self._judge(event.value)

    def _judge(self, text: str) -> None:
        diagnosis = _or_why_not(lambda: self._judged(text))
        self._tries += diagnosis.verdict is Verdict.WRONG
        self._mark(text, diagnosis)
        self._settle(diagnosis, text)
        if diagnosis.verdict.settles:
            self.action_leave()  # nothing is left to type; the arrow keys change the step again
        elif isinstance(self.field, Input) and self.field.value == text:
            # The next answer replaces this one, which whoever typed on already has done.
            self.field.action_select_all()

    def _judged(self, text: str) -> Diagnosis:
        """The verdict; a prediction is only kept, whatever it is."""
        found = judge(self.question, text, self._tries, self.order)
        if not self.block.later or found.verdict is Verdict.UNREADABLE:
            return found
        told = _("Now see what happens below; the next step comes back to what you said.")
        return Diagnosis(Verdict.NOTED, told)

    def _mark(self, text: str, diagnosis: Diagnosis) -> None:
        if diagnosis.verdict is Verdict.NOTED:
            self.query_one(ChoiceRows).take(text.strip().lower()[:1])
        elif self.chosen_from_rows:
            right = diagnosis.verdict is Verdict.RIGHT
            self.query_one(ChoiceRows).mark(text.strip().lower()[:1], right=right)

    def action_leave(self) -> None:
        """Return the focus to the lesson."""
        self.screen.set_focus(None)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What comes of a prediction is not known yet."""
        return not self.block.later if action == "reveal" else True

    def action_reveal(self) -> None:
        """Show the answer beside the learner's guess."""
        guess = "" if self.chosen_from_rows else self.query_one(Input).value
        diagnosis = _or_why_not(lambda: reveal(self.question, guess, self.order))
        if self.chosen_from_rows and diagnosis.verdict.settles:
            self.query_one(ChoiceRows).mark(diagnosis.result, right=True)
        self._settle(diagnosis, guess)

    def skip(self) -> None:
        """Skip the question; the answer stays hidden, so that it can be tried another day."""
        if not self.is_settled:
            told = (
                _("You made no prediction; see what happens below.")
                if self.block.later
                else _("The question stays open.")
            )
            self._settle(Diagnosis(Verdict.SKIPPED, told), "")

    def _settle(self, diagnosis: Diagnosis, text: str) -> None:
        self._show(diagnosis)
        if diagnosis.verdict is not Verdict.UNREADABLE:
            # The log knows an option by its place in the file, whatever place it was shown at.
            logged = kept(self.question, text, self.order)
            self.post_message(self.Answered(self.block.name, logged, diagnosis))

    def _show(self, diagnosis: Diagnosis) -> None:
        self.is_settled = self.is_settled or diagnosis.verdict.settles
        # Tab skips what is answered; a skipped question still waits.
        done = diagnosis.verdict.settles and diagnosis.verdict is not Verdict.SKIPPED
        focused = self.has_focus_within
        self.field.disabled = done
        feedback = self.query_one(Feedback)
        hints = getattr(self.question, "hints", None)
        feedback.show(diagnosis, hints if isinstance(hints, Hints) else None, self._tries)
        if focused:
            after_refresh(self, self._show_end, feedback)

    def _show_end(self, feedback: Feedback) -> None:
        """Scroll to the feedback; where it fits, so that the card is seen to its lower edge."""
        views = (one for one in self.ancestors if isinstance(one, ScrollableContainer))
        view = next(views, None)
        fits = view is None or self.outer_size.height <= view.scrollable_content_region.height
        seen = self if fits else feedback
        seen.scroll_visible(animate=False, immediate=True)


def _or_why_not(find: Callable[[], Diagnosis]) -> Diagnosis:
    """What is found; or why the facts of the lesson cannot compute it, which is no answer."""
    try:
        return find()
    except LessonError as error:
        told = _("The answer cannot be computed ({why}).").format(why=why_missing(error))
        return Diagnosis(Verdict.UNREADABLE, told)

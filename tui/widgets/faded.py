"""The card below a derivation that the learner goes through: one question a line."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from engine.language import _
from lessons.derive.judging import judge, reveal
from lessons.derive.tasks import Asked, Task
from lessons.judge.verdicts import Diagnosis, Verdict
from tui.background import after_refresh, in_background
from tui.page.faded import end_text, letter, option_lines, place_text, prompt
from tui.page.hints import hint_pieces
from tui.page.lines import Ink, InkLine, wrap
from tui.widgets.answer_field import AnswerField
from tui.widgets.choice_rows import ChoiceRows
from tui.widgets.feedback import Feedback
from tui.widgets.lines_view import LinesView

_TYPED = _(
    "enter: answer · ⟨ctrl+r|faded.reveal⟩: reveal · ⟨escape|faded.leave⟩: leave · LaTeX or "
    "plain: W_ij^(l) * sigma'(z_i)"
)
_CHOSEN = _("press a letter, or click · ⟨ctrl+r|faded.reveal⟩: reveal · ⟨f|faded.read⟩: read")


class Prompt(LinesView):
    """Where the learner is in the round, and what is asked."""

    def __init__(self) -> None:
        super().__init__(classes="prompt")
        self.place, self.text = "", ""

    def put(self, place: str, text: str) -> None:
        """Show another place, which may name keys by marks, and question."""
        self.place, self.text = place, text
        self.relay()

    def lines(self, width: int) -> list[InkLine]:
        """Both, below each other."""
        lines = wrap(hint_pieces(self.place), width)
        if not self.text:
            return lines
        return lines + wrap([("? ", Ink.WARN), (self.text, Ink.STRONG)], width, 0, 2)


class OptionRows(ChoiceRows):
    """What there is to choose from; lines of a derivation are drawn as there."""

    def __init__(self, task: Task) -> None:
        super().__init__([()] * len(task.options))
        self.task_asked = task

    def lines(self, width: int) -> list[InkLine]:
        lines: list[InkLine] = []
        self._rows = []
        was_tall = False
        for place in range(len(self.texts)):
            selected = place == self.at and self.has_focus
            lead = letter(place, selected=selected, mark=self.marks.get(place))
            found = option_lines(self.task_asked, place, width, lead)
            if lines and (len(found) > 1 or was_tall):
                lines.append(())
                self._rows.append(place)
            was_tall = len(found) > 1
            self._rows += [place] * len(found)
            lines += found
        return lines


class FadedView(Vertical, can_focus=True):
    """One question after the other about the lines of a derivation; wrong answers may be mended."""

    BINDINGS = [
        Binding("enter", "go_on", _("Go on"), id="faded.on",
                tooltip=_("Go on to the next line, or to the next round")),
        Binding("ctrl+r", "reveal", _("Reveal"), id="faded.reveal",
                tooltip=_("Show the answer")),
        Binding("f", "read", _("Read"), id="faded.read",
                tooltip=_("Show all lines again, and ask nothing")),
        Binding("escape", "leave", _("Leave"), id="faded.leave",
                tooltip=_("Return the focus to the lesson")),
    ]  # fmt: skip

    DEFAULT_CSS = """
    FadedView { height: auto; border: round $rule; padding: 0 1; }
    FadedView:focus, FadedView:focus-within { border: round $primary; }
    FadedView > Input {
        width: 100%; margin: 0 0 0 1; background: $panel;
        &.-textual-compact { padding: 0 1; }
        &:focus { background: $field-background; }
        &:disabled { opacity: 100%; text-opacity: 100%; background: $surface; }
    }
    FadedView > .options { margin: 0 0 0 2; }
    """

    class Shown(Message):
        """Another line is asked; None where all are given."""

        def __init__(self, view: FadedView, task: Task | None, *, settled: bool) -> None:
            super().__init__()
            self.view, self.task, self.settled = view, task, settled

    class Answered(Message):
        """The learner has answered a task of the derivation; `diagnosis` is the verdict."""

        def __init__(self, derivation: str, task: Task, text: str, diagnosis: Diagnosis) -> None:
            super().__init__()
            self.derivation, self.task = derivation, task
            self.text, self.diagnosis = text, diagnosis

    class Finished(Message):
        """Every line of the round is settled."""

        def __init__(self, derivation: str, verdicts: tuple[Verdict, ...]) -> None:
            super().__init__()
            self.derivation, self.verdicts = derivation, verdicts

    class Closed(Message):
        """The learner wants to read the derivation again, or to begin another round."""

        def __init__(self, view: FadedView, *, again: bool) -> None:
            super().__init__()
            self.view, self.again = view, again

    def __init__(self, asked: Asked, slug: str) -> None:
        """The tasks are made in a worker: false lines have to be proved false."""
        super().__init__()
        self.asked, self.slug = asked, slug
        self.tasks: tuple[Task, ...] = ()
        self.at = 0
        self.verdicts: list[Verdict] = []
        """How each settled line ended."""
        self.first = 0
        """Lines that were right at the first try."""
        self.tries = 0
        self.is_settled = False
        """Whether the current line is."""
        self.is_busy = True
        """Whether tasks are being made, or an answer judged."""

    @property
    def at_end(self) -> bool:
        """Whether every line of the round is given."""
        return bool(self.tasks) and self.at >= len(self.tasks)

    @property
    def current(self) -> Task | None:
        """The task in hand; None at the end of the round."""
        return self.tasks[self.at] if self.at < len(self.tasks) else None

    def compose(self) -> ComposeResult:
        """The question, and below it the feedback; between them comes what takes the answer."""
        yield Prompt()
        yield Feedback(self.slug)

    def on_mount(self) -> None:
        """Make the tasks."""
        self.query_one(Prompt).put(_("… choosing the lines"), "")
        in_background(self, self.asked.tasks, self._begun, self._failed)

    def _failed(self, error: Exception) -> None:
        self.is_busy = False
        told = _("The lines cannot be asked: {error}").format(error=error)
        self.query_one(Prompt).put(told, "")

    def _begun(self, tasks: tuple[Task, ...]) -> None:
        self.tasks, self.is_busy = tasks, False
        if tasks:
            self.call_later(self._ask)
        else:
            self.query_one(Prompt).put(_("Nothing can be asked about these lines."), "")

    async def _ask(self) -> None:
        """Show the task in hand."""
        task = self.current
        assert task is not None
        self.is_settled, self.tries = False, 0
        await self.query("OptionRows, Input").remove()
        place = place_text(self.asked, self.at, len(self.tasks))
        self.query_one(Prompt).put(place, prompt(task))
        feedback = self.query_one(Feedback)
        if task.is_chosen:
            field: OptionRows | AnswerField = OptionRows(task)
        else:
            field = AnswerField(placeholder=_("a formula"), select_on_focus=True, compact=True)
        await self.mount(field, before=feedback)
        feedback.how = _CHOSEN if task.is_chosen else _TYPED
        feedback.show(None)
        self.post_message(self.Shown(self, task, settled=False))
        field.focus(scroll_visible=False)
        self.refresh_bindings()

    def on_choice_rows_chosen(self, message: ChoiceRows.Chosen) -> None:
        """Judge an option."""
        message.stop()
        self._judge(message.letter)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Judge what was typed."""
        event.stop()
        self._judge(event.value)

    def on_click(self, event: events.Click) -> None:
        """A click on a settled question goes on."""
        if self.is_settled or self.at_end:
            event.stop()
            self.call_later(self.action_go_on)

    def _judge(self, text: str) -> None:
        task = self.current
        if task is None or self.is_settled or self.is_busy:
            return
        self.is_busy = True
        in_background(
            self,
            lambda: judge(self.asked, task, text, self.tries),
            lambda found: self._take(task, text, found),
            self._failed,
        )

    def action_reveal(self) -> None:
        """Show the answer."""
        task = self.current
        if task is not None and not self.is_settled and not self.is_busy:
            fields = self.query(Input)
            guess = fields.first().value if fields else ""
            self._take(task, guess, reveal(self.asked, task, guess))

    def _take(self, task: Task, text: str, found: Diagnosis) -> None:
        self.is_busy = False
        for rows in self.query(OptionRows):
            chosen = found.result if found.verdict is Verdict.SHOWN else text
            rows.mark(chosen, right=found.verdict is not Verdict.WRONG and not found.slip)
        self.query_one(Feedback).show(found)
        if found.verdict is not Verdict.UNREADABLE:
            self.post_message(self.Answered(self.asked.block.name, task, text, found))
        if found.verdict.settles:
            self.first += found.verdict is Verdict.RIGHT and not self.tries
            self.verdicts.append(found.verdict)
            self.is_settled = True
            for field in self.query("OptionRows, Input"):
                field.disabled = True
            self.post_message(self.Shown(self, task, settled=True))
            self.focus(scroll_visible=False)
        elif found.verdict is not Verdict.UNREADABLE:
            self.tries += 1
        for field in self.query(Input):
            field.action_select_all()
        if not self.is_settled:
            self.come_into_view()
        self.refresh_bindings()

    def come_into_view(self) -> None:
        """Scroll until the card ends where the page ends, with the lines above it in sight.

        Twice: the first picture may come before the lines above have been laid out anew.
        """

        def scroll() -> None:
            page = next(
                node for node in self.ancestors if isinstance(node, Widget) and node.is_scrollable
            )
            below = self.region.bottom - page.content_region.bottom
            page.scroll_relative(y=below, animate=False, immediate=True)

        def scroll_again() -> None:
            scroll()
            after_refresh(self, scroll)

        after_refresh(self, scroll_again)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only a settled line is left behind, and only an open one can be shown."""
        if action == "go_on":
            return self.is_settled or self.at_end
        if action == "reveal":
            return bool(self.tasks) and not self.is_settled and not self.at_end
        return True

    async def action_go_on(self) -> None:
        """Ask the next line; at the end of the round begin another one."""
        if self.at_end:
            self.post_message(self.Closed(self, again=True))
            return
        if not self.is_settled:
            return
        self.at += 1
        if self.current is not None:
            await self._ask()
            return
        await self.query("OptionRows, Input").remove()
        right = sum(verdict is Verdict.RIGHT for verdict in self.verdicts)
        counts = right == len(self.verdicts)
        told = end_text(self.asked, right, len(self.verdicts), counts=counts, first=self.first)
        keys = _("⟨enter|faded.on⟩: another round · ⟨f|faded.read⟩: read")
        self.query_one(Prompt).put(keys, told)
        feedback = self.query_one(Feedback)
        feedback.how = ""
        feedback.show(None)
        self.post_message(self.Finished(self.asked.block.name, tuple(self.verdicts)))
        self.post_message(self.Shown(self, None, settled=True))
        self.focus()
        self.refresh_bindings()

    def action_read(self) -> None:
        """Return to reading."""
        self.post_message(self.Closed(self, again=False))

    def action_leave(self) -> None:
        """Return the focus to the lesson."""
        self.screen.set_focus(None)

"""A question with two answers."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from engine.language import _
from tui.widgets.coded import coded
from tui.widgets.key_button import KeyButton

_YES, _NO = _("Yes"), _("No")


class ConfirmScreen(ModalScreen[bool]):
    """Asks `question`; True if the learner agrees. The safe answer has the focus."""

    CSS_PATH = "../styles/confirm.tcss"

    AUTO_FOCUS = "#no"

    BINDINGS = [
        Binding("y", "answer(True)", _("Yes"), id="confirm.yes", tooltip=_("Yes, do it")),
        Binding("n,escape", "answer(False)", _("No"), id="confirm.no", tooltip=_("No, leave it")),
        Binding(
            "left,right,up,down",
            "app.focus_next",
            _("Other answer"),
            id="confirm.other",
            show=False,
            tooltip=_("Switch to the other answer; enter confirms it"),
        ),
    ]

    def __init__(self, question: str, yes: str = _YES, no: str = _NO) -> None:
        super().__init__()
        self.question, self.yes, self.no = question, yes, no

    def compose(self) -> ComposeResult:
        """The question over its answers; its title is what the learner wants to do."""
        with Vertical(id="confirm") as box:
            box.border_title = Content(self.yes)
            yield Static(coded(self.question), id="question", markup=False)
            with Horizontal(id="answers"):
                for name, text, key in (("yes", self.yes, "y"), ("no", self.no, "n")):
                    told = f" {text} (⟨{key}|confirm.{name}⟩) "
                    yield KeyButton(told, name=name)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Take the answer that has the focus."""
        event.stop()
        self.dismiss(event.button.id == "yes")

    def action_answer(self, agreed: bool) -> None:
        """Take an answer by its key."""
        self.dismiss(agreed)

"""A small form in which the learner commits to a guess before a training starts."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from engine.errors import UserError
from engine.language import _
from engine.training.guess import Guess, parse_accuracy, parse_loss
from tui.guess import plain
from tui.widgets.clickable import KeyLine
from tui.widgets.field_label import FieldLabel


class GuessScreen(ModalScreen[Guess | None]):
    """Asks for two numbers; returns the guess, empty where both are left out, None if cancelled."""

    AUTO_FOCUS = "#guess-first"

    BINDINGS = [
        Binding("escape", "cancel", _("Cancel"), id="guess.cancel",
                tooltip=_("Leave the guess as it was")),
    ]  # fmt: skip

    DEFAULT_CSS = """
    GuessScreen {
        align: center middle;
        #guess {
            width: 66; max-width: 100%; height: auto; max-height: 100%; padding: 1 2;
            border: round $primary; background: $surface;
        }
        #guess > Static { margin-bottom: 1; }
        #guess > Horizontal { height: 1; }
        .guess-label { width: 38; }
        Input { width: 1fr; background: $panel; }
        Input:focus { background: $primary-muted; text-style: bold; }
        #guess > #guess-note { height: auto; margin: 1 0 0 0; color: $text-muted; }
        #guess-note.-wrong { color: $text-error; }
    }
    """

    def __init__(self, guess: Guess, *, classifies: bool) -> None:
        """`guess` fills the form; what is guessed for the end is an accuracy if it `classifies`."""
        super().__init__()
        self._classifies = classifies
        last = guess.accuracy if classifies else guess.final_loss
        self.first = self._field("guess-first", guess.first_loss)
        self.last = self._field("guess-last", last)
        self.note = KeyLine(self._help, id="guess-note")

    @staticmethod
    def _field(name: str, value: float | None) -> Input:
        return Input("" if value is None else plain(value), compact=True, id=name)

    @property
    def _help(self) -> str:
        return _("tab: other field · enter: keep the guess · ⟨escape|guess.cancel⟩: cancel")

    def compose(self) -> ComposeResult:
        """A sentence, two fields, the keys."""
        end = (
            _("test accuracy after the last epoch")
            if self._classifies
            else _("test loss after the last epoch")
        )
        with Vertical(id="guess") as box:
            box.border_title = _("Guess")
            yield Static(
                _(
                    "What do you expect? Your guess is drawn in the charts and compared with what"
                    " was measured. Leave a field empty to skip it."
                ),
                markup=False,
            )
            for label, field in ((_("loss before the first update"), self.first), (end, self.last)):
                with Horizontal():
                    yield FieldLabel(label, classes="guess-label")
                    yield field
            yield self.note

    def on_input_changed(self) -> None:
        """A mistake is being corrected."""
        self.note.tell("", keys=self._help)
        self.note.remove_class("-wrong")

    def on_input_submitted(self) -> None:
        """Keep the guess, or say what is wrong with it."""
        field = self.first
        try:
            first = parse_loss(field.value) if field.value.strip() else None
            field = self.last
            parse = parse_accuracy if self._classifies else parse_loss
            last = parse(field.value) if field.value.strip() else None
        except UserError as error:
            self.note.tell(str(error))
            self.note.add_class("-wrong")
            field.focus()
            return
        accuracy, loss = (last, None) if self._classifies else (None, last)
        self.dismiss(Guess(first, accuracy, loss))

    def action_cancel(self) -> None:
        """Leave everything as it was."""
        self.dismiss(None)

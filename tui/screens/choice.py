"""A small dialog: choose one of a few."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from engine.language import _


class ChoiceScreen(ModalScreen["str | None"]):
    """Returns the id of what was chosen, or None."""

    BINDINGS = [
        Binding("escape,q", "dismiss(None)", _("Close"), id="choice.close", tooltip=_("Close"))
    ]

    DEFAULT_CSS = """
    ChoiceScreen { align: center middle; }
    ChoiceScreen > Vertical {
        width: 60; height: auto; max-height: 80%; padding: 1 2;
        border: round $primary; background: $surface;
    }
    ChoiceScreen OptionList { height: auto; border: none; background: $surface; }
    """

    def __init__(self, question: str, options: Sequence[tuple[str, str]]) -> None:
        """`options` are pairs of an id and what is shown for it."""
        super().__init__()
        self.question, self.options = question, tuple(options)

    def compose(self) -> ComposeResult:
        """The question above its options."""
        with Vertical():
            yield Static(self.question, markup=False)
            yield OptionList(*(Option(text, id=name) for name, text in self.options), markup=False)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Return the choice."""
        event.stop()
        self.dismiss(event.option_id)

"""A small dialog: choose one of a few."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from engine.language import _
from tui.widgets.clickable import KeyLine


class ChoiceScreen(ModalScreen["str | None"]):
    """Returns the id of what was chosen, or None."""

    BINDINGS = [
        Binding("escape,q", "dismiss(None)", _("Close"), id="choice.close", tooltip=_("Close"))
    ]

    DEFAULT_CSS = """
    ChoiceScreen { align: center middle; }
    ChoiceScreen > Vertical {
        width: 60; max-width: 100%; height: auto; max-height: 100%; padding: 1 2;
        border: round $primary; background: $surface;
    }
    ChoiceScreen .choice-keys { color: $foreground-muted; margin: 1 0 0 0; }
    ChoiceScreen OptionList, ChoiceScreen OptionList:focus {
        height: auto; max-height: 60vh; padding: 0; border: none; background: $surface;
        background-tint: $background 0%; scrollbar-size-vertical: 1;
    }
    """

    def __init__(self, question: str, options: Sequence[tuple[str, str]]) -> None:
        """`options` are pairs of an id and what is shown for it."""
        super().__init__()
        self.question, self.options = question, tuple(options)

    def compose(self) -> ComposeResult:
        """The question above its options, the keys below."""
        with Vertical() as box:
            box.border_title = Content(self.question)
            yield OptionList(*(Option(text, id=name) for name, text in self.options), markup=False)
            yield KeyLine(
                _("enter opens, ⟨escape|choice.close⟩ closes"),
                classes="choice-keys",
            )

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Return the choice."""
        event.stop()
        self.dismiss(event.option_id)

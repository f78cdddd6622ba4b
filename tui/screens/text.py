"""A text to read, over the screen below."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from engine.language import _


class TextScreen(ModalScreen[None]):
    """Shows a text under a title."""

    BINDINGS = [
        Binding("escape,q,enter", "dismiss", _("Close"), id="text.close", tooltip=_("Close")),
        Binding("j,down", "scroll(1)", _("Down"), id="text.down", show=False,
                tooltip=_("Scroll down")),
        Binding("k,up", "scroll(-1)", _("Up"), id="text.up", show=False, tooltip=_("Scroll up")),
        Binding("pagedown,space", "scroll(10)", _("Page down"), id="text.page_down", show=False,
                tooltip=_("Scroll a page down")),
        Binding("pageup", "scroll(-10)", _("Page up"), id="text.page_up", show=False,
                tooltip=_("Scroll a page up")),
    ]  # fmt: skip

    DEFAULT_CSS = """
    TextScreen { align: center middle; }
    TextScreen > VerticalScroll {
        width: 90%; max-width: 96; height: auto; max-height: 90%;
        border: round $primary; background: $surface; padding: 1 2;
    }
    """

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self.heading, self.text = title, text

    def compose(self) -> ComposeResult:
        """The text in a scrolling pane."""
        with VerticalScroll(can_focus=False) as pane:
            pane.border_title = self.heading
            yield Static(self.text, markup=False)

    def action_scroll(self, lines: int) -> None:
        """Scroll by some lines."""
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)

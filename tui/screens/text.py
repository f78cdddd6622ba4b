"""A text to read, over the screen below."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from engine.language import _
from tui.screens.reading_screen import ScrollingScreen, scroll_keys
from tui.widgets.clickable import clickable


class TextScreen(ScrollingScreen):
    """Shows a text under a title."""

    BINDINGS = [
        Binding("escape,q,enter", "dismiss", _("Close"), id="text.close", tooltip=_("Close")),
        *scroll_keys("text"),
    ]  # fmt: skip

    DEFAULT_CSS = """
    TextScreen { align: center middle; }
    TextScreen > VerticalScroll {
        width: 90%; max-width: 96; height: auto; max-height: 90%;
        border: round $primary; background: $surface; padding: 1 2;
        border-subtitle-color: $foreground-muted;
    }
    """

    def __init__(self, title: str, text: str | Content) -> None:
        super().__init__()
        self.heading, self.text = title, text

    def compose(self) -> ComposeResult:
        """The text in a scrolling pane."""
        with VerticalScroll(can_focus=False) as pane:
            pane.border_title = self.heading
            pane.border_subtitle = clickable([("⟨esc|text.close⟩", _("close"), "screen.dismiss")])
            yield Static(self.text, markup=False)

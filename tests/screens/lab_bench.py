"""A lab alone on a screen, for the tests of labs."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Footer, Static

from tui.labs import make_lab
from tui.themes import ThemedApp
from tui.widgets.value_editor import LineInput


class LabBench(ThemedApp[None]):
    """One lab, as wide as a lesson shows it, with the focus."""

    CSS = """
    #page { padding: 0 2; scrollbar-size-vertical: 1; }
    """

    def __init__(self, name: str, theme: str = "dltutor-dark", **options: str) -> None:
        super().__init__()
        self.animation_level = "none"
        self.lab: Widget = make_lab(name, options)
        self.wanted_theme = theme

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="page", can_focus=False):
            yield self.lab
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        self.theme = self.wanted_theme
        self.lab.focus()

    def said(self, part: str) -> str:
        """The text of a part of the lab."""
        return str(self.query_one(f"#{part}", Static).content)

    def typed(self, text: str) -> None:
        """Put text into the line that is open."""
        line = self.query_one(LineInput)
        line.cursor_blink = False
        line.value = text

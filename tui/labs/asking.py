"""Labs that fill their page, with an input line and a note below their parts."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.widgets import Static

from tui.labs.writing import WritingLab
from tui.widgets.value_editor import LineInput


class AskingLab(WritingLab):
    """A writing lab that fills most of the height; its note comes last.

    A subclass composes its own parts and then does `yield from self.asking()`.
    """

    DEFAULT_CSS = """
    AskingLab {
        height: 75vh;
        min-height: 18;
    }
    AskingLab Static { height: auto; width: 1fr; }
    AskingLab > #note { min-height: 1; max-height: 2; color: $foreground; }
    """

    def asking(self) -> ComposeResult:
        """The input line and the note."""
        yield LineInput(id="line", compact=True, select_on_focus=True)
        yield Static(id="note", markup=False)

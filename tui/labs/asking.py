"""Labs that fill their page and are written into below their parts."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.widgets import Static

from tui.labs.writing import WritingLab
from tui.widgets.value_editor import LineInput


class AskingLab(WritingLab):
    """A writing lab with a chart that takes what height there is; its note stands last.

    A subclass composes its own parts and then `yield from self.asking()`.
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
        """The line to write in, and the note."""
        yield LineInput(id="line", compact=True, select_on_focus=True)
        yield Static(id="note", markup=False)

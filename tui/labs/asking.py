"""Labs that fill their page and are written into below their parts."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.widgets import Static

from tui.labs.writing import WritingLab
from tui.widgets.value_editor import LineInput


class AskingLab(WritingLab):
    """A writing lab with a chart that takes what height there is; its note stands last.

    Subclasses compose their own parts and then `yield from self.asking()`; they set `HOW` and
    `KEYS`, show their state in `show`, and call `ask` to open the line.
    """

    DEFAULT_CSS = """
    AskingLab {
        height: 75vh;
        min-height: 18;
    }
    AskingLab Static { height: auto; width: 1fr; }
    AskingLab > #note { min-height: 1; max-height: 2; color: $foreground; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.trouble = ""
        """What is wrong with the options of the lesson; said until a key is pressed."""

    def asking(self) -> ComposeResult:
        """The line to write in, and the note."""
        yield LineInput(id="line", compact=True, select_on_focus=True)
        yield Static(id="note", markup=False)

    def on_mount(self) -> None:
        """Show the start."""
        self.show()
        self.say_keys()

    def show(self) -> None:
        """Show the state; subclasses override this."""
        raise NotImplementedError

    def say_keys(self) -> None:
        """Say which keys there are, or how to come here."""
        self.say("")

    def say(self, text: str, *, wrong: bool = False) -> None:
        """Show a sentence; where there is none, the trouble or what can be done."""
        super().say(text or self.trouble, wrong=wrong or (not text and bool(self.trouble)))

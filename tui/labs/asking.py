"""What labs share that have a line to write in: the note below, and the line itself."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from engine.errors import UserError
from tui.widgets.value_editor import LineInput


class AskingLab(Vertical, can_focus=True):
    """A lab with a note and a line to write in below it.

    Subclasses compose their own parts and then `yield from self.asking()`; they set `HOW` and
    `KEYS`, and call `ask` to open the line. What cannot be used is said; the old value stays.
    """

    HOW = ""
    """Said while the lab has no focus."""
    KEYS = ""
    """Said while it has: which keys there are."""

    DEFAULT_CSS = """
    AskingLab {
        height: 75vh;
        min-height: 18;
        border-left: outer $primary;
        padding: 0 0 0 1;
    }
    AskingLab:focus-within { border-left: outer $accent; }
    AskingLab Static { height: auto; width: 1fr; }
    AskingLab > LineInput { display: none; }
    AskingLab > LineInput.-open { display: block; }
    AskingLab > #note { min-height: 1; max-height: 2; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.trouble = ""
        """What is wrong with the options of the lesson; said until a key is pressed."""
        self._take: Callable[[str], None] | None = None

    def asking(self) -> ComposeResult:
        """The line to write in, and the note."""
        yield LineInput(id="line", compact=True, select_on_focus=True)
        yield Static(id="note", markup=False)

    def on_mount(self) -> None:
        """Show the start."""
        self.show()
        self.say_keys()

    def on_focus(self) -> None:
        """Say which keys there are."""
        self.say_keys()

    def on_blur(self) -> None:
        """Say how to come back."""
        if self._take is None:
            self.say_keys()

    def show(self) -> None:
        """Show the state; subclasses override this."""
        raise NotImplementedError

    def ask(self, prompt: str, value: str, take: Callable[[str], None]) -> None:
        """Open the line with `value`; `take` gets what was written and may raise UserError."""
        self._take = take
        line = self.query_one(LineInput)
        line.value = value
        line.add_class("-open")
        line.focus()
        self.say(prompt)

    def on_input_submitted(self, event: LineInput.Submitted) -> None:
        """Take what was written; where it cannot be used, say why and keep the old value."""
        event.stop()
        if self._take is None:
            return
        try:
            self._take(event.value)
        except UserError as error:
            self.say(str(error))
            return
        self._close()

    def on_line_input_cancelled(self, event: LineInput.Cancelled) -> None:
        """Keep the old value."""
        event.stop()
        self._close()

    def _close(self) -> None:
        self._take = None
        self.query_one(LineInput).remove_class("-open")
        self.focus()
        self.say_keys()

    def say_keys(self) -> None:
        """Say which keys there are, or how to come here."""
        self.say(self.trouble or (self.KEYS if self.has_focus_within else self.HOW))

    def say(self, note: str) -> None:
        """Say something in the note."""
        self.query_one("#note", Static).update(Content(note))

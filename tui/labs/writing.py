"""Shared by labs whose values are changed by keys or written: an input line and a note."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from textual.app import ComposeResult
from textual.widgets import Static

from engine.errors import UserError
from engine.expressions import evaluate
from engine.language import _
from tui.background import in_background
from tui.labs.base import Lab, reason
from tui.widgets.value_editor import LineInput

T = TypeVar("T")


class WritingLab(Lab):
    """A lab whose values are changed by keys or written as expressions.

    A subclass puts the parts of `written_parts` last. It changes its values in functions that raise
    UserError where a value cannot be used: the sentence is shown, and the old value stays.
    """

    DEFAULT_CSS = """
    WritingLab > #note { color: $text-muted; }
    WritingLab > #note.-wrong { color: $text-error; }
    WritingLab > LineInput { display: none; }
    WritingLab > LineInput.-open { display: block; }
    """

    def __init__(self, options: Mapping[str, str] | None = None) -> None:
        super().__init__(options)
        self._reader: Callable[[str], None] | None = None
        self._is_warm = False

    def written_parts(self) -> ComposeResult:
        """The note and the input line."""
        yield Static(id="note", markup=False)
        yield LineInput(id="line", compact=True, select_on_focus=True)

    def keys_moved(self) -> None:
        """Say what can be done; while a value is being written, its prompt stays."""
        if self.has_keys or self._reader is None:
            self.say("")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While a value is being written, letters and signs are not keys of the lab."""
        return not self.query_one(LineInput).has_focus

    def change(self, take: Callable[[], None]) -> bool:
        """Change a value and return True; where it cannot be used, say why and return False."""
        try:
            take()
        except UserError as error:
            self.say(str(error), wrong=True)
            return False
        self.say("")
        return True

    def write(self, prompt: str, value: str, take: Callable[[str], None]) -> None:
        """Open the input line with the old `value`.

        `take` gets what was written; it raises UserError where that cannot be used.
        """
        note = _("{prompt} enter sets it, ⟨escape|values.cancel⟩ keeps the old one.").format(
            prompt=prompt
        )
        self.ask(note, value, take)

    def ask(self, prompt: str, value: str, take: Callable[[str], None]) -> None:
        """Like `write`, with a `prompt` that also says what the keys do."""
        self._reader = take
        line = self.query_one(LineInput)
        line.value = value
        line.add_class("-open")
        line.focus()
        self.say(prompt)

    def on_input_submitted(self, event: LineInput.Submitted) -> None:
        """Use what was written; where it cannot be used, say why and keep the line open."""
        event.stop()
        take = self._reader
        if take is not None and self.change(lambda: take(event.value)):
            self._close()

    def on_line_input_cancelled(self, event: LineInput.Cancelled) -> None:
        """Keep the old value."""
        event.stop()
        self._close()

    def _close(self) -> None:
        self._reader = None
        self.query_one(LineInput).remove_class("-open")
        self.focus()
        self.say("")

    def compute(self, work: Callable[[], T], done: Callable[[T], None]) -> None:
        """Do `work`: on a thread while a large library may have to be imported, later at once.

        `done` must check whether the result is still needed. If the work fails, the note says so.
        """
        if self._is_warm:
            try:
                result = work()
            except Exception as error:
                self._failed(error)
            else:
                done(result)
            return

        def delivered(result: T) -> None:
            self._is_warm = True
            done(result)

        in_background(self, work, delivered, self._failed)

    def _failed(self, error: Exception) -> None:
        self.say(
            _("This could not be computed: {reason}.").format(reason=reason(error)), wrong=True
        )


def read_number(text: str) -> float:
    """One number, or an expression such as 1/8 or ln(3); raises UserError."""
    return evaluate(text)


def read_numbers(text: str) -> tuple[float, ...]:
    """Several numbers, separated by spaces or semicolons; raises UserError.

    With semicolons, an expression may contain spaces.
    """
    words = text.split(";") if ";" in text else text.split()
    if not words:
        raise UserError(_("Nothing was typed. Type numbers, separated by spaces."))
    return tuple(evaluate(word) for word in words)


def plain(value: float) -> str:
    """A number as it is written into a field: `0.5`, `-3`, `1e-05`."""
    text = repr(value)
    return text[:-2] if text.endswith(".0") else text

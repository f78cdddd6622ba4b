"""One of a few words, chosen with the arrows or by its first letter."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from textual import events
from textual.binding import Binding
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget


class ChoiceInput(Widget, can_focus=True):
    """Shows the chosen word; it may hold a word that is no choice, until another is chosen."""

    DEFAULT_CSS = """
    ChoiceInput { height: 1; width: 1fr; background: $surface; color: $foreground; }
    ChoiceInput:focus { background: $primary-muted; text-style: bold; }
    ChoiceInput:disabled { color: $text-disabled; }
    """

    BINDINGS = [
        Binding("right,down,space", "move(1)", "Next", id="choice.next", show=False,
                tooltip="The next choice"),
        Binding("left,up", "move(-1)", "Previous", id="choice.previous", show=False,
                tooltip="The choice before"),
        Binding("enter", "submit", "Take it", id="choice.submit", show=False,
                tooltip="Leave the field"),
    ]  # fmt: skip

    value = reactive("", init=False)

    class Changed(Message):
        """Another word is chosen."""

    class Submitted(Message):
        """The learner pressed enter."""

    def __init__(
        self,
        choices: Sequence[str],
        *,
        tooltip: str | None = None,
        id: str | None = None,  # noqa: A002 - Textual's own name
    ) -> None:
        super().__init__(id=id)
        self.choices = tuple(choices)
        self.tooltip = tooltip

    def watch_value(self) -> None:
        """Tell of another word."""
        self.post_message(self.Changed())

    def action_move(self, direction: int) -> None:
        """Take the next (1) or the previous (−1) choice, around the ends."""
        if self.value in self.choices:
            index = (self.choices.index(self.value) + direction) % len(self.choices)
        else:
            index = 0 if direction > 0 else -1
        self.value = self.choices[index]

    def action_submit(self) -> None:
        """Leave the field."""
        self.post_message(self.Submitted())

    def on_key(self, event: events.Key) -> None:
        """A letter takes the next choice that begins with it; none reaches the screen's keys."""
        if not event.is_printable or event.character is None or event.key == "space":
            return
        event.stop()
        event.prevent_default()
        letter = event.character.lower()
        found = [index for index, word in enumerate(self.choices) if word.startswith(letter)]
        if found:
            at = self.choices.index(self.value) if self.value in self.choices else -1
            self.value = self.choices[next((i for i in found if i > at), found[0])]

    def render_line(self, y: int) -> Strip:
        """The word, between arrows where there is room for them."""
        width, style = self.size.width, self.rich_style
        value = self.value
        text = f"‹{value}›" if len(value) + 2 <= width else value
        if len(text) > width:
            text = f"{text[: width - 1]}…"
        return Strip([Segment(text, style)]).adjust_cell_length(width, style)

"""One of a few words, chosen with the arrow keys or by its first letter."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from textual import events
from textual.binding import Binding
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from engine.language import _
from tui.widgets.drawn_text import DrawnText

_ARROWS = {"‹": -1, "›": 1}


class ChoiceInput(DrawnText, can_focus=True):
    """Shows the chosen word, which may be outside the choices until another is chosen."""

    DEFAULT_CSS = """
    ChoiceInput { height: 1; width: 1fr; background: $surface; color: $foreground; }
    ChoiceInput:focus { background: $primary-muted; text-style: bold; }
    ChoiceInput:disabled { color: $foreground-muted; }
    """

    BINDINGS = [
        Binding("right,down,space", "move(1)", _("Next"), id="choice.next", show=False,
                tooltip=_("The next choice")),
        Binding("left,up", "move(-1)", _("Previous"), id="choice.previous", show=False,
                tooltip=_("The previous choice")),
        Binding("enter", "submit", _("Accept"), id="choice.submit", show=False,
                tooltip=_("Accept the choice and leave the field")),
    ]  # fmt: skip

    value = reactive("", init=False)

    class Changed(Message):
        """Another word was chosen."""

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
        """Announce the new word."""
        self.post_message(self.Changed())

    def action_move(self, direction: int) -> None:
        """Choose the next (1) or the previous (−1) word, wrapping around."""
        if self.value in self.choices:
            index = (self.choices.index(self.value) + direction) % len(self.choices)
        else:
            index = 0 if direction > 0 else -1
        self.value = self.choices[index]

    def action_submit(self) -> None:
        """Leave the field."""
        self.post_message(self.Submitted())

    def on_key(self, event: events.Key) -> None:
        """A letter chooses the next word that starts with it; letters never reach the screen."""
        if not event.is_printable or event.character is None or event.key == "space":
            return
        event.stop()
        event.prevent_default()
        letter = event.character.lower()
        found = [index for index, word in enumerate(self.choices) if word.startswith(letter)]
        if found:
            at = self.choices.index(self.value) if self.value in self.choices else -1
            self.value = self.choices[next((i for i in found if i > at), found[0])]

    def on_click(self, event: events.Click) -> None:
        """A click on an arrow does what the key does."""
        at = event.get_content_offset(self)
        text = self._text
        if at is not None and at.x < len(text) and text[at.x] in _ARROWS:
            self.action_move(_ARROWS[text[at.x]])

    @property
    def _text(self) -> str:
        value = self.value
        return f"‹{value}›" if len(value) + 2 <= self.size.width else value

    def render_line(self, y: int) -> Strip:
        """The word, between arrows if there is room for them."""
        width, style = self.size.width, self.rich_style
        text = self._text
        if len(text) > width:
            text = f"{text[: width - 1]}…"
        return Strip([Segment(text, style)]).adjust_cell_length(width, style)

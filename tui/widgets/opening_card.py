"""A card in a lesson that opens a screen of its own."""

from __future__ import annotations

from textual import events

from tui.widgets.lines_view import LinesView


class OpeningCard(LinesView, can_focus=True):
    """A framed card; a click does what its key does. Subclasses give the lines and the key."""

    DEFAULT_CSS = """
    OpeningCard { border: round $rule; padding: 0 1; }
    OpeningCard:hover, OpeningCard:focus { border: round $primary; }
    """

    def on_click(self, event: events.Click) -> None:
        """A click opens it, too."""
        event.stop()
        self.action_open()

    def action_open(self) -> None:
        """Open what the card is about."""
        raise NotImplementedError

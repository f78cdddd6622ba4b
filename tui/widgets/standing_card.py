"""The card beside the list of a chapter: the selected lesson, or the selected question."""

from __future__ import annotations

from collections.abc import Callable

from textual import events
from textual.message import Message

from tui.page.lines import InkLine
from tui.page.standing import Card
from tui.widgets.side_card import SideCard


class StandingCard(SideCard):
    """Shows a card; a click on one of its steps opens that step, another one what is selected."""

    class Chosen(Message):
        """The card was clicked; `step` is counted from 0, and None beside the steps."""

        def __init__(self, step: int | None) -> None:
            super().__init__()
            self.step = step

    def __init__(self) -> None:
        super().__init__()
        self._make: Callable[[int], Card] | None = None
        self._steps: dict[int, int] = {}

    def show(self, title: str, make: Callable[[int], Card] | None) -> None:
        """Show what `make` lays out at a width, under `title`; nothing where it is None."""
        self._make = make
        self.border_title = title
        self.display = make is not None
        self.relay()

    def lines(self, width: int) -> list[InkLine]:
        card = self._make(width) if self._make else Card([], {})
        self._steps = card.steps
        return card.lines

    def on_click(self, event: events.Click) -> None:
        """Open what was clicked."""
        event.stop()
        inside = event.get_content_offset(self)
        self.post_message(self.Chosen(self._steps.get(inside.y) if inside else None))

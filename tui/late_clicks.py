"""The mouse may be pressed on what has left the screen since the last picture.

Textual begins to select text in the parent of what is under the mouse, and a widget that was taken
away has none. A row of a list is known by its number, and the list may have become shorter.
"""

from __future__ import annotations

from textual import events
from textual.geometry import Offset
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import OptionList

_their_widget_at = Screen.get_widget_and_offset_at
_their_click = OptionList._on_click


def _widget_at(self: Screen[object], x: int, y: int) -> tuple[Widget | None, Offset | None]:
    """Textual's, without a widget that has left."""
    widget, offset = _their_widget_at(self, x, y)
    return (widget, offset) if widget is not None and widget.is_attached else (None, None)


def clicked_row(rows: OptionList, event: events.Click) -> int | None:
    """The number of the row that was clicked; None where there is none any more."""
    row: int | None = event.style.meta.get("option")
    return row if row is not None and row < rows.option_count else None


async def _on_click(self: OptionList, event: events.Click) -> None:
    """Textual's, if the row is there."""
    if clicked_row(self, event) is not None:
        await _their_click(self, event)


def ignore_late_clicks() -> None:
    """From now on, in every application of this process."""
    Screen.get_widget_and_offset_at = _widget_at  # type: ignore[method-assign, assignment]
    OptionList._on_click = _on_click  # type: ignore[method-assign]

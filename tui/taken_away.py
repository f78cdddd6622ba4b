"""The mouse on a widget that is being taken away, which is drawn until the next layout.

Where a press begins to mark text, Textual asks for the place of what holds the widget, which it has
lost by then, and the program would end with a traceback.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from textual import events
from textual.errors import NoWidget
from textual.screen import Screen


def is_on_nothing(screen: Screen[Any], event: events.Event) -> bool:
    """Whether the mouse is pressed, moved or turned on a widget that is there no more.

    A button that is let go ends what its press began, wherever it is; and what was begun on a
    widget that has gone is forgotten here.
    """
    if not isinstance(event, events.MouseEvent) or event.is_forwarded:
        return False
    marking = screen._select_state
    if marking is not None and not marking.is_attached_to_dom():
        screen._select_state = None
    if isinstance(event, events.MouseUp):
        return False
    with suppress(NoWidget):
        widget, _ = screen.get_widget_at(event.x, event.y)
        return not widget.is_attached
    return False

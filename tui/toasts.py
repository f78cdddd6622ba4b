"""Dialogs are never covered by what is said in the corner: it stands beside them, or it waits."""

from __future__ import annotations

from time import time
from typing import Any, TypeVar

from rich.console import RenderableType
from textual._compositor import LayoutUpdate
from textual.app import App
from textual.content import Content
from textual.dom import DOMNode
from textual.geometry import Region
from textual.notifications import Notification
from textual.screen import ModalScreen, Screen
from textual.widget import Widget

ReturnType = TypeVar("ReturnType")

_WIDTH = 60
"""Columns of a message; half of the screen, if that is less."""
_SIDES = 3
"""Columns of its border and its air."""
_ABOVE_AND_BELOW = 3
"""Rows of its air, with that above it."""
_FOOT = 1
"""Rows that stay free below all messages."""


class KeepsDialogsClear(App[ReturnType]):
    """An application whose messages keep off its dialogs."""

    _waiting: list[tuple[Notification, float]]
    """Messages that come when the dialog is closed, and for how many seconds."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._waiting = []

    def _register_child(
        self, parent: DOMNode, child: Widget, before: int | None, after: int | None
    ) -> None:
        super()._register_child(parent, child, before, after)
        if isinstance(child, ModalScreen) and self._screen_stack:
            self._send_read_away()

    def _send_read_away(self) -> None:
        """What was read about the screen below says nothing about a dialog.

        Warnings and errors stay, and what is said at the same time as the dialog opens: beside
        the dialog, not half behind it.
        """
        from textual.widgets._toast import Toast, ToastRack

        read = [toast._notification for toast in self.screen.query(Toast)]
        for each in read:
            if each.severity == "information" and each in self._notifications:
                self._unnotify(each, refresh=False)
        if read:  # what is shown is renewed when the screen is in front again
            self.call_later(setattr, self.screen.get_child_by_type(ToastRack), "display", False)

    def _refresh_notifications(self) -> None:
        """Show the messages; over a dialog only those that do not touch it."""
        screen = self.screen if self._screen_stack else None
        if not isinstance(screen, ModalScreen):
            self._bring_back()
            super()._refresh_notifications()
            return
        # Only what is laid out is known to have room beside it.
        screen.call_after_refresh(self._show_beside, screen)

    def _show_beside(self, dialog: Screen[Any]) -> None:
        if self.screen is not dialog:
            return
        room = _rows_beside(dialog)
        for each in [*self._notifications]:
            room -= _rows_of(each, dialog.size.width)
            if room < 0:
                self._waiting.append((each, each.time_left))
                self._unnotify(each, refresh=False)
        super()._refresh_notifications()

    def _bring_back(self) -> None:
        for each, left in self._waiting:
            each.raised_at = time() + left - each.timeout
            self._notifications.add(each)
        self._waiting.clear()

    def clear_notifications(self) -> None:
        """Forget also those that wait."""
        self._waiting.clear()
        super().clear_notifications()

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        super()._display(screen, renderable)
        # A dialog or the window may have another size now.
        is_laid_out = isinstance(renderable, LayoutUpdate)
        if is_laid_out and isinstance(screen, ModalScreen) and len(self._notifications):
            self._refresh_notifications()


def _rows_beside(dialog: Screen[Any]) -> int:
    """The rows that messages have in the corner without touching the dialog."""
    parts = [part for part in dialog.displayed_children if not part.has_class("-textual-system")]
    box = Region.from_union([part.region for part in parts]) if parts else Region()
    width, height = dialog.size
    if box.right <= width - min(_WIDTH, width // 2):
        return height - _FOOT
    return height - _FOOT - box.bottom


def _rows_of(notification: Notification, screen_width: int) -> int:
    """The rows that a message takes."""
    text = notification.message
    shown = Content.from_markup(text) if notification.markup else Content(text)
    width = min(_WIDTH, screen_width // 2) - _SIDES
    titled = 1 if notification.title else 0
    return shown.get_height({}, max(1, width)) + titled + _ABOVE_AND_BELOW

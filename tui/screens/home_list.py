"""The list of the contents, and the field that searches them."""

from __future__ import annotations

from textual import events
from textual.binding import Binding
from textual.message import Message
from textual.widgets import Input

from engine.language import _
from tui.late_clicks import clicked_row
from tui.widgets.row import InkedList


class ContentsList(InkedList):
    """The list itself; it shows its key in the footer."""

    BINDINGS = [
        Binding(
            "enter", "select", _("Open"), id="contents.open", tooltip=_("Open the selected lesson")
        )
    ]

    class Heading(Message):
        """A row that cannot be chosen, such as the title of a chapter, was clicked."""

        def __init__(self, place: int) -> None:
            super().__init__()
            self.place = place

    def on_click(self, event: events.Click) -> None:
        """Tell of headings; a lesson opens by itself."""
        place = clicked_row(self, event)
        if place is not None and self.get_option_at_index(place).disabled:
            self.post_message(self.Heading(place))


class FindField(Input):
    """Where the learner types what to find; the list below follows."""

    BINDINGS = [
        Binding("enter", "submit", _("Open"), id="find.submit",
                tooltip=_("Open the selected place"))
    ]  # fmt: skip

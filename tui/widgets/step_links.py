"""Lines on which titles of steps stand; a click on one goes to its step."""

from __future__ import annotations

from textual import events
from textual.message import Message

from tui.widgets.lines_view import LinesView


class StepLinks(LinesView):
    """Tells which title was clicked; a subclass says where the titles stand."""

    class Chosen(Message):
        """A title was clicked: its step, counted from 0; after the last one comes the end."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    def step_at(self, event: events.MouseEvent) -> int | None:
        """The step whose title is below the pointer."""
        raise NotImplementedError

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Show by the pointer what can be clicked."""
        self.styles.pointer = "default" if self.step_at(event) is None else "pointer"

    def on_click(self, event: events.Click) -> None:
        """Say which step was clicked."""
        step = self.step_at(event)
        if step is not None:
            event.stop()
            self.post_message(self.Chosen(step))

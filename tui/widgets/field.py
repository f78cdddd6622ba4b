"""A field that is typed into."""

from __future__ import annotations

from textual.message import Message
from textual.widgets import Input


class Field(Input):
    """An input whose `enter` waits for the characters before it.

    Keys that arrive together, over a slow line or from whoever types ahead, wait in the queue of
    the field, while Textual acts on `enter` at once: the answer would be submitted without them.
    """

    class Entered(Message, bubble=False):
        """The learner pressed `enter`; its place in the queue is behind the characters."""

    async def action_submit(self) -> None:
        """Submit, once the characters before are there."""
        self.post_message(self.Entered())

    async def on_field_entered(self) -> None:
        """Submit the whole value."""
        await super().action_submit()

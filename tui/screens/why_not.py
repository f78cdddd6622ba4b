"""A key that is greyed out says why when it is pressed."""

from __future__ import annotations

from textual import events
from textual.screen import Screen


class SaysWhyNot(Screen[None]):
    """A screen that answers its own keys also while they are greyed out."""

    def on_key(self, event: events.Key) -> None:
        """Tell the reason, once for a key that is held down."""
        active = self.active_bindings.get(event.key)
        if active is None or active.node is not self or active.enabled:
            return
        event.stop()
        told = self.why_not(active.binding.action.partition("(")[0])
        if told and told not in {note.message for note in self.app._notifications}:
            self.notify(told, markup=False)

    def why_not(self, action: str) -> str:
        """Why the greyed `action` is impossible now; empty if that needs no words."""
        raise NotImplementedError

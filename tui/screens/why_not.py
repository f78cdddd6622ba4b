"""A key that is greyed out says why when it is pressed."""

from __future__ import annotations

from textual import events
from textual.actions import parse
from textual.screen import Screen, ScreenResultType

from tui.widgets.coded import is_said


class SaysWhyNot(Screen[ScreenResultType]):
    """A screen that answers its own keys also while they are greyed out."""

    def on_key(self, event: events.Key) -> None:
        """A key that is greyed out is tried after the focus has had it, then its reason is told."""
        if self._greyed(event.key):
            event.stop()
            self.app.call_later(self._press, event.key)

    async def _press(self, key: str) -> None:
        """Do what the focus has for the key, such as moving a cursor; if nothing, say why."""
        if not self.is_current:
            return
        greyed = self._greyed(key)
        if not await self.app._check_bindings(key) and greyed:
            self.tell(self.why_not(greyed))

    def _greyed(self, key: str) -> str:
        """The action of the screen that `key` is for, if it is greyed out, else empty."""
        for node, bindings in self._modal_binding_chain:
            for binding in bindings.key_to_bindings.get(key, ()) if node is self else ():
                _node, action, parameters = parse(binding.action)
                if self.check_action(action, parameters) is None:
                    return action
        return ""

    def tell(self, text: str) -> None:
        """Say why, unless that stands there already or needs no words."""
        if text and not is_said(self.app, text):
            self.notify(text, markup=False)

    def why_not(self, action: str) -> str:
        """Why the greyed `action` is impossible now; empty if that needs no words."""
        raise NotImplementedError

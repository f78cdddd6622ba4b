"""Labs that show their chart in place of their picture, or both where there is room."""

from __future__ import annotations

from textual import events
from textual.geometry import Size

from engine.language import _
from tui.background import after_refresh
from tui.labs.base import Lab


class TwoViewsLab(Lab):
    """A lab with two views: with the class `-tall` it shows both, else one, and a key switches.

    A subclass binds a key to the action `view`.
    """

    def holds_both(self, size: Size) -> bool:
        """Whether a lab of this size has room for both views."""
        raise NotImplementedError

    def switch_view(self) -> None:
        """Show the other view."""
        raise NotImplementedError

    def on_resize(self, event: events.Resize) -> None:
        """Show both views where there is room, drawn for the new size."""
        self.set_class(self.holds_both(event.size), "-tall")
        after_refresh(self, self.show)

    def action_view(self) -> None:
        """Switch between the two views, unless both are shown."""
        if self.has_class("-tall"):
            self.say(_("Both are already on the screen."))
            return
        self.switch_view()

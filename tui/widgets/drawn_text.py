"""What is copied from a widget that draws its rows itself."""

from __future__ import annotations

from textual.selection import Selection
from textual.widget import Widget


class DrawnText(Widget):
    """A widget whose selection gives the rows as they are drawn.

    Textual takes what `render` returns, which such a widget does not have: its class name, then.
    With another base class, it stands second: Textual reads style sheets of the first one only.
    """

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The rows in view, without the blanks at their ends."""
        return selection.extract(self.drawn_text()), "\n"

    def drawn_text(self) -> str:
        """What stands there as text."""
        rows = [self.render_line(y).text.rstrip() for y in range(self.size.height)]
        return "\n".join(rows).rstrip("\n")

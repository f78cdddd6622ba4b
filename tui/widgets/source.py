"""Python source with syntax colours; long lines are folded, never cut."""

from __future__ import annotations

import re

from textual import events
from textual.content import Content
from textual.highlight import highlight
from textual.selection import Selection
from textual.widgets import Static

from tui.math import cell_width

SIGN = "↪ "
"""How a folded line goes on."""
_FOLD = re.compile(rf"\n *{SIGN}")


class Source(Static):
    """Shows source code; the rest of a long line hangs below its own indentation."""

    DEFAULT_CSS = """
    Source { height: auto; }
    """

    def __init__(self, text: str, classes: str | None = None) -> None:
        super().__init__("", classes=classes)
        self.source = text
        self._colours = highlight(text.rstrip("\n"), language="python")

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """What is copied: the code, without the signs of its folds."""
        found = super().get_selection(selection)
        return found and (_FOLD.sub("", found[0]), found[1])

    def on_resize(self, event: events.Resize) -> None:
        """Fold for the new width."""
        self.update(folded(self._colours, max(event.size.width, 20)))


def folded(code: Content, width: int) -> Content:
    """`code` with no line wider than `width` cells; what follows a fold is marked by `↪`."""
    lines: list[Content] = []
    for line in code.split("\n", allow_blank=True):
        indent = len(line.plain) - len(line.plain.lstrip())
        lead = Content(" " * min(indent + 2, width // 2) + SIGN)
        first = True
        while cell_width(line.plain) > (room := width - (0 if first else len(lead))):
            at = _break(line.plain, room)
            lines.append(line[:at] if first else lead + line[:at])
            line, first = line[at:], False
        lines.append(line if first else lead + line)
    return Content("\n").join(lines)


def _break(text: str, room: int) -> int:
    """Where to fold: after the last space or comma in the second half, else anywhere."""
    at = max(text.rfind(" ", room // 2, room), text.rfind(",", room // 2, room - 1))
    return at + 1 if at > 0 else room

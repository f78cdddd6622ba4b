"""A card beside a list: more about what is selected in it; a click opens that."""

from __future__ import annotations

from tui.widgets.lines_view import LinesView


class SideCard(LinesView):
    """The frame of a card, which says by its hue that a click does something."""

    DEFAULT_CSS = """
    SideCard {
        border: round $rule;
        border-title-color: $foreground-muted;
        padding: 1 2;
        height: auto;
        &:hover { border: round $primary; }
    }
    """

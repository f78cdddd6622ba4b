"""What a derivation shows in letters, computed once in numbers before it."""

from __future__ import annotations

from tui.widgets.static_block import StaticBlock


class NumberRowsView(StaticBlock):
    """The rows of a block of numbers, set off at the left as a derivation is."""

    DEFAULT_CSS = """
    NumberRowsView { border-left: outer $meaning-computed; padding: 0 0 0 1; }
    """

"""A row of a list whose pieces fit already: it is drawn as it stands, without being wrapped.

A list has each of its rows wrapped and styled anew by Textual, which takes longer than all else
that the first frame draws.
"""

from __future__ import annotations

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.css.styles import RulesMap
from textual.strip import Strip
from textual.style import Style as VisualStyle
from textual.visual import RenderOptions, Visual


class Row(Visual):
    """Styled pieces beside each other, on one line or more."""

    def __init__(self, text: str = "", style: Style = Style.null()) -> None:  # noqa: B008 - frozen
        """`style` is that of the first piece, and lies below the styles of the others."""
        self._style = style
        self._pieces: list[tuple[str, Style]] = []
        self.append(text, Style.null())

    def append(self, text: str, style: Style = Style.null()) -> Row:  # noqa: B008 - frozen
        """Add a piece; a line break begins another line. Returns the row itself."""
        if not style and self._pieces and not self._pieces[-1][1]:
            text = self._pieces.pop()[0] + text
        if text:
            self._pieces.append((text, style))
        return self

    @property
    def plain(self) -> str:
        """The text without styles."""
        return "".join(text for text, _style in self._pieces)

    def __str__(self) -> str:
        return self.plain

    def render_strips(
        self, width: int, height: int | None, style: VisualStyle, options: RenderOptions
    ) -> list[Strip]:
        """Its lines, each at most `width` cells wide."""
        below = style.rich_style + self._style
        lines: list[list[Segment]] = [[]]
        for text, own in self._pieces:
            first, *others = text.split("\n")
            lines[-1].append(Segment(first, below + own))
            lines += [[Segment(part, below + own)] for part in others]
        strips = [Strip([part for part in line if part.text]) for line in lines[:height]]
        return [one.crop(0, width) if one.cell_length > width else one for one in strips]

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        """The cells of its longest line."""
        return max(map(cell_len, self.plain.split("\n")))

    def get_height(self, rules: RulesMap, width: int) -> int:
        """How many lines it has."""
        return self.plain.count("\n") + 1

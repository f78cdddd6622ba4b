"""A row of a list whose pieces fit already: it is drawn as it stands, without being wrapped.

A list has each of its rows wrapped and styled anew by Textual, which takes longer than all else
that the first frame draws.
"""

from __future__ import annotations

from functools import cache

from rich.cells import cell_len
from rich.color import Color
from rich.color_triplet import ColorTriplet
from rich.segment import Segment
from rich.style import Style
from textual.css.styles import RulesMap
from textual.strip import Strip
from textual.style import Style as VisualStyle
from textual.visual import RenderOptions, Visual
from textual.widgets import OptionList

from tui.page.lines import Heat, Ink
from tui.theme_colour import theme_colour

LEAST_CONTRAST = 3.0
"""Between a piece and its ground; below it, a piece has the colour of the row."""


@cache
def is_legible(ink: Color, ground: Color) -> bool:
    """Whether one colour can be told from the other; those of the terminal are not known."""
    if ink.triplet is None or ground.triplet is None:
        return True
    light, dark = sorted(map(_luminance, (ink.triplet, ground.triplet)), reverse=True)
    return (light + 0.05) / (dark + 0.05) >= LEAST_CONTRAST


def _luminance(colour: ColorTriplet) -> float:
    """The relative luminance of WCAG 2.2."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in colour.normalized
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


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

    @property
    def pieces(self) -> tuple[tuple[str, Style], ...]:
        """Its pieces, each with the style of its own."""
        return tuple(self._pieces)

    def __str__(self) -> str:
        return self.plain

    def render_strips(
        self, width: int, height: int | None, style: VisualStyle, options: RenderOptions
    ) -> list[Strip]:
        """Its lines, each at most `width` cells wide."""
        below = style.rich_style + self._style
        ground = below.bgcolor
        lines: list[list[Segment]] = [[]]
        for text, own in self._pieces:
            if own.color and ground and not is_legible(own.color, ground):
                own = own.without_color
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


class Inks:
    """The styles of the rows, as the theme of the moment has them."""

    def __init__(self, quiet: Style, good: Style, warn: Style, accent: Style, maths: Style) -> None:
        self.quiet, self.good, self.warn, self.accent, self.maths = quiet, good, warn, accent, maths

    def of(self, ink: Ink | Heat) -> Style:
        """The style of a piece of a page."""
        if ink in (Ink.MATH, Ink.MATH_BOLD):
            return self.maths
        return self.quiet if ink is Ink.QUIET else Style.null()


_INKS = ("foreground-muted", "success", "warning", "accent", "primary")
"""The colours of `Inks`, as the themes call them."""


class InkedList(OptionList):
    """A list of rows whose pieces have colours of their own."""

    DEFAULT_CSS = """
    InkedList {
        height: 1fr;
        width: 1fr;
        border: none;
        padding: 0 1;
        background: $background;
        scrollbar-size-vertical: 1;
        &:focus { border: none; background-tint: $background 0%; }
        & > .option-list--option-disabled { color: $text; }
    }
    """

    @property
    def inks(self) -> Inks:
        """The styles of the rows in the theme of the moment.

        The usual colour of the terminal is that of the row: on a selected one, of its ground.
        """
        colours = (theme_colour(self.app, name).rich_color for name in _INKS)
        return Inks(*(Style(color=None if each.is_default else each) for each in colours))

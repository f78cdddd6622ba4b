"""Every symbol of a lesson: how it is written, its shape and its meaning."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding

from engine.language import _
from lessons.format.document import Lesson, Symbol
from tui.math import inline
from tui.page.lines import GLUE, Ink, InkLine, Piece, line_width, wrap
from tui.page.prose import math_line, pieces
from tui.screens.reading_screen import ReadingScreen, scroll_keys
from tui.widgets.lines_view import LinesView


def symbol_lines(symbols: tuple[Symbol, ...], width: int) -> list[InkLine]:
    """One entry per symbol, with the meanings in a column of their own."""
    drawn = [math_line(inline(symbol.latex)) for symbol in symbols]
    room = min(max(map(line_width, drawn), default=0), width // 3) + 2
    lines: list[InkLine] = []
    for symbol, sign in zip(symbols, drawn, strict=True):
        found: list[Piece] = list(pieces(symbol.meaning))
        if symbol.shape:
            found.append((" · " + _("shape") + " ", Ink.QUIET))
            shape = math_line(inline(symbol.shape))
            found += [(text.replace(" ", GLUE), ink) for text, ink in shape]
        wrapped = wrap(found, width - room)
        if line_width(sign) + 1 >= room:
            lines.append(sign)
            sign = ()
        for line in wrapped:
            lines.append((*sign, (" " * (room - line_width(sign)), Ink.PLAIN), *line))
            sign = ()
    return lines


class SymbolList(LinesView):
    """The symbols of a lesson."""

    def __init__(self, lesson: Lesson) -> None:
        super().__init__()
        self.lesson = lesson

    def lines(self, width: int) -> list[InkLine]:
        if not self.lesson.symbols:
            return [((_("This lesson has no symbols of its own."), Ink.PLAIN),)]
        return symbol_lines(self.lesson.symbols, width)


class SymbolScreen(ReadingScreen):
    """Shows the symbols of the lesson below."""

    BINDINGS = [
        Binding("escape,q,i", "dismiss", _("Close"), id="symbols.close",
                tooltip=_("Close the list")),
        *scroll_keys("symbols"),
    ]  # fmt: skip

    def __init__(self, lesson: Lesson) -> None:
        super().__init__()
        self.lesson = lesson

    def compose(self) -> ComposeResult:
        """The list in a scrolling pane."""
        heading = _("Symbols of “{lesson}”").format(lesson=self.lesson.title)
        with self.titled(heading, "symbols.close"):
            yield SymbolList(self.lesson)

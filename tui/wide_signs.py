"""Measures texts as a terminal does that draws signs of ambiguous width two cells wide.

Letters, operators and punctuation take two cells in every column. What frames, bars and pictures
are drawn with has to fill one cell each: there, signs of ASCII take its place.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING
from unicodedata import category, east_asian_width

import rich.cells
import rich.segment
from rich._unicode_data import load
from rich.segment import Segment
from textual.color import Color
from textual.content import Content
from textual.events import Resize
from textual.filter import LineFilter
from textual.widget import Widget
from textual.widgets import OptionList, Static

from tui.math.width import is_wide_sign, use_wide_signs, wide_signs
from tui.widgets.lines_view import LinesView

if TYPE_CHECKING:
    from rich.cells import CellTable

_is_single = rich.cells._is_single_cell_widths

_PLAIN = {
    **dict.fromkeys("─━┄┅┈┉╌╍═╴╶╸╺╼╾▔", "-"),
    **dict.fromkeys("│┃┆┇┊┋╎╏║╵╷╹╻╽╿▌▍▎▏▕▐", "|"),
    **dict.fromkeys("▁▖▗", "_"), "╱": "/", "╲": "\\", "╳": "X",
    "▂": ".", "▃": "-", "▄": "=", "▅": "+", "▆": "*", "▇": "%", "▀": '"', "▘": "'", "▝": "'",
    **dict.fromkeys("█▉▊▋■", "#"), "░": ".", "▒": ":", "▓": "%", "□": ".",
    **dict.fromkeys("▲△", "^"), **dict.fromkeys("▼▽", "v"), **dict.fromkeys("▶▷", ">"),
    **dict.fromkeys("◀◁", "<"), **dict.fromkeys("○◇◦◌", "o"), **dict.fromkeys("◐◑", "%"),
    "◎": "@", "…": "⋯",
}  # fmt: skip
"""What stands for a drawn sign; corners and crossings are `+`, other shapes `*`.

Text that is cut short ends with `…`, for which Textual leaves one cell."""
_FIRST, _LAST = 0x2500, 0x25FF
_CORNERS = 0x257F


@cache
def _plain() -> dict[int, str]:
    """For each drawn sign the one of ASCII."""
    shapes = {
        code: "+" if code <= _CORNERS else "*"
        for code in range(_FIRST, _LAST + 1)
        if east_asian_width(chr(code)) == "A"
    }
    return {**shapes, **{ord(sign): plain for sign, plain in _PLAIN.items()}}


class PlainDrawings(LineFilter):
    """Puts signs of ASCII in the place of drawn ones."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The segments, as wide as before."""
        table = _plain()
        return [
            segment
            if segment.text.isascii()
            else Segment(segment.text.translate(table), segment.style, segment.control)
            for segment in segments
        ]


def measure(wide: bool) -> None:
    """From now on, measure texts as a terminal draws them: ambiguous signs in two cells, or one."""
    if wide == wide_signs():
        return
    use_wide_signs(wide)
    if wide:
        single = frozenset(sign for sign in rich.cells._SINGLE_CELLS if not is_wide_sign(sign))
        _replace(_with_wide_signs, single.issuperset)
    else:
        _replace(load, _is_single)
    rich.cells.get_character_cell_size.cache_clear()
    rich.cells.cached_cell_len.cache_clear()


def _replace(table: Callable[[str], CellTable], is_single: Callable[[str], bool]) -> None:
    """Let Rich measure with another table, and take other texts for narrow ones."""
    vars(rich.cells)["load_cell_table"] = table
    for module in (rich.cells, rich.segment):
        vars(module)["_is_single_cell_widths"] = is_single


@cache
def _with_wide_signs(version: str = "auto") -> CellTable:
    """The table of Rich, with what is two cells wide here."""
    table = load(version)
    known = {code for first, last, _width in table.widths for code in range(first, last + 1)}
    wide = [
        (code, code, 2)
        for code in range(0x80, 0x10000)
        if code not in known and is_wide_sign(chr(code)) and category(chr(code)) != "Co"
    ]
    return table._replace(widths=sorted([*table.widths, *wide]))


def forget_widths(widget: Widget) -> None:
    """Let a widget measure its text again."""
    for value in vars(widget).values():
        if isinstance(value, Content):
            value._cell_length = value._optimal_width_cache = value._minimal_width_cache = None
            value._height_cache = (None, 0)
    if isinstance(widget, LinesView):
        widget.relay()
    elif isinstance(widget, Static):
        widget.update(widget.content)
    elif isinstance(widget, OptionList):
        widget._clear_caches()
    widget.clear_cached_dimensions()
    widget._styles_cache.clear()
    widget.refresh(layout=True)
    if widget.size:  # what a widget fits into its width itself, it fits again
        widget.post_message(Resize(widget.size, widget.virtual_size, widget.container_size))

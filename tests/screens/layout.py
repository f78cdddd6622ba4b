"""Looks over a mounted screen, and says what is cut, overlaps, is empty or cannot be seen.

`problems(screen)` walks every widget in view. It knows no particular screen: it looks at the
places that Textual gave to the widgets, and at the characters that they draw there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from unittest.mock import patch

from rich.cells import cell_len
from rich.text import Text
from textual.content import Content
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input, OptionList

from tests.screens.drawing import undrawn
from tui.widgets.key_bar import KeyBar

OUTSIDE = "outside"
"""A widget reaches outside of its container, and no scrollbar leads there."""
CUT = "cut"
"""Text does not fit into the widget that shows it."""
OVERLAP = "overlap"
"""Two widgets of one container stand on the same cells."""
EMPTY = "empty"
"""An area of some size shows nothing at all."""
NESTED = "nested scroll"
"""Something that scrolls is inside something that scrolls."""
HELP = "help key"
"""The row of keys does not end with the whole key for help."""
NEEDLESS = "needless ellipsis"
"""Text was shortened although there was room for more of it."""

AREA = 20, 3
"""From this width and height on, an area that shows nothing is worth a report."""

_ELLIPSIS = re.compile(r"[\w)\]’”%.] ?…(?=$| {2}|\s*[│║┃])")
"""An ellipsis that stands for the rest of a word or of a line; `1, 2, …` and `x₁…xₙ` are none."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, and where."""

    kind: str
    where: str
    detail: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.where}: {self.detail}"


def problems(screen: Screen[object], *, meant: Sequence[str] = ()) -> list[Problem]:
    """All that is wrong on `screen` as it stands; `meant` are texts whose ellipsis is their own."""
    assert not undrawn(screen.app), "a screen is looked over once it is drawn"
    seen = [widget for widget in screen.walk_children(Widget) if _in_view(widget)]
    grid = [strip.text for strip in screen._compositor.render_strips()]
    found: list[Problem] = []
    for widget in seen:
        found += _outside(widget)
        found += _overlaps(widget)
        found += _nested(widget)
        found += _text(widget, meant)
        found += _empty(widget, grid)
        if isinstance(widget, KeyBar):
            found += _help_key(widget)
    return found


def _in_view(widget: Widget) -> bool:
    chain = [node for node in widget.ancestors_with_self if isinstance(node, Widget)]
    return all(node.display and node.visible for node in chain)


def name(widget: Widget) -> str:
    """`HyperparameterForm#form > SettingField.setting`: the widget and what holds it."""
    parts = []
    for node in [widget, widget.parent]:
        if isinstance(node, Widget):
            marks = f"#{node.id}" if node.id else "".join(f".{each}" for each in node.classes)
            parts.append(type(node).__name__ + marks)
    return " > ".join(reversed(parts))


def _outside(widget: Widget) -> Iterator[Problem]:
    parent = widget.parent
    if not isinstance(parent, Widget) or widget.styles.overlay == "screen":
        return
    # Scrolling moves the children, so room is counted from where the first of them would stand.
    inner, region = parent.scrollable_content_region, widget.region
    shift = parent.scroll_offset
    right = region.right + shift.x - inner.right
    below = region.bottom + shift.y - inner.bottom
    if right > 0 and not _has_bar(parent, "x"):
        yield Problem(OUTSIDE, name(widget), f"{right} columns too wide")
    if below > 0 and not _has_bar(parent, "y"):
        yield Problem(OUTSIDE, name(widget), f"{below} rows too low")
    if region.x + shift.x < inner.x or region.y + shift.y < inner.y:
        yield Problem(OUTSIDE, name(widget), f"begins at {region.offset}, above or left of it")
    if not region.area and _words(widget):
        yield Problem(OUTSIDE, name(widget), f"no room at all for {_words(widget)[0]!r}")


def _has_bar(parent: Widget, axis: str) -> bool:
    """Whether a scrollbar is there that shows that there is more."""
    if axis == "x":
        return parent.show_horizontal_scrollbar and parent.scrollbar_size_horizontal > 0
    return parent.show_vertical_scrollbar and parent.scrollbar_size_vertical > 0


def _overlaps(parent: Widget) -> Iterator[Problem]:
    children = [
        child
        for child in parent.displayed_children
        if child.region.area and child.styles.overlay != "screen"
    ]
    for place, one in enumerate(children):
        for other in children[place + 1 :]:
            if one.layer == other.layer and one.region.overlaps(other.region):
                shared = one.region.intersection(other.region)
                yield Problem(OVERLAP, name(one), f"shares {shared.size} with {name(other)}")


def _nested(widget: Widget) -> Iterator[Problem]:
    def scrolls(each: Widget) -> bool:
        return each.allow_vertical_scroll and each.max_scroll_y > 0

    if not scrolls(widget):
        return
    for node in widget.ancestors:
        if isinstance(node, Widget) and scrolls(node):
            yield Problem(NESTED, name(widget), f"inside {name(node)}")
            return


def _empty(widget: Widget, grid: Sequence[str]) -> Iterator[Problem]:
    area = widget.content_region
    for node in widget.ancestors:  # what is scrolled out of view is not empty
        if isinstance(node, Widget):
            area = area.intersection(node.content_region)
    if area.width < AREA[0] or area.height < AREA[1] or isinstance(widget, Screen):
        return
    for y in area.line_range:
        if y < len(grid) and Text(grid[y]).plain[area.x : area.right].strip():
            return
    yield Problem(EMPTY, name(widget), f"{area.width}×{area.height} cells without a character")


def _help_key(bar: KeyBar) -> Iterator[Problem]:
    last = bar.shown[-1] if bar.shown else None
    if last is None or last.action.removeprefix("app.") != "help":
        yield Problem(HELP, name(bar), f"the last key is {last.description if last else None!r}")
    elif bar.region_of(last).right > bar.content_region.right:
        yield Problem(HELP, name(bar), "the key for help is cut")


def _words(widget: Widget) -> list[str]:
    """The lines of text of a widget that draws by `render`; empty for others."""
    if widget.displayed_children or type(widget).render_line is not Widget.render_line:
        return []
    drawn = widget.render()
    if isinstance(drawn, Text | Content):
        drawn = drawn.plain
    elif isinstance(drawn, str):
        drawn = Content.from_markup(drawn).plain if widget._render_markup else drawn
    else:
        return []
    return [line for line in str(drawn).split("\n") if line.strip()]


def _text(widget: Widget, meant: Sequence[str]) -> Iterator[Problem]:
    for title in (widget.border_title, widget.border_subtitle):
        edges = widget.styles.border
        if title and (edges.top[0] or edges.bottom[0]):
            plain = Content.from_markup(str(title)).plain
            if cell_len(plain) > widget.outer_size.width - 4:
                yield Problem(CUT, name(widget), f"the border cuts {plain!r}")
    if isinstance(widget, Input) or not widget.size.area:
        return
    width, height = widget.content_size
    words = _words(widget)
    if words:
        yield from _rendered(widget, words, width, height)
    for line in words:
        yield from _shortened(widget, line, width, meant)
    if isinstance(widget, OptionList):
        yield from _options(widget, meant)
    elif not words and type(widget).render_line is not Widget.render_line:
        yield from _drawn(widget, meant)


def _rendered(widget: Widget, words: Sequence[str], width: int, height: int) -> Iterator[Problem]:
    """Text that Textual breaks into lines, or cuts."""
    if widget.styles.text_wrap == "nowrap":
        for line in words:
            if cell_len(line.rstrip()) > width:
                yield Problem(CUT, name(widget), f"{width} columns for {line.rstrip()!r}")
        needed = len(words)
    else:
        needed = widget.get_content_height(widget.app.size, widget.app.size, width)
    if needed > height:
        yield Problem(CUT, name(widget), f"{height} rows for {needed}: {words[0]!r}")


def _options(options: OptionList, meant: Sequence[str]) -> Iterator[Problem]:
    width = options.scrollable_content_region.width
    if options.styles.text_wrap != "nowrap":
        return
    for option in options.options:
        prompt = option.prompt
        plain = prompt.plain if isinstance(prompt, Text | Content) else str(prompt)
        for line in plain.split("\n"):
            if cell_len(line.rstrip()) > width:
                yield Problem(CUT, name(options), f"{width} columns for {line.rstrip()!r}")
            yield from _shortened(options, line, width, meant)


def _drawn(widget: Widget, meant: Sequence[str]) -> Iterator[Problem]:
    """What a widget draws line by line: text that it makes narrower is text that it cuts."""
    with _noticed() as cuts:
        rows = [widget.render_line(y) for y in range(widget.size.height)]
    for whole, left in cuts:
        yield Problem(CUT, name(widget), f"{left} columns for {whole!r}")
    for row in rows:
        yield from _shortened(widget, row.text, row.cell_length, meant)
    lines = getattr(widget, "_lines", None)
    if callable(lines):
        drawn = len(lines(widget.content_size.width))
        if drawn > widget.content_size.height:
            room = f"{widget.content_size.height} rows for {drawn}"
            yield Problem(CUT, name(widget), room)


@contextmanager
def _noticed() -> Iterator[list[tuple[str, int]]]:
    """Note every strip with text beyond the width to which it is made narrower."""
    adjust, found = Strip.adjust_cell_length, list[tuple[str, int]]()

    def noting(strip: Strip, cell_length: int, style: object = None) -> Strip:
        text = strip.text.rstrip()
        if cell_len(text) > cell_length:
            found.append((text, cell_length))
        return adjust(strip, cell_length, style)  # type: ignore[arg-type]  # as it was given

    with patch.object(Strip, "adjust_cell_length", noting):
        yield found


def _shortened(widget: Widget, line: str, width: int, meant: Sequence[str]) -> Iterator[Problem]:
    """An ellipsis in place of text: with room beside it for no reason, else a cut."""
    for text in meant:
        line = line.replace(text, " " * cell_len(text))
    for match in _ELLIPSIS.finditer(line.rstrip()):
        rest = line[match.end() :]
        room = (
            len(rest) - len(rest.lstrip(" "))
            if rest.strip()
            else width - cell_len(line[: match.end()])
        )
        kind = NEEDLESS if room > 2 else CUT
        yield Problem(kind, name(widget), line.strip())


def shortened(lines: Sequence[str]) -> list[str]:
    """The lines of a page that end in place of more text."""
    return [line for line in lines if _ELLIPSIS.search(line.rstrip())]

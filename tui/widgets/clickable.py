"""Keys beside what they do, in the border of a panel or below a form; each takes clicks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import accumulate

from rich.segment import Segment
from rich.style import Style as RichStyle
from textual import events
from textual.content import Content
from textual.geometry import Offset
from textual.style import Style
from textual.widget import Widget
from textual.widgets import Static

from tui.key_names import MARK, keyed, pressed_key
from tui.math import cell_width
from tui.page.hints import keys_in
from tui.widgets.coded import KEY_STYLE, coded

_PARTS = re.compile(r"( · |, |  |\. |\n|[，。])")
_WORD = re.compile(r"(enter|tab)\b")


def clickable(keys: Iterable[tuple[str, str, str]], hue: str = "$footer-key-foreground") -> Content:
    """`e epoch  r restart`: from keys, marked with the ids of their bindings, what they do,
    and the actions that do it.
    """
    parts: list[Content] = []
    for key, text, action in keys:
        parts += [Content("  ")] if parts else []
        shown = Content.assemble((keyed(key), f"bold {hue}"), f" {text}" if text else "")
        parts.append(shown.stylize(Style.from_meta({"@click": action})))
    return Content("").join(parts)


def lit(text: str, broken: str | None = None, words: str = "") -> Content:
    """`text`, which names keys by marks, with its keys in the hue of keys; the rest is in the style
    `words`, or as the widget has it.

    `broken` is the same text in lines: of its characters, only blanks are line ends there.
    """
    told, keys = keys_in(text)
    shown = Content(told if broken is None else broken).stylize(words)
    for start, stop in keys:
        shown = shown.stylize(KEY_STYLE, start, stop)
    return shown


def lit_segments(text: str, words: RichStyle, keys: RichStyle) -> list[Segment]:
    """The same for a row that a widget draws itself, with the style of words and that of keys."""
    told, found = keys_in(text)
    segments: list[Segment] = []
    end = 0
    for start, stop in found:
        segments += [Segment(told[end:start], words), Segment(told[start:stop], keys)]
        end = stop
    return [each for each in (*segments, Segment(told[end:], words)) if each.text]


class KeyLine(Static):
    """What keys do: `enter: export · escape: cancel`. A click on a part presses its key.

    A part without a key, such as one that begins with arrows, takes no clicks. In a sentence, the
    key and the words after it take them.
    """

    def __init__(
        self,
        text: str = "",
        *,
        id: str | None = None,  # noqa: A002 - Textual's name
        classes: str | None = None,
    ) -> None:
        """`text` names keys by marks."""
        super().__init__(lit(text), id=id, classes=classes, markup=False)
        self._keys = text

    def tell(self, text: str | Content, *, keys: str = "", layout: bool = True) -> None:
        """Show `text`, or `keys`, which take clicks; where both are given, they say the same."""
        self._keys = keys
        shown = coded(text) if isinstance(text, str) else text
        self.update(shown if text else lit(keys), layout=layout)

    def on_click(self, event: events.Click) -> None:
        """Press the key of the part that was clicked."""
        inside = event.get_content_offset(self)
        if inside is None or not self._keys or self.text_selection is not None:
            return  # a drag that selected words presses no key
        key = key_under(self, inside, self._keys)
        if key:
            event.stop()
            self.app.simulate_key(key)


def key_under(widget: Widget, inside: Offset, text: str) -> str:
    """The key of the part of `text`, which the lines of `widget` hold, at this cell in it."""
    return key_in([widget.render_line(y).text for y in range(inside.y + 1)], inside, text)


def key_in(rows: Sequence[str], inside: Offset, text: str) -> str:
    """The key of the part of `text`, which stands in these rows, at this cell in them.

    A row may end at one blank, at several or at none: the signs before the cell tell where it is.
    """
    row = rows[inside.y].rstrip()
    ends = accumulate(cell_width(sign) for sign in row)
    until = next((place for place, end in enumerate(ends, 1) if end > inside.x), 0)
    before = row[:until].rstrip()
    if not before:
        return ""  # beside the text
    shown = keyed(text).replace("\n", " ")
    signs = [place for place, sign in enumerate(shown) if not sign.isspace()]
    seen = len("".join("".join([*rows[: inside.y], before]).split()))
    if seen > len(signs):
        return ""
    behind = inside.x - cell_width(before[:-1])
    return key_at(text, cell_width(shown[: signs[seen - 1]]) + behind)


def key_at(text: str, at: int) -> str:
    """The key of the part of `text` that is shown at this cell; empty if it has none."""
    end = 0
    for part in _PARTS.split(text):
        start, end = end, end + (1 if part == "\n" else cell_width(keyed(part)))
        if start <= at < end:
            return _key_within(part, at - start)
    return ""


def _key_within(part: str, at: int) -> str:
    """The last key that is named up to this cell of a part."""
    word = _WORD.match(part)
    found = word[1] if word else ""
    for mark in MARK.finditer(part):
        if cell_width(keyed(part[: mark.start()])) > at:
            break
        found = pressed_key(mark[2], mark[1])
    return found

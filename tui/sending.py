"""What is sent to the terminal for a part of the screen: that part, in few characters.

Where a widget says that a few of its cells have changed, Textual sends its row from the widget's
left edge on, once for each group of such cells. And it sends each piece of text with all of its
style before it, and an end of that style after it. Over SSH, that is most of what a chart costs.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import islice

from rich.cells import cell_len
from rich.color import ColorSystem
from rich.console import Console
from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.strip import Strip

_OFF = {"1": "22", "2": "22", "3": "23", "4": "24", "5": "25", "6": "25", "7": "27", "8": "28",
        "9": "29", "21": "24", "51": "54", "52": "54", "53": "55"}  # fmt: skip
"""What ends an attribute, by its number in ECMA-48."""
_UNSEEN = frozenset(("1", "2", "3", "5", "6", "8"))
"""Attributes that cannot be seen in a blank."""


class ExactUpdate(ChopsUpdate):
    """The same update as Textual's, cut at both ends of each group of cells."""

    @classmethod
    def of(cls, update: ChopsUpdate) -> ExactUpdate:
        """The update with exact cuts."""
        return cls(update.chops, update.spans, update.chop_ends)

    def render_segments(self, console: Console) -> str:
        """The characters to send, with escape sequences."""
        pen = Pen(console)
        for y, x1, x2 in self.spans:
            for end, (x, strip) in zip(self.chop_ends[y], self.chops[y].items(), strict=False):
                if strip is None or x >= x2 or end <= x1:
                    continue
                start, stop = max(x, x1), min(end, x2)
                if not _is_narrow(strip):
                    start, stop = x, x + _after(strip, stop - x)
                pen.move(start, y)
                pen.write(strip if (start, stop) == (x, end) else strip.crop(start - x, stop - x))
        return pen.sent()


class WholeUpdate(LayoutUpdate):
    """The same update of the whole screen as Textual's, in fewer characters."""

    @classmethod
    def of(cls, update: LayoutUpdate) -> WholeUpdate:
        """The update of the same rows."""
        return cls(update.strips, update.region)

    def render_segments(self, console: Console) -> str:
        """The characters to send, with escape sequences."""
        pen = Pen(console)
        for y, row in enumerate(self.strips, self.region.y):
            pen.move(self.region.x, y)
            for strip in row:
                pen.write(strip)
        return pen.sent()


class Pen:
    """Writes styled text: of each style, only what differs from the one before it."""

    def __init__(self, console: Console) -> None:
        self._system = console._color_system or ColorSystem.TRUECOLOR
        self._sent: list[str] = []
        self._codes = ""
        """The style that the terminal has now."""

    def move(self, x: int, y: int) -> None:
        """Go on at a cell."""
        self._sent.append(f"\x1b[{y + 1};{x + 1}H")

    def write(self, strip: Strip) -> None:
        """The text of a strip in its styles."""
        sent, now, system = self._sent, self._codes, self._system
        for text, style, _control in strip:
            codes, link = _codes(style, system) if style is not None else ("", False)
            if link and style is not None:
                sent += [_change(now, "", False)[0], Strip.render_style(style, text, system)]
                now = ""
                continue
            if codes != now:
                change, now = _change(now, codes, not text.strip(" "))
                sent.append(change)
            sent.append(text)
        self._codes = now

    def sent(self) -> str:
        """Everything written, and the end of its last style."""
        self._sent.append(_change(self._codes, "", False)[0])
        return "".join(self._sent)


@lru_cache(maxsize=4096)
def _codes(style: Style, system: ColorSystem) -> tuple[str, bool]:
    """The numbers that select a style, with semicolons, and whether it is a link."""
    sent = Strip.render_style(style, "", system)
    return _joined(*_parts(sent.partition("\x1b[")[2].partition("m")[0])), bool(style.link)


def _parts(codes: str) -> tuple[frozenset[str], str, str]:
    """The attributes of a style, the colour of its text and that of its ground."""
    attributes: set[str] = set()
    front = back = ""
    numbers = iter(codes.split(";") if codes else ())
    for number in numbers:
        colour = number
        if number in ("38", "48"):
            kind = next(numbers)
            colour = ";".join([number, kind, *islice(numbers, _LONG[kind])])
        if number in ("39", "49"):
            continue  # what is selected without any number
        if 40 <= int(number) <= 48 or int(number) >= 100:
            back = colour
        elif 30 <= int(number) <= 38 or 90 <= int(number) <= 97:
            front = colour
        else:
            attributes.add(number)
    return frozenset(attributes), front, back


_LONG = {"2": 3, "5": 1}
"""How many numbers a colour has, by its kind: red, green and blue, or a place in the palette."""


def _joined(attributes: frozenset[str], front: str, back: str) -> str:
    return ";".join(filter(None, (*sorted(attributes, key=int), front, back)))


@lru_cache(maxsize=8192)
def _change(before: str, after: str, blank: bool) -> tuple[str, str]:
    """What turns one style into another, and the style that the terminal has then.

    In a `blank`, the colour of the text is not seen; it stays as it was.
    """
    old, old_front, old_back = _parts(before)
    new, front, back = _parts(after)
    if blank and old <= _UNSEEN and new <= _UNSEEN:
        new, front = old, old_front
        after = _joined(new, front, back)
    if after == before:
        return "", after
    ends = {_OFF[one] for one in old - new}
    kept = {one for one in old & new if _OFF[one] not in ends}
    parts = [*sorted(ends), *sorted(new - kept)]
    parts += [front or "39"] * (front != old_front) + [back or "49"] * (back != old_back)
    anew = ";".join(filter(None, ("0", after)))
    return f"\x1b[{min(';'.join(parts), anew, key=len)}m", after


def _is_narrow(strip: Strip) -> bool:
    """Whether each of its characters takes one cell: half of a wide one cannot be sent."""
    return strip.cell_length == len(strip.text)


def _after(strip: Strip, cells: int) -> int:
    """So many cells of a strip, and one more where they would end within a wide character."""
    width = 0
    for sign in strip.text:
        if width >= cells:
            break
        width += cell_len(sign)
    return width

"""The characters of charts: braille where the terminal has it, else blocks, else plain ASCII."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from tui.page.signs import plain_signs
from tui.widgets.band import SHADE

_POOR = ("linux", "vt100", "vt102", "vt220", "dumb", "ansi", "cons25")
"""Kinds of terminals whose fonts have no braille; the console of Linux is the first of them."""
_ASCII = {
    "●": "*", "×": "x", "▲": "^", "■": "#", "◆": "%", "○": "o", "·": ".", "•": ".", "━": "-",
    "✗": "X", "✚": "+", "◉": "@", "∙": ".",
}  # fmt: skip


ASCII_SHADES = " .:*#"
"""From light to dark."""


@dataclass(frozen=True)
class Ink:
    """A set of characters, each of which shows some of the dots of a cell."""

    marker: str
    """What plotext calls it; empty for whole characters."""
    across: int
    down: int
    """Dots per cell."""
    glyphs: str
    """The character for every set of dots; bit 0 is the dot at the top left, then by rows."""
    shade: str
    """Fills a band."""
    axis: tuple[str, str, str, str, str]
    """A vertical axis, its tick, a horizontal axis, its tick, the corner."""
    rule: str
    """A grid line across, and one down, where dots cannot draw it."""

    @cached_property
    def bits(self) -> npt.NDArray[np.uint8]:
        """The dots of every character, by its code point."""
        table = np.zeros(max(map(ord, self.glyphs)) + 1, np.uint8)
        for number, glyph in enumerate(self.glyphs):
            table[ord(glyph)] = number
        return table

    def decoded(self, text: str) -> npt.NDArray[np.uint8]:
        """The dots in rows of text, as an array (rows, columns)."""
        rows = text.rstrip("\n").split("\n")
        codes = np.frombuffer("".join(rows).encode("utf-32-le"), np.uint32)
        codes = codes.reshape(len(rows), -1)
        found: npt.NDArray[np.uint8] = np.asarray(codes != ord(" "), np.uint8)
        return self.bits[codes] if self.marker else found


def _braille() -> str:
    """Braille by rows of dots; Unicode counts down the columns, with the last row at the end."""
    order = (0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80)
    return "".join(
        chr(0x2800 + sum(bit for place, bit in enumerate(order) if number >> place & 1))
        if number
        else " "
        for number in range(256)
    )


_BOX = ("│", "┤", "─", "┬", "└")
BRAILLE = Ink("braille", 2, 4, _braille(), SHADE, _BOX, "┈┊")
BLOCKS = Ink("hd", 2, 2, " ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█", SHADE, _BOX, "┈┊")
ASCII = Ink("", 1, 1, " *", ":", ("|", "+", "-", "+", "+"), "- ")


def ink_for(environment: Mapping[str, str], platform: str, *, plain: bool) -> Ink:
    """The finest characters that a terminal has.

    ASCII where signs shall be plain, on consoles, and where the language setting says that the
    terminal has no Unicode; blocks on the old console of Windows, whose fonts have no braille.
    """
    names = ("LC_ALL", "LC_CTYPE", "LANG")
    language = next((environment[name] for name in names if environment.get(name)), "")
    code = language.partition("@")[0].partition(".")[2].lower().replace("-", "")
    narrow = language in ("C", "POSIX") or (code != "" and code != "utf8")
    if plain or narrow or environment.get("TERM", "") in _POOR:
        return ASCII
    if platform == "win32" and not {"WT_SESSION", "TERM_PROGRAM", "TERM"} & environment.keys():
        return BLOCKS
    return BRAILLE


def ink() -> Ink:
    """The characters of this terminal."""
    return ink_for(os.environ, sys.platform, plain=plain_signs())


def plain_sign(sign: str) -> str:
    """A marker in ASCII where the terminal has no other."""
    return _ASCII.get(sign, sign) if ink() is ASCII else sign

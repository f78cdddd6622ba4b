"""The keys that a text names, so that they stand out of its words."""

from __future__ import annotations

import re

from tui.key_names import MARK, keyed
from tui.page.lines import Ink, Piece

_NAMED = re.compile(r"(?<![\w./-])(?:enter|tab)(?![\w/-])|(?<!\S)[↑↓](?![^\s:,])")
"""Keys that are named without a mark, as nobody can change them."""


def keys_in(text: str) -> tuple[str, list[tuple[int, int]]]:
    """`text` with the keys in force in place of its marks, and where in it these are, in order."""
    told, end = "", 0
    keys: list[tuple[int, int]] = []
    for mark in MARK.finditer(text):
        told += text[end : mark.start()]
        key, end = keyed(mark[0]), mark.end()
        keys.append((len(told), len(told) + len(key)))
        told += key
    told += text[end:]
    plain = [named.span() for named in _NAMED.finditer(told)]
    keys += [at for at in plain if not any(start < at[1] and at[0] < end for start, end in keys)]
    return told, sorted(keys)


def hint_pieces(text: str, words: Ink = Ink.QUIET) -> list[Piece]:
    """The same for a line of a page: its words in one ink, the keys in the hue of keys."""
    told, keys = keys_in(text)
    pieces: list[Piece] = []
    end = 0
    for start, stop in keys:
        pieces += [(told[end:start], words), (told[start:stop], Ink.CODE)]
        end = stop
    return [piece for piece in (*pieces, (told[end:], words)) if piece[0]]


def coded_pieces(text: str) -> list[Piece]:
    """A sentence whose keys and code stand out; a lone backtick stays what it is."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return hint_pieces(text, Ink.PLAIN)
    pieces: list[Piece] = []
    for place, part in enumerate(parts):
        pieces += [(part, Ink.CODE)] if place % 2 else hint_pieces(part, Ink.PLAIN)
    return pieces

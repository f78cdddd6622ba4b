"""Columns of text by terminal cells: a Chinese character takes two."""

from __future__ import annotations

from collections.abc import Iterable

from tui.math.width import cell_width


def left(text: str, width: int) -> str:
    """`text` at the left of `width` cells."""
    return text + " " * (width - cell_width(text))


def right(text: str, width: int) -> str:
    """`text` at the right of `width` cells."""
    return " " * (width - cell_width(text)) + text


def widest(texts: Iterable[str]) -> int:
    """The cells that the widest of `texts` takes; 0 where there are none."""
    return max(map(cell_width, texts), default=0)

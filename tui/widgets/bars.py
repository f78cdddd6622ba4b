"""A bar in a row of text."""

from __future__ import annotations

_EIGHTHS: tuple[str, ...] = ("", *"▏▎▍▌▋▊▉")


def bar(share: float, width: int) -> str:
    """`share` of `width` cells, to an eighth of a cell, with blanks up to `width`.

    What is below 0 counts as 0 and what is above 1 as 1; what is above 0 shows a sliver.
    """
    eighths = round(min(max(share, 0.0), 1.0) * width * 8)
    if share > 0:
        eighths = max(eighths, 1)
    return ("█" * (eighths // 8) + _EIGHTHS[eighths % 8]).ljust(width)

"""A bar in a row of text."""

from __future__ import annotations

_EIGHTHS: tuple[str, ...] = ("", *"▏▎▍▌▋▊▉")


def bar(share: float, width: int) -> str:
    """A bar over `share` of `width` cells, to an eighth of a cell, padded to `width`.

    `share` is clipped to [0, 1]; anything above 0 shows at least a sliver.
    """
    eighths = round(min(max(share, 0.0), 1.0) * width * 8)
    if share > 0:
        eighths = max(eighths, 1)
    return ("█" * (eighths // 8) + _EIGHTHS[eighths % 8]).ljust(width)


def progress_bar(share: float, width: int) -> tuple[str, str]:
    """A thin line of `width` cells: what is done, then what is left, to half a cell.

    `share` is clipped to [0, 1].
    """
    halves = round(min(max(share, 0.0), 1.0) * width * 2)
    done = "━" * (halves // 2) + "╸" * (halves % 2)
    return done, "─" * (width - len(done))

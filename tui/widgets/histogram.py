"""A histogram as rows of text: bars side by side, and below them where they begin and end."""

from __future__ import annotations

from engine.training.insight import Histogram

_EIGHTHS = " ▁▂▃▄▅▆▇█"


def histogram_rows(histogram: Histogram, width: int, height: int) -> list[str]:
    """`height` rows of exactly `width` cells; the highest bar fills them.

    A range that holds any number at all shows at least a sliver.
    """
    counts = histogram.counts
    most = max(counts, default=0)
    if not most or width < 1 or height < 1:
        return [" " * width] * height
    columns = []
    for x in range(width):
        count = counts[x * len(counts) // width]
        eighths = round(count / most * height * 8)
        columns.append(max(eighths, 1) if count else 0)
    return [
        "".join(_EIGHTHS[min(max(column - 8 * row, 0), 8)] for column in columns)
        for row in range(height - 1, -1, -1)
    ]


def axis_row(low: str, middle: str, high: str, width: int) -> str:
    """What stands below the bars: their ends, and between them as much of `middle` as fits."""
    room = width - len(low) - len(high)
    if room < 1:
        return f"{low} {high}"[:width]
    return low + (middle if len(middle) + 2 <= room else "").center(room) + high

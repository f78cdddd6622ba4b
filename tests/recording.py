"""Record screens of the real program as one SVG that moves, or one that stands still.

Rows of text are kept apart: a row that does not change is in the file once, however many frames
there are. The animation is SMIL, which browsers play in an `<img>` as well.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from typing import Any, TypeAlias

from rich.style import Style
from rich.terminal_theme import DIMMED_MONOKAI
from textual.app import App
from wcwidth import wcswidth

CELL_WIDTH, CELL_HEIGHT, FONT_SIZE = 8.43, 16.5, 14
"""Pixels of a cell, and of the font."""
_MARGIN = 12

Run: TypeAlias = tuple[str, str, str, bool, bool, bool]
"""Text, colour, ground, bold, italic, underlined."""
Row: TypeAlias = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """What the screen showed, and for how long."""

    rows: tuple[Row, ...]
    seconds: float


def frame(app: App[Any], seconds: float) -> Frame:
    """The screen as it is now, to be shown for some seconds."""
    strips = app.screen._compositor.render_strips()
    return Frame(
        tuple(tuple(_run(segment.text, segment.style) for segment in strip) for strip in strips),
        seconds,
    )


def _run(text: str, style: Style | None) -> Run:
    style = style or Style.null()
    front, ground = _hex(style, front=True), _hex(style, front=False)
    if style.reverse:
        front, ground = ground, front
    return (text, front, ground, bool(style.bold), bool(style.italic), bool(style.underline))


def _hex(style: Style, *, front: bool) -> str:
    colour = style.color if front else style.bgcolor
    if colour is None or colour.is_default:
        return "#d6dbe8" if front else "#11141b"
    return colour.get_truecolor(DIMMED_MONOKAI, foreground=front).hex


def animation(frames: Sequence[Frame], title: str) -> str:
    """The frames, one after the other for ever, as SVG; a single frame stands still."""
    rows = max(len(each.rows) for each in frames)
    columns = max(_width(row) for each in frames for row in each.rows)
    width, height = columns * CELL_WIDTH + 2 * _MARGIN, rows * CELL_HEIGHT + 2 * _MARGIN
    whole = sum(each.seconds for each in frames)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}"'
        f" font-family=\"ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace\""
        f' font-size="{FONT_SIZE}" xml:space="preserve">',
        f"<title>{escape(title)}</title>",
        f'<rect width="100%" height="100%" rx="8" fill="{_ground(frames[0])}"/>',
    ]
    for y in range(rows):
        at = 0.0
        shown = [(each.rows[y] if y < len(each.rows) else (), each.seconds) for each in frames]
        for row, group in groupby(shown, key=lambda pair: pair[0]):
            lasting = sum(seconds for _row, seconds in group)
            parts.append(_group(row, y, at, at + lasting, whole))
            at += lasting
    return "\n".join([*parts, "</svg>\n"])


def _ground(first: Frame) -> str:
    """The ground that most cells have."""
    cells: Counter[str] = Counter()
    for row in first.rows:
        for run in row:
            cells[run[2]] += len(run[0])
    return cells.most_common(1)[0][0] if cells else "#11141b"


def _width(row: Row) -> int:
    return sum(max(wcswidth(run[0]), 0) for run in row)


def _group(row: Row, y: int, start: float, end: float, whole: float) -> str:
    """One row, visible from `start` to `end` of `whole` seconds."""
    timing = ""
    if end - start < whole:
        times, values = [0.0], ["0"]
        if start > 0:
            times.append(start / whole)
            values.append("1")
        else:
            values = ["1"]
        if end < whole:
            times.append(end / whole)
            values.append("0")
        timing = (
            f'<animate attributeName="opacity" dur="{whole:g}s" repeatCount="indefinite"'
            f' calcMode="discrete" keyTimes="{";".join(f"{t:.4g}" for t in times)}"'
            f' values="{";".join(values)}"/>'
        )
    return f'<g opacity="{0 if timing and start > 0 else 1}">{timing}{_text(row, y)}</g>'


def _text(row: Row, y: int) -> str:
    """The grounds of a row, then its text; every run is stretched to its cells."""
    x = 0
    grounds, texts = [], []
    top = _MARGIN + y * CELL_HEIGHT
    for text, front, ground, bold, italic, line in _joined(row):
        cells = max(wcswidth(text), 0)
        left = _MARGIN + x * CELL_WIDTH
        grounds.append(
            f'<rect x="{left:.2f}" y="{top:.1f}" width="{cells * CELL_WIDTH + 0.3:.2f}"'
            f' height="{CELL_HEIGHT + 0.3}" fill="{ground}"/>'
        )
        if text.strip():
            looks = "".join(
                [
                    ' font-weight="bold"' if bold else "",
                    ' font-style="italic"' if italic else "",
                    ' text-decoration="underline"' if line else "",
                ]
            )
            texts.append(
                f'<text x="{left:.2f}" y="{top + 12.7:.1f}" fill="{front}" textLength='
                f'"{cells * CELL_WIDTH:.2f}" lengthAdjust="spacingAndGlyphs"{looks}>'
                f"{escape(text)}</text>"
            )
        x += cells
    return "".join([*grounds, *texts])


def _joined(row: Row) -> list[Run]:
    """Neighbours of one look as one run."""
    return [
        ("".join(run[0] for run in group), *look)
        for look, group in groupby(row, key=lambda run: run[1:])
    ]

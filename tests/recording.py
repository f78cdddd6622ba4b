"""Record screens of the real program as one SVG that moves, or one that stands still.

A run of cells that looks the same is in the file once, however many frames show it, and all that is
shown at the same times is in one group. The animation is SMIL, which browsers play in an `<img>`
as well.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from typing import Any, TypeAlias

from rich.style import Style
from rich.terminal_theme import DIMMED_MONOKAI
from textual.app import App
from wcwidth import wcswidth

_KEPT = "\N{NO-BREAK SPACE}"
"""A blank that browsers keep at both ends of a text."""
CELL_WIDTH, CELL_HEIGHT, FONT_SIZE = 8.43, 16.5, 14
"""Pixels of a cell, and of the font."""
_MARGIN = 12
_PIECES = re.compile(r"( {2,})")

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
    ground = _ground(frames[0])
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}"'
        f" font-family=\"ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace\""
        f' font-size="{FONT_SIZE}">',
        f"<title>{escape(title)}</title>",
        f'<rect width="100%" height="100%" rx="8" fill="{ground}"/>',
    ]
    seconds = [each.seconds for each in frames]
    for draw in (_grounds, _texts):  # a ground must not hide a text
        shown: dict[str, list[int]] = {}
        for number, each in enumerate(frames):
            for y, row in enumerate(each.rows):
                for drawn in draw(row, y, ground):
                    shown.setdefault(drawn, []).append(number)
        together: dict[tuple[int, ...], list[str]] = {}
        for drawn, numbers in shown.items():
            together.setdefault(tuple(numbers), []).append(drawn)
        for when, group in together.items():
            parts.append(f"<g{_timing(when, seconds)}{''.join(group)}</g>")
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


def _timing(when: Sequence[int], seconds: Sequence[float]) -> str:
    """The rest of a tag of a group that is visible in the frames `when`."""
    if len(when) == len(seconds):
        return ' opacity="1">'
    whole, at = sum(seconds), 0.0
    times, values = list[str](), list[str]()
    visible = set(when)
    for number, lasting in enumerate(seconds):
        value = "1" if number in visible else "0"
        if not values or values[-1] != value:
            times.append(f"{at / whole:.4g}")
            values.append(value)
        at += lasting
    return (
        f' opacity="{values[0]}"><animate attributeName="opacity" dur="{whole:g}s"'
        f' repeatCount="indefinite" calcMode="discrete" keyTimes="{";".join(times)}"'
        f' values="{";".join(values)}"/>'
    )


def _grounds(row: Row, y: int, ground: str) -> Iterator[str]:
    """What is not of the common ground, as rectangles."""
    x = 0
    for colour, group in groupby(row, key=lambda run: run[2]):
        cells = sum(max(wcswidth(run[0]), 0) for run in group)
        if colour != ground:
            yield (
                f'<rect x="{_MARGIN + x * CELL_WIDTH:.5g}" y="{_MARGIN + y * CELL_HEIGHT:.5g}"'
                f' width="{cells * CELL_WIDTH + 0.3:.5g}" height="{CELL_HEIGHT + 0.3:g}"'
                f' fill="{colour}"/>'
            )
        x += cells


def _texts(row: Row, y: int, _ground: str) -> Iterator[str]:
    """The words of a row, between wide gaps; every piece is stretched to its cells."""
    x = 0
    for text, front, _behind, bold, italic, line in _joined(row):
        looks = "".join(
            [
                ' font-weight="bold"' if bold else "",
                ' font-style="italic"' if italic else "",
                ' text-decoration="underline"' if line else "",
            ]
        )
        for piece in _PIECES.split(text):
            cells = max(wcswidth(piece), 0)
            if piece.strip():
                kept = escape(piece).replace(" ", _KEPT)
                yield (
                    f'<text x="{_MARGIN + x * CELL_WIDTH:.5g}"'
                    f' y="{_MARGIN + y * CELL_HEIGHT + 12.7:.5g}" fill="{front}"'
                    f' textLength="{cells * CELL_WIDTH:.5g}"{looks}>{kept}</text>'
                )
            x += cells


def _joined(row: Row) -> list[Run]:
    """Neighbours of one look as one run."""
    return [
        ("".join(run[0] for run in group), *look)
        for look, group in groupby(row, key=lambda run: run[1:])
    ]

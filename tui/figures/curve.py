"""Curves over one axis: even ticks, names at their ends, a tangent at a point that can move."""

from __future__ import annotations

import math

from engine.language import _
from lessons.format.drawings import Curve, Line, Spot, extent, sampled
from tui.figures.canvas import INKS
from tui.figures.plot import DOTS, Marks, Panel
from tui.figures.registry import ROWS, FigureKind, Options
from tui.figures.scale import Scale, Ticks, row_ticks, shown, ticks
from tui.math import cell_width
from tui.page.lines import Ink, InkLine, Piece, cut, line_width
from tui.page.signs import plain_signs

_LEAST = 28
"""Columns from which on there are numbers at the axes."""
_MOST_NAME = 16
_ROOM = 1.35
"""How much longer than its curves an axis may become, so that it ends at round numbers."""


def draw(curve: Curve, width: int, height: int, options: Options) -> list[InkLine]:
    """The curve within `width` × `height` cells."""
    at = touched(curve, options)
    has_axes = width >= 20 and height >= 5
    head = [_tangent_words(curve, at, width)] if at is not None and height >= 8 else []
    rows = height - len(head) - (2 if has_axes else 0)
    tall = rows - rows * 2 // 5 if curve.slope is not None and rows >= 8 else rows
    heights = [tall, rows - tall - 1] if tall < rows else [tall]
    lines = [curve.lines, (curve.slope,) if curve.slope is not None else ()]
    axes = [_y_ticks(curve, panel, each) for panel, each in zip(lines, heights, strict=False)]
    left = _left(axes) if has_axes else 0
    right = _right(curve, width) if has_axes else 0
    room = max(1, width - left - right)
    found = list(head)
    for number, (each, ys) in enumerate(zip(heights, axes, strict=True)):
        panel = Panel(room, each, (curve.low, curve.high), ys, braille=not plain_signs())
        panel.draw(lines[number], _marks(curve, at, number))
        if number:
            found.append((("│".rjust(left), Ink.RULE),) if left else ())
        found += panel.rows(left, right, lines[number])
    if has_axes:
        found += _x_axis(curve, left, room, right)
    return found[:height]


def touched(curve: Curve, options: Options) -> float | None:
    """Where the tangent touches: the option, kept inside of the axis, or what the curve says."""
    at = options.get("at", curve.tangent)
    return None if at is None else min(max(at, curve.low), curve.high)


def _marks(curve: Curve, at: float | None, number: int) -> Marks:
    if number:
        if at is None or curve.slope is None:
            return Marks()
        return Marks(guide=at, spots=(Spot(at, curve.slope.at(at), "", curve.slope.hue),))
    tangent = None if at is None else (at, curve.lines[0].at(at), curve.slope_at(at))
    guide = at if curve.slope is not None else None
    return Marks(tangent, guide, curve.spots, curve.path, curve.area)


def _y_ticks(curve: Curve, lines: tuple[Line, ...], rows: int) -> Ticks:
    if curve.y_range is not None and lines is curve.lines:
        return row_ticks(*curve.y_range, rows, DOTS, exact=True)
    values = [y for line in lines for _x, y in sampled(line, curve.low, curve.high, 101)]
    if lines is curve.lines:
        values += [y for _x, y in curve.path] + [spot.y for spot in curve.spots]
    low, high = extent(values)
    if high - low < 1e-12 * max(1.0, abs(high)):
        low, high = low - 1, high + 1
    found = row_ticks(low, high, rows, DOTS)
    if found.high - found.low <= (high - low) * _ROOM:
        return found
    pad = (high - low) / 20
    return row_ticks(low - pad, high + pad, rows, DOTS, exact=True)


def _left(axes: list[Ticks]) -> int:
    return 1 + max(len(text) for each in axes for text in each.texts or ("",))


def _right(curve: Curve, width: int) -> int:
    """Columns for the names of lines and axis at the right."""
    lines = [*curve.lines, *([curve.slope] if curve.slope else [])]
    widest = max(cell_width(text) for text in (curve.x, *(line.name for line in lines)))
    return min(widest, _MOST_NAME, width // 3) + 1


def _x_axis(curve: Curve, left: int, room: int, right: int) -> list[InkLine]:
    found = ticks(curve.low, curve.high, max(2, room // 9), exact=True)
    scale = Scale(curve.low, curve.high, 0, max(1, room * 2 - 1))
    rule, below = ["─"] * room, [" "] * (left + room + right)
    taken = -1
    for value, text in zip(found.at, found.texts, strict=True):
        column = min(room - 1, round(scale.dot(value)) // 2)
        start = max(0, left + column - (len(text) - 1) // 2)
        if start <= taken or start + len(text) > len(below):
            continue
        rule[column] = "┴"
        below[start : start + len(text)] = text
        taken = start + len(text)
    name = cut(curve.x, max(1, right - 1))
    return [
        (("└".rjust(left), Ink.RULE), ("".join(rule), Ink.RULE), (f" {name}", Ink.QUIET)),
        (("".join(below).rstrip(), Ink.QUIET),),
    ]


def _tangent_words(curve: Curve, at: float, width: int) -> InkLine:
    line = curve.lines[0]
    place: Piece = (f"{curve.x} = {shown(at)}", Ink.INPUT)
    value: Piece = (f"  {line.name} = {shown(line.at(at))}", INKS[line.hue])
    text = _("slope {slope}").format(slope=shown(curve.slope_at(at)))
    slope: Piece = (f"  {text}", Ink.DELTA)
    for found in ((place, value, slope), (place, slope)):
        if line_width(found) <= width:
            return found
    return ((cut(text, width), Ink.DELTA),)


def words(curve: Curve, options: Options) -> str:
    """The curve in words: its ends, its middle, the tangent, the marks."""
    said = [
        _("Curve over {x} from {low} to {high}.").format(
            x=curve.x, low=shown(curve.low), high=shown(curve.high)
        )
    ]
    lines = [*curve.lines, *([curve.slope] if curve.slope else [])]
    places = [curve.low, (curve.low + curve.high) / 2, curve.high]
    for line in lines:
        values = [line.at(x) for x in places]
        parts = [
            _("{value} at {x}").format(value=shown(value), x=shown(x))
            for x, value in zip(places, values, strict=True)
            if not math.isnan(value)
        ]
        said.append(f"{line.name}: {', '.join(parts)}.")
    at = touched(curve, options)
    if at is not None:
        told = _("The tangent at {x} = {at} has the slope {slope}.")
        said.append(told.format(x=curve.x, at=shown(at), slope=shown(curve.slope_at(at))))
    for spot in curve.spots:
        place = f"({shown(spot.x)}, {shown(spot.y)})"
        name = f"{spot.name} {place}".strip()
        said.append(_("Marked: {point}.").format(point=name))
    if curve.area is not None:
        low, high = map(shown, curve.area)
        said.append(
            _("The area below it from {low} to {high} is filled.").format(low=low, high=high)
        )
    if curve.path:
        ends = [f"({shown(x)}, {shown(y)})" for x, y in (curve.path[0], curve.path[-1])]
        told = _("A path of {count} points leads from {start} to {end}.")
        said.append(told.format(count=len(curve.path), start=ends[0], end=ends[1]))
    return " ".join(said)


def _rows(curve: Curve, width: int) -> int:
    return 19 if curve.slope is not None else max(10, min(15, width // 4))


FIGURE = FigureKind(
    Curve, draw, words, _rows, lambda _curve: _LEAST,
    {"rows": ROWS, "at": (-math.inf, math.inf)},
)  # fmt: skip

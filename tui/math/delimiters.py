"""Delimiters of any height, drawn from pieces."""

from __future__ import annotations

from tui.math.box import Box, column_box, text_box
from tui.math.spans import PLAIN, Roles

# top, extension, bottom
_PIECES = {
    "(": "⎛⎜⎝",
    ")": "⎞⎟⎠",
    "[": "⎡⎢⎣",
    "]": "⎤⎥⎦",
    "|": "│││",
    "‖": "‖‖‖",
    "⌊": "⎢⎢⎣",
    "⌋": "⎥⎥⎦",
    "⌈": "⎡⎢⎢",
    "⌉": "⎤⎥⎥",
    "/": "╱╱╱",
    "\\": "╲╲╲",
    "⟨": "╱⟨╲",
    "⟩": "╲⟩╱",
}
_PLAIN_PIECES = _PIECES | {
    "(": "╭│╰",
    ")": "╮│╯",
    "[": "┌│└",
    "]": "┐│┘",
    "⌊": "││└",
    "⌋": "││┘",
    "⌈": "┌││",
    "⌉": "┐││",
}
# top, extension, middle, bottom
_BRACES = {"{": "⎧⎪⎨⎩", "}": "⎫⎪⎬⎭"}
_PLAIN_BRACES = {"{": "╭│┤╰", "}": "╮│├╯"}


def delimiter(sign: str, height: int, baseline: int, roles: Roles, plain: bool) -> Box:
    """A delimiter `height` rows tall; braces take 1 row, or at least 3."""
    if not sign:
        return Box(0, ((),) * height, baseline)
    if height == 1:
        return text_box(sign, roles)
    if sign in "{}":
        top, extension, middle, bottom = list((_PLAIN_BRACES if plain else _BRACES)[sign])
        cells = [top, *extension * (height - 2), bottom]
        cells[min(max(baseline, 1), height - 2)] = middle
    elif sign in "⟨⟩":
        top, middle, bottom = list(_PIECES[sign])
        half = height // 2
        cells = [*top * half, *middle * (height % 2), *bottom * half]
    else:
        top, extension, bottom = list((_PLAIN_PIECES if plain else _PIECES)[sign])
        cells = [top, *extension * (height - 2), bottom]
    return column_box(cells, roles, baseline)


def horizontal_brace(width: int, over: bool) -> Box:
    """A horizontal brace over or under a body; at least 3 cells wide."""
    width = max(width, 3)
    left, middle, right = "╭┴╮" if over else "╰┬╯"
    before = (width - 3) // 2
    after = width - 3 - before
    return text_box(left + "─" * before + middle + "─" * after + right, PLAIN)

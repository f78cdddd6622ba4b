"""The sizes of a browser's window that are believed."""

from __future__ import annotations

LEAST = (20, 8)
MOST = (400, 150)
"""Columns and rows: a screen of a million columns would take all memory."""


def fitting(columns: int, rows: int) -> tuple[int, int]:
    """The nearest size that can be drawn."""
    return (
        min(max(columns, LEAST[0]), MOST[0]),
        min(max(rows, LEAST[1]), MOST[1]),
    )


def number(given: object, other: int) -> int:
    """A whole number that came from outside, as a number or in digits; `other` if it is none."""
    if isinstance(given, bool):
        return other
    if isinstance(given, int):
        return given
    if isinstance(given, str) and len(given) <= 9 and given.isascii() and given.isdigit():
        return int(given)
    return other

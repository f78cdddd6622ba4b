"""The parts of a drawing: spans and lines."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from engine.formulas.roles import PLAIN, Role, Roles
from tui.math.width import cell_width

__all__ = ["PLAIN", "Drawing", "Line", "Role", "Roles", "Span", "line_text", "measure"]


class Span(NamedTuple):
    """A run of text whose characters all have the same roles; no roles means plain."""

    text: str
    roles: Roles


Line: TypeAlias = tuple[Span, ...]


def line_text(line: Line) -> str:
    """The characters of a line without their roles."""
    return "".join([span.text for span in line])


class Drawing(NamedTuple):
    """A drawn formula.

    Attributes:
        lines: rows from top to bottom, each `width` cells wide.
        baseline: index of the row on which the first line of the formula stands.
        width: in terminal cells.
    """

    lines: tuple[Line, ...]
    baseline: int
    width: int

    def __str__(self) -> str:
        return "\n".join(line_text(line).rstrip() for line in self.lines)


def measure(line: Line) -> int:
    """Width of a line in terminal cells."""
    return sum(cell_width(span.text) for span in line)

"""The kinds of figures that lessons may use; declared by `tui/`, as `lessons/` cannot import it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

Limits: TypeAlias = tuple[float, float]
"""The smallest and the largest value of an option."""
FigureNames: TypeAlias = Mapping[str, Mapping[str, Limits]]
"""The name of each kind, with the limits of its options."""

_find: Callable[[], FigureNames] | None = None


def declare_figures(find: Callable[[], FigureNames]) -> None:
    """Make lessons reject all kinds and options that `find` does not return.

    `find` is called when a lesson has a figure. Lessons that were read before are not checked.
    """
    global _find
    _find = find


def known_figures() -> FigureNames | None:
    """The declared kinds; None if none were declared, and then every name is accepted."""
    return None if _find is None else _find()

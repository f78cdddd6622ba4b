"""The labs that lessons may use; declared by `tui/`, as `lessons/` cannot import it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

LabNames: TypeAlias = Mapping[str, frozenset[str]]
"""The name of each lab, with the names of its options."""

_find: Callable[[], LabNames] | None = None


def declare_labs(find: Callable[[], LabNames]) -> None:
    """Make lessons reject all labs and options that `find` does not return.

    `find` is called when a lesson names a lab. Lessons that were read before are not checked.
    """
    global _find
    _find = find


def known_labs() -> LabNames | None:
    """The declared labs; None if none were declared, and then every name is accepted."""
    return None if _find is None else _find()

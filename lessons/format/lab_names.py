"""Which labs lessons may name: declared from above, for lessons know no screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

LabNames: TypeAlias = Mapping[str, frozenset[str]]
"""The name of each lab with the names of its options."""

_find: Callable[[], LabNames] | None = None


def declare_labs(find: Callable[[], LabNames]) -> None:
    """Have lessons refuse every lab and every option that `find` does not give.

    It is called when a lesson first names a lab. Lessons that were read before are not judged.
    """
    global _find
    _find = find


def known_labs() -> LabNames | None:
    """The labs that were declared; None where nothing was: then every name is good."""
    return None if _find is None else _find()

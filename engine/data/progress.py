"""How far a long piece of work on data has come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Progress:
    """One report: `done` of `total` bytes of one file out of several."""

    file: str
    """Name of the file that is being read or fetched."""
    part: int
    """Which file this is, counted from 1."""
    parts: int
    done: int
    """Bytes."""
    total: int | None
    """Bytes; None where the sender does not say."""


ProgressHandler: TypeAlias = Callable[[Progress], None]
"""Called often, on the thread that does the work: it must return at once."""

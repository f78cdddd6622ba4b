"""What a piece of a formula is for; whoever draws it decides how each role looks."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeAlias


class Role(StrEnum):
    """What a piece of a formula is for."""

    BOLD = "bold"
    CHANGE = "change"
    CANCEL = "cancel"
    NOTE = "note"
    PART = "part"
    """The part that the reader points at."""
    INPUT = "input"
    WEIGHT = "weight"
    DELTA = "delta"
    LOSS = "loss"
    COMPUTED = "computed"
    """These five are the meanings of a number."""
    RESULT = "result"
    """What a row of numbers comes to."""


Roles: TypeAlias = frozenset[Role]
PLAIN: Roles = frozenset()

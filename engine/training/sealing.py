"""JSON with a checksum of what it says, so that a flipped bit or an edit is noticed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

_SEAL = "sha256"


def sealed(state: Mapping[str, object]) -> str:
    """The JSON of `state`, with the checksum as its last entry."""
    return json.dumps({**state, _SEAL: _sum_of(state)})


def unsealed(text: str) -> dict[str, Any]:
    """What was sealed, or the JSON of a version that had no seals.

    Raises ValueError where the checksum is not that of the rest, or it is no JSON; TypeError where
    it is no object.
    """
    state = json.loads(text)
    if not isinstance(state, dict):
        raise TypeError("no object")
    if _SEAL in state and state.pop(_SEAL) != _sum_of(state):
        raise ValueError("not what was written")
    return state


def _sum_of(state: Mapping[str, object]) -> str:
    # Blanks and the order of the entries say nothing.
    return hashlib.sha256(json.dumps(state, sort_keys=True).encode()).hexdigest()

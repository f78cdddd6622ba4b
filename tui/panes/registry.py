"""Finds the panes in this folder."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from engine.broken import load_part
from tui.panes.base import Pane

KEYS = "1234567890lw"
"""The keys that open panes, in the order in which the panes are listed."""


@cache
def panes() -> tuple[type[Pane], ...]:
    """Every pane that a file here names as `PANE`, in the order of their keys.

    Raises ValueError where two have one key or one id, or where a key is not in `KEYS`.
    """
    modules = (
        load_part(f"{__package__}.{path.stem}")
        for path in sorted(Path(__file__).parent.glob("*.py"))
        if path.stem not in ("__init__", "registry")
    )
    found: list[type[Pane]] = [vars(module)["PANE"] for module in modules if "PANE" in vars(module)]
    for pane in found:
        if len(pane.KEY) != 1 or pane.KEY not in KEYS:
            raise ValueError(f"the key of the pane {pane.ID!r} must be one of {KEYS}")
    for what in ("KEY", "ID"):
        given = [getattr(pane, what) for pane in found]
        twice = sorted({value for value in given if given.count(value) > 1})
        if twice:
            raise ValueError(f"two panes have the {what} {twice[0]!r}")
    return tuple(sorted(found, key=lambda pane: KEYS.index(pane.KEY)))

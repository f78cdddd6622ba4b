"""A screen that is being left, as it is in the moment in which its parts have gone before it."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from textual.screen import Screen
from textual.widget import Widget


async def take_parts_away(screen: Screen[Any], but: Container[Widget] = ()) -> None:
    """Take the parts of a screen away, `but` some; the screen itself is there still."""
    for node in screen.walk_children(with_self=True):
        node._pruning = True  # as Textual marks all of a screen at once ...
    for part in [*screen.children]:
        if part not in but:
            await part.remove()  # ... whose parts then go one by one

"""What is said in the corner of a screen."""

from __future__ import annotations

from typing import Any

from textual.app import App
from textual.content import Content


def notes(app: App[Any]) -> list[str]:
    """Each message as it reads, in the order in which they came."""
    return [
        Content.from_markup(note.message).plain if note.markup else note.message
        for note in app._notifications
    ]

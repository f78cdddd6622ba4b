"""What stops in a file that an author may have added, as a sentence in place of a traceback."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from engine.broken import place_of, said_of
from engine.errors import UserError

if TYPE_CHECKING:
    from rich.console import RenderableType

_ROOT: Final = Path(__file__).parents[1]
_PARTS: Final = (
    "engine/activations",
    "engine/labs",
    "engine/recipes",
    "engine/training/diagnoses",
    "lessons/course",
    "lessons/exercises/course",
    "tui/commands",
    "tui/figures",
    "tui/labs",
    "tui/panes",
)
"""The folders of what is found by its files."""


def stopped_in_part(error: BaseException) -> str:
    """Which line of which file stopped; empty where that is in no part, or in Python's dev mode.

    A traceback helps whoever knows the whole program. An author needs the line of their own file.
    """
    path, line = place_of(error, lambda file: file.is_relative_to(_ROOT), Path())
    is_in_part = any(path.is_relative_to(_ROOT / folder) for folder in _PARTS)
    if sys.flags.dev_mode or not is_in_part:
        return ""
    whole = "`python -X dev -m tui.cli …` shows the whole traceback."
    return f"{path}:{line}: {said_of(error)} Fix it and try again; {whole}"


def told(error: BaseException) -> RenderableType:
    """The same for the screens, or a traceback."""
    from rich.text import Text
    from rich.traceback import Traceback

    is_told = isinstance(error, UserError) and not sys.flags.dev_mode
    said = str(error) if is_told else stopped_in_part(error)
    if said:
        return Text(f"dltutor: {said}")
    return Traceback.from_exception(type(error), error, error.__traceback__)

"""The commands of the command line, one file each.

A command's file declares `COMMAND = Command(name, help, place, description)` with plain values, and
has `add_arguments(parser)` and `run(args)`. The declaration is read without importing the file,
which happens only when the command is used. Texts in it may be wrapped in `_("…")`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from engine.declared import DeclarationError, declared
from engine.language import _

LAST = 1000


class Command(NamedTuple):
    """What a command's file declares."""

    name: str
    """The word after `dltutor`."""
    help: str
    """What it does, in one line of the overview."""
    place: int = LAST
    """In the overview, smaller ones come first."""
    description: str = ""
    """What `dltutor NAME --help` says above the arguments; if empty, the file's docstring."""


class FoundCommand(NamedTuple):
    """A command, and the module that runs it."""

    command: Command
    module: str


@cache
def commands() -> Mapping[str, FoundCommand]:
    """Every command by its name, in the order of their places; raises DeclarationError."""
    found: dict[str, FoundCommand] = {}
    here = Path(__file__).parent
    words = {"Command": Command, "_": _}
    for path, command in declared(__name__, here, "COMMAND", Command, words):
        if not re.fullmatch("[a-z][a-z0-9-]*", command.name):
            problem = f"{command.name!r} cannot be the name of a command."
            mend = "Use lower-case letters, digits and hyphens."
            raise DeclarationError(path, 1, problem, mend)
        if command.name in found:
            raise DeclarationError(
                path, 1, f"There are two commands called {command.name!r}.", "Rename one of them."
            )
        found[command.name] = FoundCommand(command, f"{__name__}.{path.stem}")
    return dict(sorted(found.items(), key=lambda item: (item[1].command.place, item[0])))

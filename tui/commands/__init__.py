"""The commands of the command line: a file each, which is all that it takes to add one.

A command's file declares `COMMAND = Command(name, help, place)` with plain values, and has
`add_arguments(parser)` and `run(args)`; its docstring is what `dltutor NAME --help` says. The
declaration is read without importing the file, which happens only when the command is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from engine.declared import DeclarationError, declared

LAST = 1000


class Command(NamedTuple):
    """What a command's file declares."""

    name: str
    """The word after `dltutor`."""
    help: str
    """What it does, in a line of the overview."""
    place: int = LAST
    """In the overview, smaller ones come first."""


class FoundCommand(NamedTuple):
    """A command, and the module that runs it."""

    command: Command
    module: str


@cache
def commands() -> Mapping[str, FoundCommand]:
    """Every command by its name, in the order of their places; raises DeclarationError."""
    found: dict[str, FoundCommand] = {}
    here = Path(__file__).parent
    for path, command in declared(__name__, here, "COMMAND", Command, {"Command": Command}):
        if command.name in found:
            raise DeclarationError(
                path, 1, f"There are two commands {command.name!r}.", "Give one another name."
            )
        found[command.name] = FoundCommand(command, f"{__name__}.{path.stem}")
    return dict(sorted(found.items(), key=lambda item: (item[1].command.place, item[0])))

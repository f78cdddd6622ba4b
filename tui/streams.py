"""Output that fails, and text that is not ours, such as the name of a file."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from typing import TextIO


def open_closed() -> None:
    """Give the standard streams that were closed (`>&-`) a place to write to or read from.

    Without one, the next file that is opened would take their descriptor.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            stream = Path(os.devnull).open(mode, encoding="utf-8")  # noqa: SIM115 - for good
            setattr(sys, name, stream)


def silence(stream: TextIO) -> None:
    """Discard what is left in a dead stream's buffer, so that a later flush cannot fail."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(nowhere, stream.fileno())
        finally:
            os.close(nowhere)


def shown(text: str) -> str:
    """Text from outside, without characters that a terminal obeys: `\\x1b` for an escape."""
    return "".join(
        character if character.isprintable() else repr(character)[1:-1] for character in text
    )

"""Output that fails, and text that is not ours, such as the name of a file."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO, cast


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


class _Unread:
    """A stream that falls silent once its reader has left; all other errors are raised."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> object:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Write, if somebody reads."""
        try:
            return self._stream.write(text)
        except BrokenPipeError:
            silence(self._stream)
            return len(text)

    def flush(self) -> None:
        """Flush, if somebody reads."""
        try:
            self._stream.flush()
        except BrokenPipeError:
            silence(self._stream)


@contextlib.contextmanager
def though_unread() -> Iterator[None]:
    """What is printed in here may go into a pipe that nobody reads: the work is done to its end.

    For commands whose exit status is a verdict, which must not depend on who reads.
    """
    stream = _Unread(sys.stdout)
    try:
        with contextlib.redirect_stdout(cast("TextIO", stream)):
            yield
    finally:
        stream.flush()


def shown(text: str) -> str:
    """Text from outside, without characters that a terminal obeys: `\\x1b` for an escape."""
    return "".join(
        character if character.isprintable() else repr(character)[1:-1] for character in text
    )

"""Keep the output of this program apart from what an author's code prints or closes.

The results of `dltutor check` may be JSON. The code of an author may print between them, also from
a process of its own, and may close or replace the streams that the results go to.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from typing import TextIO, cast

_OUT, _ERR = 1, 2
"""The descriptors of stdout and stderr."""


class _Kept:
    """A stream that code can write to, but not close."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> object:
        return getattr(self._stream, name)

    def close(self) -> None:
        """Stay open: others write here afterwards."""


@contextlib.contextmanager
def streams_kept() -> Iterator[None]:
    """What is printed in here goes to stderr; what happens to the streams is undone at the end."""
    streams = sys.stdout, sys.stderr
    kept = _copies()
    # Without a stderr there is None, and Python prints nothing.
    sys.stdout = sys.stderr = sys.stderr and cast("TextIO", _Kept(sys.stderr))
    try:
        if kept:
            os.dup2(_ERR, _OUT)
        yield
    finally:
        sys.stdout, sys.stderr = streams
        for descriptor, copy in kept.items():
            os.dup2(copy, descriptor)
            os.close(copy)


def _copies() -> dict[int, int]:
    """Descriptors that lead to the same places; none where one of them leads nowhere."""
    found: dict[int, int] = {}
    try:
        for descriptor in (_OUT, _ERR):
            found[descriptor] = os.dup(descriptor)
    except OSError:
        for copy in found.values():
            os.close(copy)
        return {}
    return found

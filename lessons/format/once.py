"""A value that is computed once, however many threads ask for it."""

from __future__ import annotations

from collections.abc import Callable
from threading import RLock
from typing import Generic, TypeVar

T = TypeVar("T")


class Once(Generic[T]):
    """Calls `compute` at the first call. Who asks meanwhile waits instead of computing, too.

    What raises is computed again at the next call.
    """

    def __init__(self, compute: Callable[[], T]) -> None:
        self._compute = compute
        self._lock = RLock()
        self._found: list[T] = []

    def __call__(self) -> T:
        """The value."""
        if not self._found:
            with self._lock:
                if not self._found:
                    self._found.append(self._compute())
        return self._found[0]

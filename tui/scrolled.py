"""Where a page was scrolled to before its window got so large that there was nothing to scroll."""

from __future__ import annotations


class Scrolled:
    """A row that the reader chose, kept while a window of another size shows another one."""

    def __init__(self) -> None:
        self.wanted = 0.0
        self._shown = 0.0
        """What the page was scrolled to after the last resize."""
        self._is_pending = False
        """Whether a resize has not been laid out: the row is then no choice of the reader."""

    def note(self, row: float) -> None:
        """A resize comes, and the page is scrolled to `row`."""
        if not self._is_pending and row != self._shown:
            self.wanted = row
        self._is_pending = True

    def done(self, row: float) -> None:
        """The page is laid out, and scrolled as near to `wanted` as can be: to `row`."""
        self._shown = row
        self._is_pending = False

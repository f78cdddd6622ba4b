"""A test draws its screen when it pauses, and once at its end, not after every message.

A pilot has no terminal: what Textual draws, up to four times a key, it throws away, and that took
half of the time of the screen tests. Here the screen is laid out and its callbacks run as ever, but
what is dirty waits for `pilot.pause()`, or for the end of the application, so that every test draws
what it leaves. `drawn_at_once` is for tests of the drawing itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from textual.app import App
from textual.pilot import Pilot
from textual.screen import Screen

from tests.screens.quiet import quiet

LOOKS = 5
"""A chart that is drawn may ask for another row of its legend, which is drawn in turn."""

_refresh = Screen._compositor_refresh
_shutdown = App._shutdown
_pause = Pilot.pause
_eager = False


def install() -> None:
    """Let all applications without a terminal in this process draw late."""

    def later(self: Screen[Any]) -> None:
        if _eager or self.app.is_inline or not self.app.is_headless:
            _refresh(self)
        elif self is self.app.screen:
            self.app._display(self, None)
            self._dirty_widgets.clear()
            self.app._update_mouse_over(self)
        else:
            _refresh(self)

    async def drawn_first(self: App[Any]) -> None:
        if _undrawn(self):
            draw(self)
        await _shutdown(self)

    async def pause(self: Pilot[Any], delay: float | None = None) -> None:
        await _pause(self, delay)
        for _ in range(LOOKS):
            if not _undrawn(self.app):
                break
            draw(self.app)
            await quiet(self.app)

    Pilot.pause = pause  # type: ignore[method-assign]
    Screen._compositor_refresh = later  # type: ignore[method-assign]
    App._shutdown = drawn_first  # type: ignore[method-assign]


def draw(app: App[Any]) -> None:
    """Draw what has changed since the last time."""
    _refresh(app.screen)


def _undrawn(app: App[Any]) -> bool:
    """Whether the application runs without a terminal, and its screen has changed since."""
    if not app.is_headless or not app._running or app._exception or not app._screen_stack:
        return False
    return bool(app.screen._compositor._dirty_regions)


@contextmanager
def drawn_at_once() -> Iterator[None]:
    """Draw at once, as with a terminal."""
    global _eager
    before, _eager = _eager, True
    try:
        yield
    finally:
        _eager = before

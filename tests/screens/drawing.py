"""A test draws its screen where it looks, and once at its end, not after every message.

A pilot has no terminal: what Textual draws, up to four times a key, it throws away, and that took
half of the time of the screen tests. Here the screen is laid out and its callbacks run as ever, but
what is dirty waits for `drawn(pilot)`, for a snapshot, or for the end of the application, so that
every test draws what it leaves. `drawn_at_once` is for tests of the drawing itself.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, Literal, TypeAlias

from textual import _doc as textual_doc
from textual.app import App
from textual.pilot import Pilot
from textual.screen import Screen

import tui.themes  # noqa: F401 - puts the program's own way of painting in place of Textual's
from tests.screens.quiet import quiet
from tui.widgets.chart import _Canvas

When: TypeAlias = Literal["asked", "at pauses", "always"]
RunBefore: TypeAlias = Callable[[Pilot[Any]], Awaitable[None] | None]
"""What comes before a snapshot."""
LOOKS = 5
"""A chart that is drawn may ask for another row of its legend, which is drawn in turn."""

_refresh = Screen._compositor_refresh
_shutdown = App._shutdown
_pause = Pilot.pause
_take_screenshot = textual_doc.take_svg_screenshot
_when: When = "asked"


def install() -> None:
    """Let all applications without a terminal in this process draw late."""

    def later(self: Screen[Any]) -> None:
        if _when == "always" or self.app.is_inline or not self.app.is_headless:
            _refresh(self)
        elif self is self.app.screen:
            self.app._display(self, None)
            self._dirty_widgets.clear()
            self.app._update_mouse_over(self)
        else:
            _refresh(self)

    async def drawn_first(self: App[Any]) -> None:
        if undrawn(self):
            draw(self)
        await _shutdown(self)

    async def pause(self: Pilot[Any], delay: float | None = None) -> None:
        await _pause(self, delay)
        if _when == "at pauses":
            await _draw_all(self.app)

    Pilot.pause = pause  # type: ignore[method-assign]
    textual_doc.take_svg_screenshot = _screenshot  # type: ignore[assignment]
    _refuse_stale_text()
    Screen._compositor_refresh = later  # type: ignore[method-assign]
    App._shutdown = drawn_first  # type: ignore[method-assign]


def draw(app: App[Any]) -> None:
    """Draw what has changed since the last time."""
    _refresh(app.screen)


async def drawn(pilot: Pilot[Any]) -> None:
    """Pause, and draw what has changed, with all that follows from it."""
    await pilot.pause()
    await _draw_all(pilot.app)


async def _draw_all(app: App[Any]) -> None:
    for _ in range(LOOKS):
        if not undrawn(app):
            break
        draw(app)
        await quiet(app)


def _screenshot(*, run_before: RunBefore | None = None, **named: Any) -> str:
    """Textual's, drawn at its own pauses."""
    with ExitStack() as then:

        async def run_first(pilot: Pilot[Any]) -> None:
            if run_before and (run := run_before(pilot)):
                await run
            if _when == "asked":
                then.enter_context(drawing_when("at pauses"))

        return _take_screenshot(run_before=run_first, **named)


def _refuse_stale_text() -> None:
    """A chart tells what it drew last: a test that asks for it draws first."""
    told: property = vars(_Canvas)["text"]

    def text(self: _Canvas) -> str:
        assert not undrawn(self.app), "a test that reads a chart draws it first"
        drawn_rows: str = told.__get__(self)
        return drawn_rows

    _Canvas.text = property(text)  # type: ignore[assignment,method-assign]


def undrawn(app: App[Any]) -> bool:
    """Whether the application runs without a terminal, and its screen has changed since."""
    if not app.is_headless or not app._running or app._exception or not app._screen_stack:
        return False
    return bool(app.screen._compositor._dirty_regions)


@contextmanager
def drawing_when(when: When) -> Iterator[None]:
    """Draw at other times: always, as with a terminal, or at each pause, with all that follows."""
    global _when
    before, _when = _when, when
    try:
        yield
    finally:
        _when = before

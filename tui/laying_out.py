"""One layout where Textual makes two.

Whenever a widget has got another size, Textual lays the screen out again and paints that widget
again, because a scrollbar may have come or gone. Where a widget has none, nothing can have changed,
and the second time costs as much as the first.

A screen that is slower than the window is resized finds several sizes in its queue. Textual lays it
out for each of them, and each layout puts its size at the end of the queue again, which then goes
round for ever, or ends with a size that is no longer that of the window. Here each of them stands
for the size of now.

What is on the whole screen is laid out by the screen, past all that holds it. Textual clears what
is kept of a layout only up to the first of those that has a size of its own, so that such a widget
kept its place whatever size it came to.

And after each layout, the first question where a widget is has all places worked out again, as if
only what is visible had been laid out.
"""

from __future__ import annotations

from textual._compositor import Compositor, ReflowResult
from textual.events import Resize
from textual.geometry import Size
from textual.layout import DockArrangeResult
from textual.screen import Screen
from textual.widget import Widget

_theirs = Widget._size_updated
_their_reflow = Compositor.reflow
_their_resize = Screen._on_resize
_their_arrange = Screen.arrange


def _size_updated(
    self: Widget, size: Size, virtual_size: Size, container_size: Size, layout: bool = True
) -> bool:
    """Textual's, with a second layout only where a scrollbar can come or go."""
    again = (
        layout
        and virtual_size != self.virtual_size
        and self.is_scrollable
        and "auto" in (self.styles.overflow_x, self.styles.overflow_y)
    )
    return _theirs(self, size, virtual_size, container_size, again)


def _reflow(self: Compositor, parent: Widget, size: Size) -> ReflowResult:
    """Textual's, after which the place of each widget is known."""
    result = _their_reflow(self, parent, size)
    self._full_map_invalidated = False
    return result


async def _on_resize(self: Screen[object], event: Resize) -> None:
    """Textual's, for the size that the window has now."""
    event.stop()
    size = self.app.size
    await _their_resize(self, event if event.size == size else Resize(size, size))


def _arrange(self: Screen[object], size: Size, _optimal: bool = False) -> DockArrangeResult:
    """Textual's, which asks what is on the whole screen for its size each time."""
    if self.maximized is not None:
        self._clear_arrangement_cache()
    return _their_arrange(self, size, _optimal)


def lay_out_once() -> None:
    """From now on, in every application of this process."""
    Widget._size_updated = _size_updated  # type: ignore[method-assign]
    Compositor.reflow = _reflow  # type: ignore[method-assign]
    Screen.arrange = _arrange  # type: ignore[method-assign, assignment]
    Screen._on_resize = _on_resize  # type: ignore[method-assign, assignment]

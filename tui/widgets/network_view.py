"""The drawn network, scrolled to the part that the current operation uses."""

from __future__ import annotations

from textual.containers import ScrollableContainer
from textual.geometry import Region, Size

from engine.trace import Trace
from tui.background import after_refresh
from tui.page.lines import InkLine
from tui.widgets.lines_view import LinesView
from tui.widgets.network_drawing import NetworkDrawing, draw_network


class _Network(LinesView):
    """The drawing at its own size."""

    DEFAULT_CSS = """
    _Network { width: auto; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.drawing = NetworkDrawing([], 0, 0, 0, 0)

    def lines(self, width: int) -> list[InkLine]:
        """The drawing, whatever the width."""
        return self.drawing.lines

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """As wide as the longest line."""
        return max((sum(len(text) for text, _ in line) for line in self.drawing.lines), default=0)


class NetworkView(ScrollableContainer, can_focus=False):
    """Values on units, weights on wires; the current operation and what feeds it stand out."""

    DEFAULT_CSS = """
    NetworkView { scrollbar-size: 1 1; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(_Network(), id=id)

    @property
    def drawing(self) -> NetworkDrawing:
        """What is drawn."""
        return self.query_one(_Network).drawing

    def show(self, trace: Trace, position: int) -> None:
        """Draw the network after the operation at `position`."""
        network = self.query_one(_Network)
        network.drawing = draw_network(trace, position)
        network.relay()
        after_refresh(self, self.reveal)

    def reveal(self) -> None:
        """Scroll to the current operation."""
        drawing = self.drawing
        region = Region(drawing.x, drawing.y, drawing.width, drawing.height)
        self.scroll_to_region(region, animate=False, force=True)

    def on_resize(self) -> None:
        """Keep the current operation in view."""
        self.reveal()

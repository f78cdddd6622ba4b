"""The drawn network, as large as there is room for it."""

from __future__ import annotations

from textual import events
from textual.geometry import Size

from engine.trace import Trace
from tui.figures.network_layout import Detail
from tui.figures.network_painter import draw_network
from tui.figures.network_parts import NetworkFigure
from tui.page.lines import InkLine
from tui.page.signs import plain_signs
from tui.widgets.lines_view import LinesView
from tui.widgets.network_drawing import network_figure


class NetworkView(LinesView):
    """Values in units, weights on edges; the current operation and what feeds it stand out."""

    DEFAULT_CSS = """
    NetworkView { height: 1fr; }
    """

    def __init__(self, classes: str | None = None) -> None:
        super().__init__(classes)
        self._figure: NetworkFigure | None = None

    def show(self, trace: Trace, position: int) -> None:
        """Draw the network after the operation at `position`."""
        self._figure = network_figure(trace, position)
        self._laid_out = None
        self.refresh()  # its size does not change

    def lines(self, width: int) -> list[InkLine]:
        """The drawing, as high as the widget."""
        if self._figure is None:
            return []
        height = self.content_size.height or 12
        drawing = draw_network(
            self._figure, width, height, braille=not plain_signs(), largest=Detail.HUGE
        )
        return drawing.lines

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """It takes whatever height it is given."""
        return container.height

    def on_resize(self, event: events.Resize) -> None:
        self._laid_out = None
        self.refresh()

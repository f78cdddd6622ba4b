"""A page above its foot: what the step leaves of the height belongs to the foot."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Center, Vertical, VerticalScroll
from textual.geometry import Size
from textual.layout import DockArrangeResult

from tui.widgets.foot import Foot


class FootedPage(Vertical):
    """The step, and titles below it; a step that grows takes their room, and nothing moves."""

    def __init__(self) -> None:
        super().__init__(id="lesson-column")
        self.page = VerticalScroll(id="lesson-page", can_focus=False)
        self.foot = Foot()

    def compose(self) -> ComposeResult:
        """Both parts."""
        yield self.page
        with Center():
            yield self.foot

    def arrange(self, size: Size, optimal: bool = False) -> DockArrangeResult:
        """Tell the foot how much there is for it, before anything has its place."""
        if self.foot.display:
            inner = size - self.page.gutter.totals
            rows = self.page.get_content_height(inner, self.app.viewport_size, inner.width)
            self.foot.fit(inner.height - rows)
        return super().arrange(size, optimal)

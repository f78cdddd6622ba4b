"""A view that scrolls by whole rows of images, so that none is seen in part."""

from __future__ import annotations

import math

from textual.containers import VerticalScroll


class RowScroll(VerticalScroll):
    """Scrolls by the lines that the widget shown in it names as its `pitch`."""

    @property
    def pitch(self) -> int:
        """Lines from one row to the next; 1 where every line may be the first."""
        for child in self.children:
            if child.display:
                found: int = getattr(child, "pitch", 1)
                return found
        return 1

    def validate_scroll_target_y(self, value: float) -> float:
        """The whole row that a move ends at: it goes at least to the next one."""
        end: float = super().validate_scroll_target_y(value)
        pitch = self.pitch
        if pitch == 1:
            return end
        rows = (end - self.scroll_y) / pitch
        whole = max(1, math.floor(rows)) if rows > 0 else min(-1, math.ceil(rows)) if rows else 0
        return (round(self.scroll_y / pitch) + whole) * pitch

    def validate_scroll_y(self, value: float) -> float:
        """Where rows are whole, it is at once where it is going to."""
        pitch = self.pitch
        if pitch > 1:
            value = round(self.scroll_target_y / pitch) * pitch
        end: float = super().validate_scroll_y(value)
        return end

"""Lines that fill their container are laid out anew when its height changes, others are not."""

from __future__ import annotations

import pytest
from textual.geometry import Size

from tui.page.lines import InkLine
from tui.widgets.lines_view import LinesView


class Counting(LinesView):
    """A line for each row of the container, and how often they were asked for."""

    asked = 0

    def lines(self, width: int) -> list[InkLine]:
        self.asked += 1
        return [()] * max(self.rows, 1)


@pytest.mark.parametrize("fills", [False, True])
def test_only_lines_that_fill_their_container_follow_its_height(fills: bool) -> None:
    kind = type("Filling", (Counting,), {"FILLS": fills})
    view = kind()
    heights = [view.get_content_height(Size(40, rows), Size(80, 24), 40) for rows in (9, 9, 5)]
    assert heights == ([9, 9, 5] if fills else [1, 1, 1])
    assert view.asked == (2 if fills else 1)

"""What is sent to the terminal for a part of the screen: that part, and nothing to the left of it.

Where a widget says that a few of its cells have changed, Textual sends its row from the widget's
left edge on, once for each group of such cells. Over SSH, that is most of what a chart costs.
"""

from __future__ import annotations

from rich.console import Console
from rich.control import Control
from textual._compositor import ChopsUpdate
from textual.strip import Strip


class ExactUpdate(ChopsUpdate):
    """The same update as Textual's, cut at both ends of each group of cells."""

    @classmethod
    def of(cls, update: ChopsUpdate) -> ExactUpdate:
        """The update with exact cuts."""
        return cls(update.chops, update.spans, update.chop_ends)

    def render_segments(self, console: Console) -> str:
        """The characters to send, with escape sequences."""
        sent: list[str] = []
        for y, x1, x2 in self.spans:
            for end, (x, strip) in zip(self.chop_ends[y], self.chops[y].items(), strict=False):
                if strip is None or x >= x2 or end <= x1:
                    continue
                start = max(x1, x) if _is_narrow(strip) else x
                if start == x and end <= x2:
                    part = strip
                else:
                    part = strip.crop(start - x, min(end, x2) - x)
                sent += [Control.move_to(start, y).segment.text, part.render(console)]
        return "".join(sent)


def _is_narrow(strip: Strip) -> bool:
    """Whether each of its characters takes one cell: half of a wide one cannot be sent."""
    return strip.cell_length == len(strip.text)

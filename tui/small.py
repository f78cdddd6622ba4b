"""Below a size at which nothing can be laid out, the terminal shows a sentence in its place.

Only what is sent is replaced: the screens behind go on, and come back as they were.
"""

from __future__ import annotations

import textwrap

from rich.console import Console, ConsoleOptions, RenderResult
from rich.control import Control
from rich.segment import ControlType, Segment
from textual.geometry import Size

from engine.language import _

LEAST = Size(60, 18)


def is_too_small(size: Size) -> bool:
    """Whether the screens have no room."""
    return size.width < LEAST.width or size.height < LEAST.height


class SmallNotice:
    """The whole terminal: a sentence, cut where even that has no room."""

    def __init__(self, size: Size) -> None:
        self.size = size

    def lines(self) -> list[str]:
        """What is shown, a line each."""
        text = _("This window is {size}. dltutor needs {least}: enlarge it, or use a smaller font.")
        told = text.format(
            size=f"{self.size.width}×{self.size.height}", least=f"{LEAST.width}×{LEAST.height}"
        )
        return textwrap.wrap(told, max(1, self.size.width))[: max(1, self.size.height)]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield Control(ControlType.HOME, ControlType.CLEAR)
        for row, line in enumerate(self.lines()):
            yield Control.move_to(0, row)
            yield Segment(line)

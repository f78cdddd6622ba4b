"""The last gate before the terminal: text never holds a sequence that it would obey.

Names of files, and what stands in them, come from outside; so does what is pasted.
"""

from __future__ import annotations

import re

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

_OBEYED = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Control characters, and those that turn the direction of writing. They take no cell."""


class Harmless(LineFilter):
    """Leaves out what a terminal would not display but obey."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The segments; new ones only where something is left out."""
        for text, _style, _control in segments:
            if not text.isprintable() and _OBEYED.search(text):
                break
        else:
            return segments
        return [Segment(_OBEYED.sub("", text), style, control) for text, style, control in segments]

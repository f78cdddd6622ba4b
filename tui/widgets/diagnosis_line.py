"""One calm line below the settings: the worst of what is wrong, and the key of the rest."""

from __future__ import annotations

from rich.cells import cell_len, set_cell_size
from textual.content import Content
from textual.widget import Widget

from engine.language import _
from engine.training.insight import Diagnosis

MOST = 2
"""So many diagnoses in the line, where they fit."""


def sentence(diagnoses: tuple[Diagnosis, ...], key: str, width: int) -> Content:
    """`! 246 of 256 units dead in “hidden” · 2 more   9: what to try`, in `width` cells."""
    hint = _("{key}: what to try").format(key=key)
    room = max(width - cell_len(hint) - 2, 1)
    text = ""
    for shown in range(min(MOST, len(diagnoses)), 0, -1):
        text = "! " + " · ".join(one.title for one in diagnoses[:shown])
        if len(diagnoses) > shown:
            text += " · " + _("{count} more").format(count=len(diagnoses) - shown)
        if cell_len(text) <= room:
            break
    if cell_len(text) > room:
        text = set_cell_size(text, room - 1) + "…"
    return Content.assemble((text, "$text-warning"), ("  " + hint, "$text-muted"))


class DiagnosisLine(Widget):
    """Hidden while nothing is wrong."""

    DEFAULT_CSS = """
    DiagnosisLine { height: 1; padding: 0 1; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    def __init__(self, key: str, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._key = key
        self._diagnoses: tuple[Diagnosis, ...] = ()
        self.display = False

    def show(self, diagnoses: tuple[Diagnosis, ...]) -> None:
        """Show the worst of `diagnoses`."""
        if diagnoses != self._diagnoses:
            self._diagnoses = diagnoses
            self.display = bool(diagnoses)
            self.refresh()

    def render(self) -> Content:
        """The line, in the room that there is."""
        return sentence(self._diagnoses, self._key, self.content_size.width)

"""One calm line below the settings: the worst of what is wrong, and the key of the rest."""

from __future__ import annotations

from rich.cells import cell_len, set_cell_size
from textual import events
from textual.content import Content
from textual.widget import Widget

from engine.language import _
from engine.training.insight import Diagnosis
from engine.training.snapshot import Snapshot
from tui.widgets.coded import KEY_STYLE

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
    before, _key, after = hint.partition(key)
    quiet = "$foreground-muted"
    return Content.assemble(
        (text, "$text-warning"), ("  " + before, quiet), (key, KEY_STYLE), (after, quiet)
    )


class DiagnosisLine(Widget):
    """Hidden until something is wrong.

    While a training runs, the row stays when nothing is wrong any more: where a fault comes and
    goes with every epoch, all that is below would be moved and drawn anew each time.
    """

    DEFAULT_CSS = """
    DiagnosisLine { height: 1; padding: 0 1; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    def __init__(self, key: str, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._key = key
        self._diagnoses: tuple[Diagnosis, ...] = ()
        self._over = False
        """Whether they were true before, and are no longer."""
        self.display = False

    def show(self, snapshot: Snapshot) -> None:
        """Show the worst diagnosis, or that it is one no longer."""
        found = snapshot.insights.diagnoses
        stays = snapshot.state.is_active and snapshot.step > 0
        shown = found or (self._diagnoses if stays else ())
        over = not found and bool(shown)
        if (shown, over) != (self._diagnoses, self._over):
            self._diagnoses, self._over = shown, over
            self.set_class(over, "-over")
            self.display = bool(shown)
            self.refresh()

    async def on_click(self, event: events.Click) -> None:
        """Open what to try; the second click of a double one would close it again."""
        if event.chain == 1:
            await self.run_action("screen.pane('diagnosis')")

    def render(self) -> Content:
        """The line, in the room that there is."""
        if self._over:
            text = _("no longer: {title}").format(title=self._diagnoses[0].title)
            return Content.assemble((text, "$foreground-muted"))
        return sentence(self._diagnoses, self._key, self.content_size.width)

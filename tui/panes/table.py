"""What was measured after every epoch, as a table."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.widget import Widget

from engine.language import _
from engine.training.recipe import Recipe
from engine.training.snapshot import Snapshot
from tui.panes.base import Pane
from tui.widgets.epoch_table import EpochTable


class TablePane(Pane):
    """One row per epoch."""

    ID = "table"
    KEY = "4"
    TITLE = _("Epochs")
    TIP = _("Measurements after every epoch, as a table; arrows scroll")
    BESIDE = True

    def __init__(self, recipe: Recipe) -> None:
        super().__init__(recipe)
        self.table = EpochTable(id="epochs")

    @property
    def label(self) -> str:
        return _("epochs")

    @property
    def target(self) -> Widget:
        """The table scrolls."""
        return self.table

    def compose(self) -> ComposeResult:
        yield self.table

    def seen(self, snapshot: Snapshot) -> object:
        """The measurements, and the layers that have columns."""
        return snapshot.measured, snapshot.layers

    def draw(self) -> None:
        self.table.set_rows(self.snapshot.measured, self.snapshot.layers)


PANE = TablePane

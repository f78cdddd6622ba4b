"""Which panes of a training are seen: several on a wide screen, else the one that was opened."""

from __future__ import annotations

from textual.await_complete import AwaitComplete
from textual.widget import Widget

from engine.training.snapshot import Snapshot
from tui.panes.base import Pane
from tui.panes.loss import LossPane
from tui.panes.model import ModelPane
from tui.widgets.pane_bar import PaneBar
from tui.widgets.training_panes import TrainingPanes

WIDE = 110
"""Columns from which on several panes stand beside each other."""


class View:
    """The pane that was opened last, and whether others stand beside it."""

    def __init__(self, panes: TrainingPanes, bar: PaneBar) -> None:
        self._panes = panes
        self._bar = bar
        self._opened = LossPane.ID
        self._is_enlarged = False
        self._is_wide = False

    @property
    def pane(self) -> Pane:
        """The pane that was opened last."""
        return self._panes[self._opened]

    @property
    def shows_several(self) -> bool:
        """Whether panes stand beside each other: the screen is wide, and none is enlarged."""
        return self._is_wide and not self._is_enlarged

    @property
    def has_views(self) -> bool:
        """Whether the open pane or the model has more than one view."""
        return self.pane.has_views or self._panes.of(ModelPane).has_views

    def open(self, name: str) -> None:
        """Open a pane; on a wide screen, which shows several, enlarge it or shrink it again."""
        self._is_enlarged = self._is_wide and not (self._is_enlarged and self._opened == name)
        self._opened = name
        if self.shows_several and not self.pane.BESIDE:
            self._opened = LossPane.ID  # a wide screen has no room for the others next to these

    def enlarge(self, name: str) -> None:
        """Open a pane alone."""
        self._opened, self._is_enlarged = name, self._is_wide

    def next_view(self) -> None:
        """Show another view in the open pane, or where it has only one, of the model."""
        model = self._panes.of(ModelPane)
        if self.pane.has_views:
            self.pane.next_view()
        elif self.shows_several:
            model.next_view()
        elif self.pane is not model:
            self._opened = ModelPane.ID

    @property
    def target_of_views(self) -> Widget | None:
        """What takes the focus after another view was shown."""
        return self._panes.of(ModelPane).target if self.shows_several else self.pane.target

    def fit(self, width: int) -> AwaitComplete:
        """Let a screen of this width show what it has room for; await it as `lay_out`."""
        self._is_wide = width >= WIDE
        if self._is_wide and not self.pane.BESIDE:
            self._is_enlarged = True  # else the pane that was open would be gone
        return self.lay_out()

    def lay_out(self) -> AwaitComplete:
        """Show the panes that are to be seen, and hide the others.

        Await it before the focus is given to one of them.
        """
        return self._panes.open(self._opened, beside=self.shows_several)

    def entitle(self, shown: Snapshot) -> None:
        """Name the panes for this snapshot: on their borders where there are several."""
        several = self.shows_several
        self._panes.entitle(several=several)
        self._bar.show(self._panes.labels(shown), None if several else self.pane.key())

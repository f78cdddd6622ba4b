"""All panes of the training screen; the panes themselves are in `tui.panes`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.containers import Container
from textual.layouts.factory import get_layout
from textual.widget import AwaitMount

from engine.training.recipe import Recipe
from engine.training.snapshot import Snapshot
from tui.panes.base import Pane
from tui.panes.registry import panes

P = TypeVar("P", bound=Pane)


class TrainingPanes(Container):
    """The panes in the order of their keys; the screen decides which of them are visible.

    A pane is mounted when it is seen for the first time: most are never opened.
    """

    DEFAULT_CSS = """
    TrainingPanes {
        height: 1fr;
        width: 1fr;
        .pane {
            height: 1fr;
            width: 1fr;
            border: round $rule;
            border-title-color: $foreground-muted;
            &:focus-within { border: round $primary; border-title-color: $primary; }
            &:nocolor:focus-within { border: double $primary; }
        }
        DataTable { height: 1fr; background: $background; scrollbar-size-vertical: 1; }
        .nothing { color: $text-muted; }
    }
    """

    def __init__(self, recipe: Recipe, *, id: str | None = None) -> None:  # noqa: A002 - Textual's
        super().__init__(id=id)
        self._panes = {kind.ID: kind(recipe) for kind in panes()}

    def compose(self) -> ComposeResult:
        """Those that are seen from the beginning."""
        yield from filter(Pane.is_due, self._panes.values())

    def __getitem__(self, pane: str) -> Pane:
        """The pane with this id; raises KeyError."""
        return self._panes[pane]

    def of(self, kind: type[P]) -> P:
        """The pane of this class."""
        found = self._panes[kind.ID]
        assert isinstance(found, kind)
        return found

    @property
    def draw_losses(self) -> bool:
        """Whether one of those that are seen draws a loss."""
        return any(pane.is_seen and pane.has_scale for pane in self._panes.values())

    def labels(self, snapshot: Snapshot) -> dict[str, str]:
        """The names of the panes that apply to `snapshot`, by their keys."""
        return {pane.key(): pane.label for pane in self._panes.values() if pane.applies(snapshot)}

    def open(self, opened: str, *, beside: bool) -> AwaitComplete:
        """Show the pane with the id `opened`, alone; or those that stand `beside` each other.

        Await it before anything inside of a pane is asked for: it may not have been mounted yet.

        Style sheets have no part in this: to match them anew with all that is in the panes would
        take longer than all else that a key does.
        """
        # `styles.layout = …` would have each widget in each pane laid out and painted anew.
        if self.styles.set_rule("layout", get_layout("grid" if beside else "vertical")):
            self.refresh(layout=True)
        for name, pane in self._panes.items():
            pane.set_class(name == opened, "-active", update=False)
            pane.display = pane.BESIDE if beside else name == opened
            pane.catch_up()
        return AwaitComplete(*self._mounted())

    def _mounted(self) -> Iterator[AwaitMount]:
        """Mount the panes that are seen for the first time, in their places."""
        if not self.is_attached:
            return  # `compose` does it
        below = None
        for pane in reversed(self._panes.values()):
            if pane.is_due():
                yield self.mount(pane, before=below)
            if pane.is_attached:
                below = pane

    def show(self, snapshot: Snapshot, log: bool) -> None:
        """Redraw what has changed; `log` puts losses on a log10 scale."""
        for pane in self._panes.values():
            pane.show(snapshot, log=log)

    def entitle(self, *, several: bool) -> None:
        """Where several panes are seen, put the key and the name of each on its border."""
        for pane in self._panes.values():
            title = f"{pane.key()} {pane.label}" if several else ""
            if pane.border_title != title:
                pane.border_title = title

    def with_key(self, key: str) -> Pane:
        """The pane that is shown to be opened by `key`; raises KeyError."""
        return {pane.key(): pane for pane in self._panes.values()}[key]

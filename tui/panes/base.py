"""The base of every pane: one view of a training, opened by its key."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.containers import Vertical
from textual.widget import Widget

from engine.training.recipe import Recipe
from engine.training.snapshot import Snapshot
from tui.key_names import key_named
from tui.math import cell_width
from tui.widgets.series import round_up


class Pane(Vertical):
    """One view of a training.

    A subclass says what it is in the constants below, composes its widgets, and draws a snapshot in
    `draw`.
    """

    ID: ClassVar[str]
    """A word that never changes: the key of the pane can be set by `training.pane_ID`."""
    KEY: ClassVar[str]
    """The key that opens it, one of `tui.panes.registry.KEYS`; panes stand in the order of keys."""
    TITLE: ClassVar[str]
    """What the key is called in the help."""
    TIP: ClassVar[str]
    """What the pane shows, and which keys work in it: one line of the help."""
    BESIDE: ClassVar[bool] = False
    """Whether a wide screen shows it beside others. There is room for four; the rest stand alone.
    """

    def __init__(self, recipe: Recipe) -> None:
        super().__init__(id=f"pane-{self.ID}", classes="pane")
        self.display = False
        self.recipe = recipe
        self.snapshot = Snapshot()
        """What is shown."""
        self.log_scale = False
        """Whether losses are shown on a log10 scale."""
        self._stale = False
        """Whether something has changed while nobody saw it."""
        self._has_widgets = False

    @classmethod
    def key(cls) -> str:
        """The key that opens it, as it is called: `KEY`, unless the learner chose another."""
        return key_named(f"training.pane_{cls.ID}", cls.KEY)

    @property
    def label(self) -> str:
        """The name of the pane in the row of panes: a word or two."""
        return self.TITLE.lower()

    def applies(self, snapshot: Snapshot) -> bool:
        """Whether the recipe, or the training in `snapshot`, has anything for this pane.

        Panes that do not apply are not listed, and their keys are greyed out.
        """
        return True

    def show(self, snapshot: Snapshot, *, log: bool) -> None:
        """Draw `snapshot` where what the pane depends on has changed; once hidden, when opened."""
        old, was_log = self.snapshot, self.log_scale
        self.snapshot, self.log_scale = snapshot, log
        if not self._stale:
            self._stale = (self.seen(snapshot), log) != (self.seen(old), was_log)
        self.catch_up()

    def on_mount(self) -> None:
        """Draw what has changed before."""
        self._has_widgets = True
        self.catch_up()

    def catch_up(self) -> None:
        """Draw what has changed, unless nobody sees the pane."""
        if self._stale and self.is_seen and self._has_widgets:
            self._stale = False
            self.draw()

    def seen(self, snapshot: Snapshot) -> object:
        """The part of a snapshot that the pane depends on; where it is equal, nothing is drawn."""
        return snapshot

    def redraw(self) -> None:
        """Draw it again; where nobody sees it, as soon as somebody does."""
        self._stale = True
        self.catch_up()

    def draw(self) -> None:
        """Draw `self.snapshot`."""

    def opened(self) -> None:
        """The pane was opened, or a training began or ended while it is open."""

    @property
    def is_open(self) -> bool:
        """Whether it is the pane that was opened last."""
        return self.has_class("-active")

    @property
    def is_seen(self) -> bool:
        """Whether it is on the screen: as the open pane, or beside others."""
        return bool(self.display)

    def is_due(self) -> bool:
        """Whether it is to be seen, and is not mounted yet."""
        return self.is_seen and not self.is_attached

    @property
    def target(self) -> Widget | None:
        """The widget to focus when the pane is opened, so that the arrows scroll it."""
        return None

    async def on_click(self, event: events.Click) -> None:
        """A click on the name in the border does what the key of the pane does, once for a double
        one.
        """
        begin = self.region.x + 2
        name = str(self.border_title or "")
        in_name = begin <= event.screen_x < begin + cell_width(f" {name} ")
        if event.chain == 1 and name and in_name and event.screen_y == self.region.y:
            event.stop()
            await self.run_action(f"screen.pane({self.ID!r})")

    def on_mouse_down(self) -> None:
        """A click anywhere in the pane gives it the keys."""
        target = self.target
        if target is not None and self.screen.focused is not target:
            self.screen.set_focus(target)

    @property
    def has_scale(self) -> bool:
        """Whether it draws a loss, which may stand on a log10 scale."""
        return False

    @property
    def has_views(self) -> bool:
        """Whether `m` shows something else here."""
        return False

    def next_view(self) -> None:
        """Show the next view, and after the last one the first."""


def is_regression(snapshot: Snapshot) -> bool:
    """Whether there is no accuracy to show: the model predicts a number, not a class."""
    return bool(snapshot.measured) and snapshot.measured[-1].test_accuracy is None


def epoch_limits(snapshot: Snapshot) -> tuple[float, float] | None:
    """The range of the epochs: it grows in round numbers, not with every epoch."""
    if not snapshot.measured:
        return None
    last = snapshot.measured[-1].epoch
    return 0.0, min(round_up(max(last, 1)), float(max(snapshot.epochs, last, 1)))

"""What screens may ask of the application that owns the training."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from textual.app import App
from textual.notifications import SeverityLevel
from textual.widget import Widget

from engine.training.turns import AlwaysFree, Turn

if TYPE_CHECKING:
    from engine.training.events import Session
    from engine.training.order import TrainingOrder
    from engine.training.runs import RunStore


class TrainingOwner(Protocol):
    """The part of the application that the training screen and its widgets use."""

    data_dir: Path | None
    """The folder to search for image sets; None for the default places."""
    refresh_rate: float
    """How many times per second a screen checks a running training; 0 turns the timer off."""

    @property
    def is_seen(self) -> bool:
        """Whether anything is worth drawing: the terminal is there and takes it."""

    @property
    def has_session(self) -> bool:
        """Whether the session has been made; reading `session` makes it."""

    @property
    def session(self) -> Session:
        """The one training of the application."""

    @property
    def runs(self) -> RunStore:
        """Past trainings, kept for comparison."""

    @property
    def race_status(self) -> str:
        """Which training of a race is running, in a sentence; empty if there is no race."""

    def device_names(self) -> Sequence[str]:
        """The devices of this machine; imports torch, so it is called on another thread."""

    def start_training(self, order: TrainingOrder) -> None:
        """Start a training."""

    def start_race(self, order: TrainingOrder, *, best: bool = False) -> None:
        """Run the order with each optimiser of its recipe, one after the other.

        `best` runs each at its own best rate, found by trials first, and with several seeds.
        """

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = True,
    ) -> None:
        """Show a short message over the screen."""


def training_owner(widget: Widget) -> TrainingOwner:
    """The application of `widget`, seen as the owner of the training."""
    app: App[object] = widget.app
    return cast("TrainingOwner", app)


def new_turn(widget: Widget) -> Turn:
    """What work that trains beside the session asks before it computes; elsewhere it is free."""
    make: Callable[[], Turn] = getattr(widget.app, "new_turn", AlwaysFree)
    return make()

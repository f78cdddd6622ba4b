"""Removing a kept run on the training screen."""

from __future__ import annotations

from collections.abc import Callable

from textual.screen import Screen

from engine.language import _
from tui.owner import training_owner
from tui.panes.runs import RunsPane, in_training
from tui.screens.confirm import ConfirmScreen


def ask_removal(
    screen: Screen[None], event: RunsPane.RemovalAsked, removed: Callable[[], None]
) -> None:
    """Ask whether a run shall be removed; `removed` is called once it is."""
    owner = training_owner(screen)

    def answered(agreed: bool | None) -> None:
        refused = in_training(event.run.run, owner.session.snapshot) if agreed else ""
        if refused:  # it was resumed while the question stood there
            owner.notify(refused, severity="warning", markup=False)
        elif agreed:
            owner.runs.remove(event.run)
            removed()

    screen.app.push_screen(ConfirmScreen(event.question, yes=_("Remove"), no=_("Keep")), answered)

"""Removing a kept run on the training screen."""

from __future__ import annotations

from collections.abc import Callable

from textual.screen import Screen

from engine.errors import UserError
from engine.language import _
from engine.training.unreadable import remove_files
from tui.owner import training_owner
from tui.panes.runs import RunsPane, in_training
from tui.screens.confirm import ConfirmScreen


def _remove(run: str) -> str:
    """Remove the files of a run; why that cannot be, or nothing."""
    try:
        remove_files(run)
    except UserError as error:
        return str(error)
    return ""


def ask_removal(
    screen: Screen[None], event: RunsPane.RemovalAsked, removed: Callable[[], None]
) -> None:
    """Ask whether a run shall be removed; `removed` is called once it is."""
    owner = training_owner(screen)

    def answered(agreed: bool | None) -> None:
        if not agreed:
            return
        # It may have been resumed while the question stood there.
        refused = in_training(event.run.run, owner.session.snapshot) or _remove(event.run.run)
        if refused:
            owner.notify(refused, severity="warning", markup=False)
        else:
            owner.runs.remove(event.run)
            removed()

    screen.app.push_screen(ConfirmScreen(event.question, yes=_("Remove"), no=_("Keep")), answered)

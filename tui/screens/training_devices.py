"""The devices that a training may use, looked for while the screen is there already."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from textual.screen import Screen

from engine.devices import passed_over
from tui.background import in_background
from tui.owner import training_owner
from tui.widgets.chart_raster import get_ready
from tui.widgets.hyperparameters import HyperparameterForm


def offer_devices(screen: Screen[None], form: HyperparameterForm) -> None:
    """Name the devices in the form once they are known, and say which GPUs `auto` leaves out."""
    owner = training_owner(screen)

    def look() -> tuple[Sequence[str], str]:
        get_ready()
        names = owner.device_names()
        return names, passed_over() if "torch" in sys.modules else ""

    def found(answer: tuple[Sequence[str], str]) -> None:
        names, left_out = answer
        form.set_devices(names)
        if left_out:
            owner.notify(left_out, severity="warning", timeout=12, markup=False)

    def not_found(error: Exception) -> None:
        """A broken installation is reported when a training starts."""

    in_background(screen, look, found, not_found)

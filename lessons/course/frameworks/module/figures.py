"""The figures of `frameworks/module`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.language import _
from engine.recipes.two_layer_sizes import D_IN, D_OUT, H
from lessons.format.drawings import Drawing, Net

FIGURES: Mapping[str, Callable[[], Drawing]] = {
    "network": lambda: Net((D_IN, H, D_OUT), layers=(_("features"), _("hidden"), _("output"))),
}

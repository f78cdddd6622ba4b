"""The figures of `mlp/mnist-low-level`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.language import _
from lessons.course.mlp.mnist_low_level.facts import CLASSES, PIXELS, UNITS
from lessons.format.drawings import Drawing, Net

FIGURES: Mapping[str, Callable[[], Drawing]] = {
    "network": lambda: Net(
        (PIXELS, UNITS, UNITS, CLASSES), layers=(_("pixels"), _("hidden"), _("hidden"), _("scores"))
    ),
}

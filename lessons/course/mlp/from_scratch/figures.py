"""The figures of `mlp/from-scratch`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.language import _
from lessons.course.classification.fashion_mnist.facts import CLASSES
from lessons.course.mlp.from_scratch.facts import HIDDEN, PIXELS
from lessons.format.drawings import Drawing, Net

FIGURES: Mapping[str, Callable[[], Drawing]] = {
    "network": lambda: Net(
        (PIXELS, HIDDEN, CLASSES), layers=(_("pixels"), _("hidden"), _("scores"))
    ),
}

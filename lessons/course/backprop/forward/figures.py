"""The figures of `backprop/forward`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.language import _
from lessons.course.backprop.forward.facts import EXAMPLE
from lessons.format.drawings import Drawing, Net

FIGURES: Mapping[str, Callable[[], Drawing]] = {
    "layers": lambda: Net(EXAMPLE, layers=(_("input"), _("hidden"), _("output"))),
}

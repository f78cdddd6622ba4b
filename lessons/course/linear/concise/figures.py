"""The figures of `linear/concise`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.language import _
from lessons.course.linear.concise.facts import FEATURES, OUTPUTS
from lessons.format.drawings import Drawing, Net

FIGURES: Mapping[str, Callable[[], Drawing]] = {
    "model": lambda: Net((FEATURES, OUTPUTS), layers=(_("features"), _("prediction"))),
}

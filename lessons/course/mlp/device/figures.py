"""The figures of `mlp/device`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.language import _
from lessons.course.mlp.device.facts import BATCH, FLOAT_BYTES, IMAGES, PIXELS
from lessons.format.drawings import Bars, Drawing, Hue, Series


def _copied() -> Bars:
    names = (_("all, float32"), _("all, bytes"), _("one batch, float32"))
    counts = (IMAGES * FLOAT_BYTES, IMAGES, BATCH * FLOAT_BYTES)
    sizes = tuple(count * PIXELS / 1e6 for count in counts)
    return Bars(names, (Series("MB", sizes, Hue.INPUT),), digits=1, title=_("megabytes"))


FIGURES: Mapping[str, Callable[[], Drawing]] = {
    "copied": _copied,
}

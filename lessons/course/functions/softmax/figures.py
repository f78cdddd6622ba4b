"""The figures of `functions/softmax`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from engine.language import _
from lessons.course.functions.softmax.facts import SAMPLES, TEMPERATURES, softmax
from lessons.format.drawings import Bars, Drawing, Hue, Series


def _shares(temperature: float) -> tuple[float, ...]:
    found = softmax(np.array(SAMPLES[0]) / temperature)
    return tuple(float(share) for share in found)


def _names() -> tuple[str, ...]:
    return tuple(_("class {number}").format(number=n + 1) for n in range(len(SAMPLES[0])))


def _temperatures() -> Bars:
    hues = {"low": Hue.WEIGHT, "high": Hue.INPUT}
    return Bars(
        _names(),
        tuple(
            Series(f"T = {TEMPERATURES[name]:g}", _shares(TEMPERATURES[name]), hue)
            for name, hue in hues.items()
        ),
        digits=4,
    )


FIGURES: Mapping[str, Callable[[], Drawing]] = {
    "sample": lambda: Bars(_names(), (Series("p", _shares(1.0)),), digits=4),
    "temperatures": _temperatures,
}

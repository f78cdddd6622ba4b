"""The figures of `frameworks/fizzbuzz`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.language import _
from lessons.course.frameworks.fizzbuzz.facts import PLAYED
from lessons.format.drawings import Bars, Drawing, Hue, Series


def _classes() -> Bars:
    names = (_("number"), "fizz", "buzz", "fizzbuzz")
    both, fizz, buzz = PLAYED // 15, PLAYED // 3, PLAYED // 5
    counts = (PLAYED - fizz - buzz + both, fizz - both, buzz - both, both)
    return Bars(names, (Series("", counts, Hue.INPUT),), digits=0)


FIGURES: Mapping[str, Callable[[], Drawing]] = {
    "classes": _classes,
}

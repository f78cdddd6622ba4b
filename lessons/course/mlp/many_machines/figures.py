"""The figures of `mlp/many-machines`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lessons.course.mlp.many_machines.facts import ADDING, PER_SAMPLE, QUESTIONS
from lessons.course.mlp.many_machines.ring import WORKERS
from lessons.format.drawings import Curve, Drawing, Hue, Line, Spot
from lessons.judge.values import Number


def _pays() -> Curve:
    asked = QUESTIONS["mm_pays"]
    assert isinstance(asked, Number)
    where = asked.answer()
    return Curve(
        (
            Line("alone", lambda n: PER_SAMPLE * n, Hue.INPUT),
            Line("together", lambda n: PER_SAMPLE * n / WORKERS + ADDING, Hue.DELTA),
        ),
        0.0,
        2 * where,
        "n",
        spots=(Spot(where, PER_SAMPLE * where),),
    )


FIGURES: Mapping[str, Callable[[], Drawing]] = {"pays": _pays}

"""A learning rate above 2 / curvature: steps along the steepest direction overshoot and grow."""

from __future__ import annotations

import math
from collections.abc import Iterator

from engine.language import _
from engine.naming import Shown
from engine.training.diagnoses import Evidence
from engine.training.insight import Diagnosis, Insight

PLACE = 10
MARGIN = 1.1
"""Plain gradient descent settles where rate · curvature is about 2 ("edge of stability", Cohen et
al., 2021) and still learns there. Only what is above that is an alarm, and only where the loss does
not fall: in a network, steps that are too large for a while often lead to a flatter place."""
EARLY = 8
"""Updates before which a loss may rise: from wide first weights, it is steep for a moment."""
FLOWN = 100.0
"""A rate so many times too high would not have come so far as one update: where none of the first
weights is known to be so steep, they were thrown there, in these updates or before a resume."""
SOME, HARDLY = 3, 0.75
"""At so many looks, the steps grow on average, and the loss is above this share of the first."""
LOOKS = 2
"""So many looks in a row, unless nothing at all was gained since the start."""


def find(evidence: Evidence) -> Iterator[Diagnosis]:
    """The rate, compared with the largest that is stable."""
    if not evidence.looks or evidence.is_solved:
        return
    above = [look for look in evidence.looks if _excess(look) > MARGIN]
    last = evidence.looks[-1]
    if evidence.diverged:
        # The last finite parameters may lie in a flat place far away.
        above = [look for look in evidence.looks if _excess(look) > 1]
        found = bool(above)
    elif evidence.step < EARLY:
        found = False
    elif _gains_nothing(evidence):
        found = True  # a loss that falls from where such steps have thrown it is no gain
    elif evidence.improves:
        found = False
    elif above and last.loss >= evidence.looks[0].loss:
        found = True
    else:
        latest = evidence.trained[-LOOKS:]
        found = len(latest) == LOOKS and all(look in above for look in latest)
    if not found:
        return
    # Parameters that have flown far away can be very steep; advice for there would be of no use.
    last = min(above, key=_excess)
    assert last.curvature is not None
    largest = evidence.learning_rate * last.rate_limit / (last.rate * last.curvature)
    if not math.isfinite(largest):
        return
    advice = _("Lower the learning rate to {half:g}.").format(half=Shown(f"{largest / 2:.1g}"))
    if last.step and _excess(last) > FLOWN:
        advice = _("These weights have grown too large: start again, with a lower learning rate.")
    yield Diagnosis(
        id="learning-rate",
        layer="",
        value=last.rate * last.curvature,
        title=_("learning rate {rate:.3g} above {largest:.2g}").format(
            rate=Shown(evidence.learning_rate), largest=Shown(largest)
        ),
        text=_(
            "The learning rate {rate:.3g} is too high here: the curvature of the loss is"
            " {curvature:.3g}, so steps larger than {largest:.2g} overshoot and grow."
        ).format(
            rate=Shown(evidence.learning_rate),
            curvature=Shown(last.curvature),
            largest=Shown(largest),
        ),
        advice=advice,
    )


def _gains_nothing(evidence: Evidence) -> bool:
    """Whether the loss is hardly below that of the first weights, with steps that grow."""
    first, last = evidence.looks[0].loss, evidence.looks[-1]
    latest = evidence.trained[-SOME:]
    grows = len(latest) == SOME and sum(map(_excess, latest)) > SOME
    if grows and last.loss >= HARDLY * first:
        return True
    return last.loss >= first and _excess(last) > MARGIN


def _excess(look: Insight) -> float:
    """rate · curvature as a multiple of the limit; above 1, steps grow."""
    return (look.curvature or 0.0) * look.rate / look.rate_limit

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
SCALED = frozenset({"rmsprop", "adam"})
"""These divide every gradient by its usual size: their curvature is that of the loss so scaled."""
LOOKS = 2
"""So many looks in a row, unless nothing at all was gained since the start."""


def largest_stable(evidence: Evidence) -> float | None:
    """The largest rate that would not overshoot; None where no look tells it.

    Where the weights were thrown far away, it is that of a place where nobody wants to be.
    """
    above = _above(evidence)
    look = min(above, key=_own_excess) if above else None
    if look is None or _has_flown(look):
        return None
    largest = _limit(look)
    return largest if math.isfinite(largest) and largest > 0 else None


def find(evidence: Evidence) -> Iterator[Diagnosis]:
    """The rate, compared with the largest that is stable."""
    if not evidence.looks or evidence.is_solved:
        return
    above = _above(evidence)
    last = evidence.looks[-1]
    if evidence.diverged:
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
    if evidence.diverged and not above:
        yield _beyond_all_bounds(evidence)
    if not found or not above:
        return
    # Parameters that have flown far away can be very steep; advice for there would be of no use.
    last = min(above, key=_own_excess)
    assert last.curvature is not None
    largest = _limit(last)
    if not math.isfinite(largest):
        return
    rate = evidence.learning_rate
    if rate <= largest:  # it was lowered too late
        rate = last.rate
    smaller = min(below(largest), evidence.usual_rate or math.inf)
    if evidence.smaller is not None:
        smaller = evidence.smaller
    advice = _("Lower the learning rate to {half:g}.").format(half=Shown(smaller))
    if _has_flown(last):
        advice = _("These weights have grown too large: start again, with a lower learning rate.")
    yield Diagnosis(
        id="learning-rate",
        layer="",
        value=last.rate * last.curvature,
        title=_("learning rate {rate:.3g} above {largest:.2g}").format(
            rate=Shown(rate), largest=Shown(largest)
        ),
        text=(
            _(
                "The learning rate {rate:.3g} is too high here: the curvature of the loss is"
                " {curvature:.3g}, so steps larger than {limit:g} / {curvature:.3g} ="
                " {largest:.2g} overshoot and grow."
            )
            if evidence.optimiser not in SCALED
            else _(
                "The learning rate {rate:.3g} is too high here: in the scale of {optimiser}, the"
                " curvature of the loss is {curvature:.3g}, so steps larger than"
                " {limit:g} / {curvature:.3g} = {largest:.2g} overshoot and grow."
            )
        ).format(
            optimiser=evidence.optimiser,
            rate=Shown(rate),
            curvature=Shown(last.curvature),
            limit=Shown(last.rate_limit),
            largest=Shown(largest),
        ),
        advice=advice,
    )


def _beyond_all_bounds(evidence: Evidence) -> Diagnosis:
    """After a divergence that no measured curvature explains: small batches have steeper ones."""
    advice = _("Start again with a lower learning rate.")
    if evidence.smaller is not None:
        advice = _("Start again with a lower learning rate, such as {smaller:g}.").format(
            smaller=Shown(evidence.smaller)
        )
    return Diagnosis(
        id="learning-rate",
        layer="",
        value=evidence.learning_rate,
        title=_("diverged with the learning rate {rate:g}").format(
            rate=Shown(evidence.learning_rate)
        ),
        text=_(
            "The numbers grew beyond all bounds, most likely because the learning rate {rate:g} is"
            " too high."
        ).format(rate=Shown(evidence.learning_rate)),
        advice=advice,
    )


def below(largest: float) -> float:
    """A rate to try, well below the largest that is stable."""
    return float(f"{largest / 2:.1g}")


def _above(evidence: Evidence) -> list[Insight]:
    """The looks at which steps of the present rate grow; after a divergence, of the rate then."""
    if not evidence.diverged:
        return [look for look in evidence.looks if _excess(look, evidence) > MARGIN]
    # The last finite parameters may lie in a flat place far away.
    return [look for look in evidence.looks if _excess(look, evidence) > 1] or [
        look for look in evidence.looks if _own_excess(look) > 1
    ]


def _gains_nothing(evidence: Evidence) -> bool:
    """Whether the loss is hardly below that of the first weights, with steps that grow."""
    first, last = evidence.looks[0].loss, evidence.looks[-1]
    latest = evidence.trained[-SOME:]
    grows = len(latest) == SOME and sum(_excess(look, evidence) for look in latest) > SOME
    if grows and last.loss >= HARDLY * first:
        return True
    return last.loss >= first and _excess(last, evidence) > MARGIN


def _has_flown(look: Insight) -> bool:
    return look.step > 0 and _own_excess(look) > FLOWN


def _limit(look: Insight) -> float:
    """The learning rate at which rate · curvature reaches the limit."""
    assert look.curvature is not None
    return look.rate_limit / look.curvature


def _own_excess(look: Insight) -> float:
    """rate · curvature as a multiple of the limit; above 1, steps grow."""
    return (look.curvature or 0.0) * look.rate / look.rate_limit


def _excess(look: Insight, evidence: Evidence) -> float:
    """The same for the present rate, where it was lowered since."""
    rate = min(look.rate, evidence.learning_rate)
    return (look.curvature or 0.0) * rate / look.rate_limit

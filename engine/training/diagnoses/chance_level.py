"""A loss at chance level: the model does no better than one answer for every sample."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from engine.language import _
from engine.naming import Shown
from engine.training.diagnoses import Evidence
from engine.training.insight import Diagnosis, Insight

PLACE = 50
NEAR = 0.02
"""A loss is at chance level above this share below it."""
PATIENCE = 0.25
"""Of the planned epochs: some trainings stay at chance level for a while before they find a way."""
LONG_PATIENCE = 0.5
"""The same for a loss that comes down from far above."""
FAR = 1.2
"""Above so many times that loss, the model is worse than one that knows nothing."""
BESIDE = 2.0
"""Up to so many times that loss, one that falls may soon be below it."""
LEAST_UPDATES = 20
DEAD = 0.5
"""Of the units of a layer, as for dead, saturated and equal units: that is the cause."""
STEEP = 0.5
"""Above this share of the largest stable rate, it is not to be raised."""
KNOWS = 2.0
"""So many times as many right answers as by chance: something was learned from x."""
LOW = 0.01
"""Below this share of the largest stable rate, a rate can be raised."""
RECENT = 0.1
"""Of the planned epochs: a loss that falls clearly within these only passes chance level."""
PACE_EPOCHS, PACE_UPDATES = 3, 100
"""So many are enough to tell how fast the loss falls. Where it would not come below chance level at
that pace before the training ends, waiting does not help."""
STUCK_UPDATES = 1000
"""So many at chance level itself, if the rate is not far too low: a network may first have to find
a way."""
ON_ITS_WAY = 0.1
"""Where it would come this share below, it is on its way, however long that takes."""
SLOW = 0.1
"""Where the rate is far too low, what is learned from x comes to no more than this share."""
CREEP_EPOCHS, CREEP_SURELY = 8, 10.0
"""Over so many epochs, a loss creeps down where its slope is so many times its standard error."""

AT_LAST = 0.9
"""Of the planned epochs: until then, a loss that creeps down may yet find its way."""


def find(evidence: Evidence) -> Iterator[Diagnosis]:
    """The loss, compared with that of the best constant answer."""
    last = evidence.trained[-1] if evidence.trained else None
    if last is None or last.chance <= 0 or evidence.step < LEAST_UPDATES or evidence.diverged:
        return
    loss, first = last.loss, _first_loss(evidence)
    latest = evidence.measured[-1] if evidence.measured else None
    if latest is not None and latest.step > last.step and latest.train_loss is not None:
        # The loss at the start is to be that of the same samples.
        begun = evidence.measured[0]
        loss, first = latest.train_loss, (begun.train_loss if begun.epoch == 0 else None) or first
    is_slow = _rate_is_low(last) and loss <= first
    if loss < (1 - (SLOW if is_slow else NEAR)) * last.chance or _has_time(evidence, loss):
        return
    right = _right(evidence)
    creeps = not is_slow and loss <= FAR * last.chance and _creeps(evidence)
    if creeps and evidence.epoch < AT_LAST * evidence.epochs:
        return
    knows = right is not None and loss <= (1 + NEAR) * last.chance and not is_slow
    if knows and evidence.epoch < evidence.epochs:
        return
    classifies = latest is not None and latest.test_accuracy is not None
    if not classifies:
        text = _(
            "The loss is {loss:.4g}. A model that always answers with the mean of y has"
            " {chance:.4g}: so far, nothing has been learned from x."
        )
        if creeps:
            text = _(
                "The loss is still {loss:.4g}. A model that always answers with the mean of y has"
                " {chance:.4g}: so far, hardly anything has been learned from x."
            )
        level = ""
    else:
        classes = round(math.exp(last.chance))
        even = abs(math.log(max(classes, 1)) - last.chance) < 0.01 * last.chance
        level = _(" (about ln {classes})").format(classes=classes) if even else ""
        text = _(
            "The loss is {loss:.4g}. A model that knows only how frequent each class is has"
            " {chance:.4g}{level}: so far, nothing has been learned from x."
        )
        if creeps or knows:
            text = _(
                "The loss is still {loss:.4g}. A model that knows only how frequent each class is"
                " has {chance:.4g}{level}: so far, hardly anything has been learned from x."
            )
    advice = _(
        "Check that the labels belong to the samples; then try a learning rate ten times higher or"
        " lower, or other first weights."
    )
    if loss > FAR * last.chance:
        text = _(
            "The loss is {loss:.4g}, above the {chance:.4g} of a model with the same answer for"
            " every sample: this model is sure of wrong answers."
        )
        if not classifies:
            text = _(
                "The loss is {loss:.4g}, above the {chance:.4g} of a model with the same answer for"
                " every sample: these answers are farther off."
            )
        advice = _("Start again with smaller first weights or a lower learning rate.")
        if evidence.improves and loss <= first and not _was_steep(evidence):
            advice = _("It falls: train for more epochs, or try a higher learning rate.")
    if right is not None and loss > (1 + NEAR) * last.chance:
        text = _(
            "The loss is {loss:.4g}, above the {chance:.4g} of a model with the same answer for"
            " every sample, although {right:.0f} percent of the answers are right: the others are"
            " wrong with far too much certainty."
        )
        advice = _("Start again with smaller first weights or a lower learning rate.")
    if is_slow:
        text = _(
            "The loss is {loss:.4g}, after {first:.4g} at the start: it falls too slowly. A model"
            " with the same answer for every sample has {chance:.4g}."
        )
        advice = evidence.higher_rate
    elif creeps or (knows and evidence.improves):
        advice = _(
            "It still falls, but slowly: train for more epochs, or try a higher learning rate."
        )
    elif knows:
        advice = _("Train for more epochs, or try another learning rate.")
    if any(layer.units and layer.saturated >= DEAD * layer.units for layer in last.layers):
        advice = _("Fix the saturated units first: hardly any gradient passes through them.")
    if any(layer.units and layer.dead >= DEAD * layer.units for layer in last.layers):
        advice = _("Fix the dead units first: no gradient passes through them.")
    if any(layer.units and layer.alike >= DEAD * layer.units for layer in last.layers):
        advice = _("Start again with random first weights: they tell the units apart.")
    yield Diagnosis(
        id="chance-level",
        layer="",
        value=loss,
        title=_("loss {loss:.4g}, by chance {chance:.4g}").format(
            loss=Shown(loss), chance=Shown(last.chance)
        ),
        text=text.format(
            loss=Shown(loss),
            chance=Shown(last.chance),
            level=level,
            first=Shown(first),
            right=100 * (right or 0.0),
        ),
        advice=advice,
    )


def _first_loss(evidence: Evidence) -> float:
    """That of the first weights; after a run was resumed, only its measurement is left."""
    look, rows = evidence.looks[0], evidence.measured
    known = rows[0].train_loss if look.step and rows and rows[0].epoch == 0 else None
    return look.loss if known is None else known


def _right(evidence: Evidence) -> float | None:
    """The share of right answers to training samples, where that is far more than by chance."""
    known = [row.train_accuracy for row in evidence.measured[-1:] if row.epoch]
    accuracy = known[0] if known else None
    by_chance = math.exp(-evidence.trained[-1].chance)
    return accuracy if accuracy is not None and accuracy >= KNOWS * by_chance else None


def _was_steep(evidence: Evidence) -> bool:
    """Whether the rate was ever near the largest stable one."""
    return any(
        look.curvature is None or look.rate * look.curvature > STEEP * look.rate_limit
        for look in evidence.looks
        if math.isfinite(look.rate_limit)
    )


def _has_time(evidence: Evidence, loss: float) -> bool:
    """Whether a loss at chance level, or above it, may still come down in the epochs left."""
    if evidence.epoch >= evidence.epochs:
        return False
    chance = evidence.trained[-1].chance
    comes_down = evidence.improves and loss > (1 + NEAR) * chance
    patience = LONG_PATIENCE if comes_down or _creeps(evidence) else PATIENCE
    is_early = evidence.epoch < max(1, patience * evidence.epochs)
    at_the_end = _at_this_pace(evidence)
    if at_the_end is not None and _is_telling(evidence, loss):
        return at_the_end < (1 - (NEAR if is_early else ON_ITS_WAY)) * chance
    if is_early or (loss <= BESIDE * chance and _passes(evidence, loss)):
        return True
    if loss <= FAR * chance:
        few = evidence.step < PACE_UPDATES and evidence.epoch < PACE_EPOCHS
        return few and evidence.epoch < evidence.epochs
    return comes_down and at_the_end is not None and at_the_end < (1 - ON_ITS_WAY) * chance


def _is_telling(evidence: Evidence, loss: float) -> bool:
    """Whether enough updates were made to say that waiting does not help."""
    look = evidence.trained[-1]
    is_level = loss <= FAR * look.chance and not _rate_is_low(look)
    return evidence.step >= (STUCK_UPDATES if is_level else PACE_UPDATES)


def _at_this_pace(evidence: Evidence) -> float | None:
    """The loss at the end if it goes on falling by the same share, as in the later half until now.

    None where there is too little to tell: of few epochs, one may be good or bad by chance.
    """
    rows = _later_half(evidence)
    if evidence.epoch < PACE_EPOCHS or len(rows) < 2:
        return None
    half = len(rows) // 2
    (then, before), (now, after) = map(_mean, (rows[:half], rows[-half:]))
    return math.exp(after + min(0.0, (after - before) / (now - then)) * (evidence.epochs - now))


def _creeps(evidence: Evidence) -> bool:
    """Whether the loss at chance level falls surely: its slope is no chance of single epochs."""
    level = math.log(FAR * evidence.trained[-1].chance)
    rows = [row for row in _later_half(evidence) if row[1] <= level]
    if len(rows) < CREEP_EPOCHS:
        return False
    at, mean = _mean(rows)
    spread = sum((epoch - at) ** 2 for epoch, _loss in rows)
    slope = sum((epoch - at) * (loss - mean) for epoch, loss in rows) / spread
    left = sum((loss - mean - slope * (epoch - at)) ** 2 for epoch, loss in rows)
    return slope < -CREEP_SURELY * math.sqrt(left / (len(rows) - 2) / spread)


def _later_half(evidence: Evidence) -> list[tuple[int, float]]:
    """The epochs of the later half until now, and the logarithms of their losses."""
    return [
        (row.epoch, math.log(row.train_loss))
        for row in evidence.measured
        if row.train_loss is not None and row.train_loss > 0 and 2 * row.epoch >= evidence.epoch
    ]


def _mean(rows: Sequence[tuple[int, float]]) -> tuple[float, float]:
    """The mean epoch and the mean logarithm of the loss."""
    epochs, losses = zip(*rows, strict=True)
    return sum(epochs) / len(rows), sum(losses) / len(rows)


def _passes(evidence: Evidence, loss: float) -> bool:
    """Whether the loss comes down from above, and is at chance level only on its way."""
    window = max(1, round(RECENT * evidence.epochs))
    earlier = [
        row.train_loss
        for row in evidence.measured
        if row.train_loss is not None and row.epoch <= evidence.epoch - window
    ]
    return bool(earlier) and loss < (1 - 2 * NEAR) * earlier[-1]


def _rate_is_low(look: Insight) -> bool:
    """Whether the rate is far below the largest stable one."""
    return look.curvature is not None and look.rate * abs(look.curvature) < LOW * look.rate_limit

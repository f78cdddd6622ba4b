"""A plateau: the training loss has stopped falling, far from 0."""

from __future__ import annotations

from collections.abc import Iterator

from engine.language import _, plural
from engine.naming import Shown
from engine.training.diagnoses import Evidence
from engine.training.diagnoses.chance_level import NEAR
from engine.training.insight import Diagnosis

PLACE = 80
LEAST_EPOCHS = 5
"""A fall is looked for in at least so many epochs,"""
WINDOW = 0.25
"""and in this share of those planned: a slow training has more patience."""
FALL = 0.01
"""Less than this share of the loss in the whole window is no fall."""


def find(evidence: Evidence) -> Iterator[Diagnosis]:
    """The training loss now, compared with that before the window."""
    rows = [row for row in evidence.measured if row.train_loss is not None]
    window = max(LEAST_EPOCHS, round(WINDOW * evidence.epochs))
    last = rows[-1] if rows else None
    if last is None or evidence.is_solved or evidence.diverged or last.train_loss is None:
        return
    if evidence.looks and last.train_loss > (1 - NEAR) * evidence.looks[-1].chance:
        return  # That says `chance_level`.
    before = [row.train_loss for row in rows if row.epoch <= last.epoch - window and row.epoch]
    within = [row.train_loss for row in rows if row.epoch > last.epoch - window]
    lowest = min((loss for loss in within if loss is not None), default=last.train_loss)
    earlier = min((loss for loss in before if loss is not None), default=None)
    if earlier is None or earlier <= 0 or lowest < (1 - FALL) * earlier:
        return
    yield Diagnosis(
        id="plateau",
        layer="",
        value=1 - lowest / earlier,
        title=_("plateau: training loss {now:.3g}").format(now=Shown(last.train_loss)),
        text=_(
            "The training loss has stopped falling: {now:.3g} after {earlier:.3g}, {epochs} ago."
        ).format(
            now=Shown(last.train_loss),
            earlier=Shown(earlier),
            epochs=plural("{count} epoch", "{count} epochs", window),
        ),
        advice=_(
            "If it swings, lower the learning rate; if it is level, raise it, or give the model"
            " more units."
        )
        if evidence.has_units
        else _(
            "If it swings, lower the learning rate; if it is level, raise it, or choose a model"
            " with hidden units."
        ),
    )

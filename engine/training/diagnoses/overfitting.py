"""Overfitting: the training loss still falls, while the test loss rises, or stays far above it."""

from __future__ import annotations

from collections.abc import Iterator

from engine.language import _
from engine.naming import Shown
from engine.training.diagnoses import SOLVED, Evidence
from engine.training.insight import Diagnosis

PLACE = 70
RISE = 0.1
"""The test loss stands this share above its lowest value: more than the noise of an epoch."""
FALL = 0.1
"""The training loss has been this share lower since then, and is lower now."""
EPOCHS = 2
"""So many epochs ago at least."""
LEARNED = 0.8
"""Below this share of the loss by chance, something is known of the training samples."""
BY_HEART = 0.1
"""Below this share of the loss by chance, the training samples are known by heart,"""
UNKNOWN = 0.25
"""and above this share, the test samples are not known,"""
GAP = 5.0
"""where their loss is so many times as high."""
FAR_GAP = 20.0
"""Where it is so many times as high, a test loss that is not small (`SOLVED`) is enough."""


def find(evidence: Evidence) -> Iterator[Diagnosis]:
    """The test loss, compared with its lowest value and with the training loss."""
    if not evidence.has_rule or evidence.diverged:
        return
    found = _rising(evidence) or _far_above(evidence)
    if found is not None:
        yield found


def _far_above(evidence: Evidence) -> Diagnosis | None:
    last = evidence.measured[-1] if evidence.measured else None
    if last is None or last.train_loss is None or not evidence.trained:
        return None
    chance = evidence.trained[-1].chance
    wide = last.test_loss >= max(UNKNOWN * chance, GAP * last.train_loss)
    far = last.test_loss >= max(SOLVED * chance, FAR_GAP * last.train_loss)
    if last.train_loss >= BY_HEART * chance or not (wide or far):
        return None
    return Diagnosis(
        id="overfitting",
        layer="",
        value=last.test_loss / last.train_loss if last.train_loss > 0 else last.test_loss,
        title=_("overfitting: loss {train:.2g} in training, {test:.2g} in the test").format(
            train=Shown(last.train_loss), test=Shown(last.test_loss)
        ),
        text=_(
            "The model knows its training samples by heart: their loss is {train:.3g}, that of the"
            " test samples {test:.3g}."
        ).format(train=Shown(last.train_loss), test=Shown(last.test_loss)),
        advice=_advice(evidence, 0),
    )


def _advice(evidence: Evidence, best: int) -> str:
    """What helps; `best` is the epoch with the lowest test loss, 0 where that does not matter."""
    if best and evidence.has_units:
        return _("Stop at epoch {epoch}, use more training samples, or fewer hidden units.").format(
            epoch=best
        )
    if best:
        return _("Stop at epoch {epoch}, or use more training samples.").format(epoch=best)
    if evidence.has_units:
        return _("Use more training samples, or fewer hidden units.")
    return _("Use more training samples.")


def _rising(evidence: Evidence) -> Diagnosis | None:
    rows = [row for row in evidence.measured if row.train_loss is not None]
    if len(rows) < EPOCHS + 1:
        return None
    last = rows[-1]
    best = min(rows, key=lambda row: row.test_loss)
    # Of the last epochs, all must be above: one that is worse by chance is no overfitting.
    since = rows[-EPOCHS:]
    assert best.train_loss is not None
    assert last.train_loss is not None
    rose = all(row.test_loss > (1 + RISE) * best.test_loss for row in since)
    if best.epoch > last.epoch - EPOCHS or not rose or best.test_loss <= 0:
        return None
    # The lowest since, so that a loss that swings does not turn the diagnosis on and off.
    later = [row.train_loss for row in rows if row.epoch > best.epoch]
    lowest = min(loss for loss in later if loss is not None)
    if lowest > (1 - FALL) * best.train_loss or last.train_loss >= best.train_loss:
        return None
    if evidence.trained and last.train_loss > LEARNED * evidence.trained[-1].chance:
        return None  # What has learned nothing has learned nothing by heart.
    return Diagnosis(
        id="overfitting",
        layer="",
        value=last.test_loss / best.test_loss - 1,
        title=_("overfitting since epoch {epoch}").format(epoch=best.epoch),
        text=_(
            "The model overfits: since epoch {epoch} the training loss has fallen from"
            " {train_then:.3g} to {train:.3g}, but the test loss has risen from {test_then:.3g} to"
            " {test:.3g}."
        ).format(
            epoch=best.epoch,
            train_then=Shown(best.train_loss),
            train=Shown(last.train_loss),
            test_then=Shown(best.test_loss),
            test=Shown(last.test_loss),
        ),
        advice=_advice(evidence, best.epoch),
    )

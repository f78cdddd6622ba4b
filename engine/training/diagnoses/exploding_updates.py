"""Updates that are large beside the weights: every step throws away much of what was learned."""

from __future__ import annotations

from collections.abc import Iterator

from engine.language import _
from engine.training.diagnoses import Evidence
from engine.training.insight import Diagnosis
from engine.training.snapshot import layer_label

PLACE = 40
LARGEST = 0.1
"""A hundred times the rule of thumb, 1e-3: ten such updates replace the weights. Small first
weights grow that fast while the loss falls; where it does not, the updates are too large."""
REPLACED = 1.0
"""One update is as large as the weights: that is too large in any case."""
LOOKS, EPOCHS = 2, 3
"""So many looks, or epochs, before anything less is an alarm."""
EARLY = 20
"""Updates after which small first weights have grown to their size."""


def find(evidence: Evidence) -> Iterator[Diagnosis]:
    """The layer whose weights move most, where that is too much."""
    looks = [look for look in evidence.trained if look.step >= EARLY]
    if not looks or evidence.is_solved:
        return
    ratio, layer = max((layer.update_ratio or 0.0, layer.name) for layer in looks[-1].layers)
    if ratio < REPLACED and len(looks) < LOOKS and evidence.epoch < EPOCHS:
        return
    if ratio >= (REPLACED if evidence.improves else LARGEST):
        yield Diagnosis(
            id="exploding-updates",
            layer=layer,
            value=ratio,
            title=_("updates of {percent:.0f} percent in “{layer}”").format(
                percent=100 * ratio, layer=layer_label(layer)
            ),
            text=_(
                "One update changes the weights of the layer “{layer}” by {percent:.0f} percent of"
                " their size; 0.1 percent is usual."
            ).format(layer=layer_label(layer), percent=100 * ratio),
            advice=_("Lower the learning rate to a tenth."),
        )

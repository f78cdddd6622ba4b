"""Dead units: at every sample, the slope of the activation function is 0, so nothing is learned."""

from __future__ import annotations

from collections.abc import Iterator

from engine.language import _, plural
from engine.training.diagnoses import Evidence, stuck
from engine.training.insight import Diagnosis

PLACE = 20


def find(evidence: Evidence) -> Iterator[Diagnosis]:
    """One diagnosis for each layer with too many."""
    for layer in stuck(evidence, lambda layer: layer.dead):
        yield Diagnosis(
            id="dead-units",
            layer=layer.name,
            value=layer.stopped,
            title=_("{dead} of {units} dead in “{layer}”").format(
                dead=layer.stopped, units=layer.units, layer=layer.label
            ),
            text=plural(
                "{count} of {{units}} in the layer “{{layer}}” is dead: it gives the same at"
                " every sample, and no gradient passes through it.",
                "{count} of {{units}} in the layer “{{layer}}” are dead: they give the same at"
                " every sample, and no gradient passes through them.",
                layer.stopped,
            ).format(units=layer.units, layer=layer.label),
            advice=_(
                "Start again with a lower learning rate or other first weights. Units with"
                " leaky ReLU do not die."
            ),
        )

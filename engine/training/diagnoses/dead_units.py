"""Dead units: at every sample, the slope of the activation function is 0, so nothing is learned."""

from __future__ import annotations

from collections.abc import Iterator

from engine.language import _, plural
from engine.training.diagnoses import Evidence
from engine.training.insight import Diagnosis
from engine.training.snapshot import layer_label

PLACE = 20
SHARE = 0.5
"""Of a ReLU layer, some units are always dead. Where it is half of them, the layer does the work of
one half as wide."""


def find(evidence: Evidence) -> Iterator[Diagnosis]:
    """One diagnosis for each layer with too many."""
    for layer in evidence.looks[-1].layers if evidence.looks else ():
        if layer.units and layer.dead >= SHARE * layer.units:
            counted = plural("{count} unit", "{count} units", layer.units)
            yield Diagnosis(
                id="dead-units",
                layer=layer.name,
                value=layer.dead,
                title=_("{dead} of {units} dead in “{layer}”").format(
                    dead=layer.dead, units=counted, layer=layer_label(layer.name)
                ),
                text=plural(
                    "{count} of {{units}} in the layer “{{layer}}” is dead: it gives the same at"
                    " every sample, and no gradient passes through it.",
                    "{count} of {{units}} in the layer “{{layer}}” are dead: they give the same at"
                    " every sample, and no gradient passes through them.",
                    layer.dead,
                ).format(units=counted, layer=layer_label(layer.name)),
                advice=_(
                    "Start again with a lower learning rate or other first weights. Units with"
                    " leaky ReLU do not die."
                ),
            )

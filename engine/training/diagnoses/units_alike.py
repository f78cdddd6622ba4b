"""Units alike: several units of a layer have the same weights, so they are worth one."""

from __future__ import annotations

from collections.abc import Iterator

from engine.language import _, plural
from engine.training.diagnoses import Evidence
from engine.training.insight import Diagnosis
from engine.training.snapshot import layer_label

PLACE = 15
SHARE = 0.5
"""Of a layer: then it does the work of one half as wide, or less."""


def find(evidence: Evidence) -> Iterator[Diagnosis]:
    """One diagnosis for each layer with too many."""
    for layer in evidence.looks[-1].layers if evidence.trained else ():
        if layer.units > 1 and layer.alike >= SHARE * layer.units:
            counted = plural("{count} unit", "{count} units", layer.units)
            yield Diagnosis(
                id="units-alike",
                layer=layer.name,
                value=layer.alike,
                title=_("{alike} of {units} units alike in “{layer}”").format(
                    alike=layer.alike, units=layer.units, layer=layer_label(layer.name)
                ),
                text=_(
                    "{alike} of {units} in the layer “{layer}” have the same weights as another one"
                    " there. They get the same updates, so they stay copies."
                ).format(alike=layer.alike, units=counted, layer=layer_label(layer.name)),
                advice=_("Start again with random first weights: they tell the units apart."),
            )

"""Saturated units: at most samples, the activation function is almost flat."""

from __future__ import annotations

from collections.abc import Iterator

from engine.language import _, plural
from engine.training.diagnoses import Evidence
from engine.training.insight import Diagnosis
from engine.training.snapshot import layer_label

PLACE = 30
SHARE = 0.5
"""Half of a layer, as for dead units."""


def find(evidence: Evidence) -> Iterator[Diagnosis]:
    """One diagnosis for each layer with too many."""
    if evidence.is_solved:
        return  # Sure answers need flat places.
    for layer in evidence.looks[-1].layers if evidence.looks else ():
        if layer.units and layer.saturated >= SHARE * layer.units:
            counted = plural("{count} unit", "{count} units", layer.units)
            yield Diagnosis(
                id="saturated-units",
                layer=layer.name,
                value=layer.saturated,
                title=_("{saturated} of {units} saturated in “{layer}”").format(
                    saturated=layer.saturated, units=counted, layer=layer_label(layer.name)
                ),
                text=plural(
                    "{count} of {{units}} in the layer “{{layer}}” is saturated: its activation"
                    " is almost flat at most samples, so hardly any gradient passes.",
                    "{count} of {{units}} in the layer “{{layer}}” are saturated: their activation"
                    " is almost flat at most samples, so hardly any gradient passes.",
                    layer.saturated,
                ).format(units=counted, layer=layer_label(layer.name)),
                advice=_(
                    "Start again with smaller first weights or a lower learning rate, or with ReLU."
                ),
            )

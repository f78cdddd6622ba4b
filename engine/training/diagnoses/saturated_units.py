"""Saturated units: at most samples, the activation function is almost flat."""

from __future__ import annotations

from collections.abc import Iterator

from engine.language import _, plural
from engine.training.diagnoses import Evidence, stuck
from engine.training.insight import Diagnosis

PLACE = 30


def find(evidence: Evidence) -> Iterator[Diagnosis]:
    """One diagnosis for each layer with too many."""
    if evidence.is_solved:
        return  # Sure answers need flat places.
    for layer in stuck(evidence, lambda layer: layer.saturated):
        yield Diagnosis(
            id="saturated-units",
            layer=layer.name,
            value=layer.stopped,
            title=_("{saturated} of {units} saturated in “{layer}”").format(
                saturated=layer.stopped, units=layer.units, layer=layer.label
            ),
            text=plural(
                "{count} of {{units}} in the layer “{{layer}}” is saturated: its activation"
                " is almost flat at most samples, so hardly any gradient passes.",
                "{count} of {{units}} in the layer “{{layer}}” are saturated: their activation"
                " is almost flat at most samples, so hardly any gradient passes.",
                layer.stopped,
            ).format(units=layer.units, layer=layer.label),
            advice=_(
                "Start again with smaller first weights or a lower learning rate, or with ReLU."
            ),
        )

"""Updates that are tiny beside the weights, while there is still much to learn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.language import _
from engine.naming import Shown
from engine.training.diagnoses import Evidence
from engine.training.insight import Diagnosis, Insight
from engine.training.snapshot import layer_label

PLACE = 60
SMALLEST = 1e-5
"""A hundredth of the rule of thumb, 1e-3: it takes 100 000 such updates to replace the weights."""
FADES = 0.01
"""Below this share of the liveliest layer, the gradient fades on its way; else the rate is low."""
FALL = 0.1
"""Where the loss falls by this share from one look to the next, the model does learn."""
STILL = 0.5
"""Of the units of a layer, dead, saturated or alike, as for dead units."""
LOOKS = 2
"""So many looks in a row: one mini-batch can have a small gradient by chance."""


def find(evidence: Evidence) -> Iterator[Diagnosis]:
    """The layer whose weights move least, where that is too little."""
    looks = [look for look in evidence.trained if any(one.update_ratio is not None
                                                      for one in look.layers)][-LOOKS:]  # fmt: skip
    if len(looks) < LOOKS or evidence.is_solved or _falls(looks):
        return
    for layer in looks[-1].layers:
        if layer.units and max(layer.dead + layer.saturated, layer.alike) >= STILL * layer.units:
            return  # That say the diagnoses of such units, with what helps against it.
    found = []
    for index, layer in enumerate(looks[-1].layers):
        ratios = [look.layers[index].update_ratio for look in looks]
        known = [ratio for ratio in ratios if ratio is not None]
        if len(known) == LOOKS and max(known) < SMALLEST:
            found.append((known[-1], layer.name))
    if found:
        ratio, name = min(found)
        liveliest = max(layer.update_ratio or 0.0 for layer in looks[-1].layers)
        yield Diagnosis(
            id="vanishing-updates",
            layer=name,
            value=ratio,
            title=_("updates of only {ratio:.2g} in “{layer}”").format(
                ratio=Shown(ratio), layer=layer_label(name)
            ),
            text=_(
                "One update changes the weights of the layer “{layer}” by only {ratio:.2g} of their"
                " size; 0.001 is usual. So it hardly learns."
            ).format(layer=layer_label(name), ratio=Shown(ratio)),
            advice=evidence.higher_rate
            if ratio > FADES * liveliest
            else _(
                "The gradient fades on its way to this layer: use other first weights, or ReLU, if"
                " it is sigmoid or tanh now."
            ),
        )


def _falls(looks: Sequence[Insight]) -> bool:
    """Whether the loss has become clearly smaller within few updates, as many as there were."""
    before, last = looks[-2:]
    share = min(1.0, (last.step - before.step) / max(before.step, 1))
    return last.loss < (1 - FALL * share) * before.loss

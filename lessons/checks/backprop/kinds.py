"""Questions of chapter 1 that are answered by a sign, a shape, a factor or an order."""

from __future__ import annotations

import numpy as np

from engine.formulas.proving import value_of
from engine.trace import Phase
from engine.worked_example import worked_example
from lessons.checks.base import (
    CheckBook,
    Factor,
    FillQuestion,
    Hints,
    OrderQuestion,
    ShapeQuestion,
    ShapeSlip,
    SignQuestion,
)
from lessons.course.backprop.deltas.facts import NOTATION
from lessons.course.backprop.deltas.facts import SCOPES as DELTAS
from lessons.course.backprop.gradients.facts import SCOPES as GRADIENTS


def _order_of_phases() -> tuple[int, ...]:
    """Where each part of a round first stands in the trace, and the next round after all."""
    first = worked_example().trace()
    phases = [operation.phase for operation in first.operations]
    starts = [
        phases.index(phase) for phase in (Phase.FORWARD, Phase.LOSS, Phase.BACKWARD, Phase.UPDATE)
    ]
    # The next round begins with the weights that the last operation of this one gives.
    next_round = worked_example().after(1).trace()
    assert next_round.givens["w5"] == first.values()["w5⁺"]
    starts.append(len(phases))
    return tuple(int(place) for place in np.argsort(starts))


def _outer_shape() -> tuple[int, ...]:
    sends, gets = (int(value_of(size, _OUTER)) for size in ("S_l", "S_{l+1}"))
    a, delta = np.zeros((sends, 1)), np.zeros((gets, 1))
    return (a @ delta.T).shape


_OUTER = GRADIENTS["gradients_outer"]
_HIDDEN = r"\delta_i^{(l)} = \left( \sum_{j} \delta_j^{(l+1)} \, \square \right) \sigma'(z_i^{(l)})"

BOOK = CheckBook(
    "backprop",
    predicts={
        "deltas_low_output": SignQuestion(
            value=lambda: value_of(r"\delta", DELTAS["deltas_low_output"]),
            explanation="A larger $z$ would make the output larger, and the loss smaller. So the "
            "loss falls with $z$: the delta is negative.",
            feedback="Think of a small push upwards on $z$. The output grows towards its target. "
            "What does the loss do?",
            slip="sign",
            line=r"\delta = (y - a)\, \sigma'(z)",
            right_line=r"\delta = (a - y)\, \sigma'(z)",
        ),
        "deltas_missing_weight": FillQuestion(
            formula=_HIDDEN,
            factors=(
                Factor(
                    r"W_{ij}^{(l)}",
                    "That weight leads from unit $j$ of layer $l$ into unit $i$ of the next. The "
                    "blame comes back along the weights *out of* unit $i$.",
                    slip="row-for-column",
                ),
                Factor(
                    r"W_{ji}^{(l)}",
                    "It leads from unit $i$ into unit $j$: the way forward, taken backwards.",
                ),
                Factor(
                    r"a_i^{(l)}",
                    "The output of the unit belongs to the gradient of a weight. The blame of the "
                    "unit itself comes through the weights that lead out of it.",
                ),
            ),
            notation=NOTATION,
        ),
        "gradients_outer": ShapeQuestion(
            shape=_outer_shape,
            explanation="Each pair of an input and a delta gives one number: as many as there are "
            "weights, in the shape of $W^{(l)}$.",
            slips=(
                ShapeSlip(
                    "row-for-column",
                    lambda: _outer_shape()[::-1],
                    r"That is $\delta^{(l+1)} (a^{(l)})^\top$. The first factor gives the rows: "
                    "here the inputs $a^{(l)}$.",
                    line=r"\delta^{(l+1)} (a^{(l)})^\top",
                    right=r"a^{(l)} (\delta^{(l+1)})^\top",
                ),
                ShapeSlip(
                    "sum-for-product",
                    lambda: (1, 1),
                    "One number is a row times a column of the same length. Here a column comes "
                    "first, and the lengths differ.",
                    line=r"a^{(l)} (\delta^{(l+1)})^\top : 1 \times 1",
                    right=r"a^{(l)} (\delta^{(l+1)})^\top : 784 \times 256",
                ),
            ),
            hints=Hints(
                "a column times a row gives a whole table.",
                r"$(S_l \times 1) \cdot (1 \times S_{l+1})$",
                r"$(S_l \times 1) \cdot (1 \times S_{l+1}) = (784 \times 1) \cdot (1 \times 256)$",
            ),
        ),
        "loop_order": OrderQuestion(
            items=(
                "Send the inputs forward, through the old weights.",
                "Compare the outputs with their targets: the loss.",
                "Carry the blame back: all gradients, from the old weights.",
                "Move every weight and bias against its gradient.",
                "Begin again, with the weights that are new now.",
            ),
            feedback=(
                "the forward pass comes first; everything else needs the outputs.",
                "the loss is taken as soon as there are outputs, and from them alone.",
                "gradients come after the loss whose slope they are, and before any weight moves.",
                "weights move only when all gradients are known.",
                "a round is over only when the weights have moved.",
            ),
            proof=_order_of_phases,
            explanation="The loss needs the outputs, the gradients need the loss, and the update "
            "needs all gradients at once.",
        ),
    },
)

"""Questions of chapter 1 that are answered by a sign, a shape, a factor or an order."""

from __future__ import annotations

import numpy as np

from engine.trace import Phase
from engine.worked_example import worked_example
from lessons.checks.base import (
    CheckBook,
    Draw,
    Factor,
    FillQuestion,
    Hints,
    OrderQuestion,
    ShapeQuestion,
    ShapeSlip,
    SignQuestion,
)
from lessons.checks.nets import sigmoid
from lessons.course.layers import NETWORK


def _delta_of_low_output() -> float:
    """δ of a sigmoid output of 0.3 whose target is 0.8."""
    a, y = 0.3, 0.8
    return (a - y) * a * (1 - a)


def _layers(rng: np.random.Generator) -> Draw:
    """A hidden layer of three units before a layer of three."""
    z = rng.normal(size=3)
    slope = sigmoid(z) * (1 - sigmoid(z))
    return Draw(W=rng.normal(size=(3, 3)), delta=rng.normal(size=3), a=sigmoid(z), slope=slope)


def _blame_by_paths(d: Draw) -> float:
    """δ of the first hidden unit, one path after the other: W[j, i] leads from i into j."""
    total = 0.0
    for j in range(3):
        total += d.delta[j] * d.W[j, 0] * d.slope[0]
    return float(total)


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
    a, delta = np.zeros((784, 1)), np.zeros((256, 1))
    return (a @ delta.T).shape


_HIDDEN = r"\delta_i^{(l)} = \left( \sum_{j} \delta_j^{(l+1)} \, \square \right) \sigma'(z_i^{(l)})"

BOOK = CheckBook(
    "backprop",
    predicts={
        "deltas_low_output": SignQuestion(
            value=_delta_of_low_output,
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
            notation=NETWORK,
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
                    line=r"\frac{\partial L}{\partial W^{(l)}} = \delta^{(l+1)} (a^{(l)})^\top",
                    right=r"\frac{\partial L}{\partial W^{(l)}} = a^{(l)} (\delta^{(l+1)})^\top",
                ),
                ShapeSlip(
                    "sum-for-product",
                    lambda: (1, 1),
                    r"That is a row times a column, one number. Here a column comes first.",
                    line=r"(a^{(l)})^\top \delta^{(l+1)}",
                    right=r"a^{(l)} (\delta^{(l+1)})^\top",
                ),
            ),
            hints=Hints(
                "a column times a row gives a whole table.",
                r"$(S_l \times 1) \cdot (1 \times S_{l+1})$",
                r"$(784 \times 1) \cdot (1 \times 256)$",
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

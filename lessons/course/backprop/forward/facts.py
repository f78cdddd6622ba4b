"""What the formulas of `backprop/forward` speak of."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from engine.formulas.notation import Notation
from engine.formulas.values import Value, whole
from engine.worked_example import worked_example
from lessons.course.layers import NETWORK, WORKED
from lessons.judge.values import Choice, Number, QuestionValues

if TYPE_CHECKING:
    from engine.formulas.term import Term
    from engine.formulas.world import World


def _outputs(world: World, arguments: tuple[Term, ...]) -> Value:
    """The outputs of the network for the input that it is given."""
    (given,) = arguments
    last = whole(world.value(("n", (), None)))
    return world.child({("x", (), None): given.value(world)}).value(("a", (), last))


EXAMPLE = (2, 3, 2)
"""The widths of the network that the lesson draws."""

NOTATION = (
    NETWORK.operator("h_{W,b}", _outputs)
    .defined(r"\text{outputs} = a^{(n)}", r"S_n \times 1")
    .defined(r"w_i^{(l)} = (W^{(l)})_{:,i}", r"S_l \times 1", over="i l")
    .drawn("v", "S_l")
)


THREE_LAYERS = NOTATION.fixed("n", 3)


SIZES = {1: 784, 2: 256, 3: 10}
"""Units of the layers that the questions about sizes speak of."""


def _sized() -> Notation:
    found = THREE_LAYERS
    for layer, units in SIZES.items():
        found = found.defined(f"S_{layer} = {units}", "", over="l")
    return found


SCOPES = {
    # Unit i of layer l + 1, with the names of a single unit.
    "unit": (
        NOTATION.index("i", "S_{l+1}")
        .defined("w_j = W_{ij}^{(l)}", "", over="j")
        .defined("a_j = a_j^{(l)}", "", over="j")
        .defined("b = b_i^{(l)}", "")
        .defined("z = z_i^{(l+1)}", "")
        .defined("a = a_i^{(l+1)}", "")
        .index("j", "S_l")
    ),
    "worked": WORKED,
    "forward_z_h2": WORKED,
    "forward_network": THREE_LAYERS,
    "forward_network/numbers": WORKED.operator("h_{W,b}", _outputs),
    "forward_unit/numbers": WORKED,
    "forward_layer/numbers": WORKED,
    "loss_forms/numbers": WORKED,
    "sizes": _sized(),
    "half-precedence": Notation().drawn("a").drawn("y").fixed("e_1", 1).fixed("e_2", 1),
}


def _parameters(widths: tuple[int, ...], biases: bool = True) -> float:
    """How many weights, and biases where asked, a network of these widths has."""
    pairs = itertools.pairwise(widths)
    return float(sum(sends * gets + (gets if biases else 0) for sends, gets in pairs))


_WIDTHS = tuple(SIZES.values())


_SENDS, _GETS, _LAST = _WIDTHS


_LAYOUTS = ((_GETS, _SENDS), (_SENDS, _GETS), (_SENDS, 1))
"""The shapes that are offered for the weights from layer 1 to layer 2."""


def _right_layout() -> int:
    """The one shape for which W^T a exists and has a number for each unit of layer 2."""
    fits = [
        shape[0] == _SENDS and (np.zeros(shape).T @ np.zeros(_SENDS)).shape == (_GETS,)
        for shape in _LAYOUTS
    ]
    return fits.index(True)


def _worked(symbol: str) -> float:
    """A number of the worked network by its symbol."""
    return worked_example().trace().values()[symbol]


def _row_for_column() -> float:
    """The input of h2, with row 2 of the matrix W⁽¹⁾ read for column 2."""
    given = worked_example()
    W = np.array(given.W[0]).T  # as in the lessons: one column per receiving unit
    return float(W[1] @ np.array(given.x) + given.b[0][1])


def _without_bias() -> float:
    given = worked_example()
    return float(np.array(given.W[0])[1] @ np.array(given.x))


NUMBERS: Mapping[str, Callable[[], float]] = {
    "forward_z_h1": lambda: _worked("z_h1"),
}


QUESTIONS: Mapping[str, QuestionValues] = {
    "forward_parameters": Number(
        lambda: _parameters(_WIDTHS),
        slips={
            "no-bias": lambda: _parameters(_WIDTHS, biases=False),
            "bias-per-input": lambda: _parameters(_WIDTHS) + _SENDS,
            "bias-per-layer": lambda: _parameters(_WIDTHS, biases=False) + len(_WIDTHS) - 1,
            "first-layer-only": (
                lambda: _parameters(_WIDTHS[:2]),
                lambda: _parameters(_WIDTHS[:2], biases=False),
            ),
            "one-product": lambda: float(np.prod(_WIDTHS)),
            "skip-weights": lambda: _parameters(_WIDTHS) + _SENDS * _LAST,
            "units-counted": lambda: float(sum(_WIDTHS)),
        },
        tolerance=1e-6,
        exact=True,
    ),
    "forward_weight_shape": Choice(_right_layout),
    "forward_z_h2": Number(
        lambda: _worked("z_h2"),
        slips={
            "row-for-column": _row_for_column,
            "no-bias": _without_bias,
            "sum-of-another": lambda: _worked("z_h1"),
            "after-sigmoid": lambda: _worked("out_h2"),
            "bias-subtracted": lambda: _without_bias() - worked_example().b[0][1],
            "no-inputs": lambda: sum(worked_example().W[0][1]) + worked_example().b[0][1],
        },
    ),
}

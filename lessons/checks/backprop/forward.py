"""The checks of `backprop/forward`: the numbers of the worked network, and the questions."""

from __future__ import annotations

import itertools

import numpy as np

from engine.worked_example import worked_example
from lessons.checks.base import (
    CheckBook,
    ChoiceQuestion,
    Hints,
    NumberCheck,
    NumberQuestion,
    Option,
    Slip,
)
from lessons.course.backprop.forward.facts import SIZES


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


def _parameters(widths: tuple[int, ...], biases: bool = True) -> float:
    """How many weights, and biases where asked, a network of these widths has."""
    pairs = itertools.pairwise(widths)
    return float(sum(sends * gets + (gets if biases else 0) for sends, gets in pairs))


_WIDTHS = tuple(SIZES.values())
_SENDS, _GETS, _ = _WIDTHS
_LAYOUTS = ((_GETS, _SENDS), (_SENDS, _GETS), (_SENDS, 1))
"""The shapes that are offered for the weights from layer 1 to layer 2."""


def _right_layout() -> int:
    """The one shape for which W^T a exists and has a number for each unit of layer 2."""
    fits = [
        shape[0] == _SENDS and (np.zeros(shape).T @ np.zeros(_SENDS)).shape == (_GETS,)
        for shape in _LAYOUTS
    ]
    return fits.index(True)


def _layout(place: int) -> str:
    rows, columns = _LAYOUTS[place]
    return rf"$W^{{(1)}} : {rows} \times {columns}$"


def _bias_goes_to_rows() -> int:
    """Where a bias lands in a batch of rows: 0 where it is the same for every row."""
    X, W, b = np.eye(5, 4), np.ones((4, 3)), np.arange(1.0, 4.0)
    added = (X @ W + b) - X @ W
    return 0 if bool((added == added[0]).all()) else 1


_COUNT = "S_1 S_2 + S_2 + S_2 S_3 + S_3"
_Z2 = r"z_2^{(2)} = W_{21}^{(1)} x_1 + W_{22}^{(1)} x_2"

BOOK = CheckBook(
    "backprop",
    numbers={
        "forward_z_h1": NumberCheck(lambda: _worked("z_h1")),
        "forward_o1": NumberCheck(lambda: _worked("out_o1")),
        "forward_o2": NumberCheck(lambda: _worked("out_o2")),
        "forward_loss": NumberCheck(lambda: worked_example().trace().loss),
    },
    predicts={
        "forward_z_h2": NumberQuestion(
            answer=lambda: _worked("z_h2"),
            explanation="Column 2 holds the weights of unit 2: "
            r"$z_2^{(2)} = 0.25 \cdot 0.05 + 0.30 \cdot 0.10 + 0.35$.",
            slips=(
                Slip(
                    "row-for-column",
                    _row_for_column,
                    "You took row 2 of the matrix. Row 2 holds what unit 2 of layer 1 *sends*; "
                    "the weights that unit 2 of layer 2 *receives* stand in column 2.",
                    line=r"z_2^{(2)} = \left( W^{(1)} x \right)_2 + b_2^{(1)}",
                    right=r"z_2^{(2)} = \left( (W^{(1)})^\top x \right)_2 + b_2^{(1)}",
                ),
                Slip(
                    "no-bias",
                    _without_bias,
                    "That is the weighted sum alone. Add the bias of the unit.",
                    line=_Z2,
                    right=f"{_Z2} + b_2^{{(1)}}",
                ),
            ),
            hints=Hints(
                idea="a unit takes one column of the matrix: what it receives from each input.",
                formula=f"${_Z2} + b_2^{{(1)}}$",
                numbers=r"$z_2^{(2)} = 0.25 \cdot 0.05 + 0.30 \cdot 0.10 + 0.35$",
            ),
        ),
        "forward_weight_shape": ChoiceQuestion(
            options=(
                Option(
                    _layout(0),
                    "That is the transpose. It is how PyTorch stores it, as you see at the end of "
                    r"this lesson; in the formulas it is $W^{(l)} : S_l \times S_{l+1}$.",
                ),
                Option(
                    _layout(1),
                    "One row per sending unit, one column per receiving unit: "
                    r"$W^{(l)} : S_l \times S_{l+1}$.",
                    right=True,
                ),
                Option(
                    _layout(2),
                    "That is one column: the weights of a single unit. There are $S_2$ of them, "
                    "one for each unit of layer 2.",
                ),
            ),
            proof=_right_layout,
        ),
        "forward_parameters": NumberQuestion(
            answer=lambda: _parameters(_WIDTHS),
            explanation=r"$S_1 S_2 + S_2 = 784 \cdot 256 + 256$ lead into the hidden layer, "
            r"$S_2 S_3 + S_3 = 256 \cdot 10 + 10$ into the outputs.",
            slips=(
                Slip(
                    "no-bias",
                    lambda: _parameters(_WIDTHS, biases=False),
                    "Those are the weights. Each unit of the hidden layer and of the output layer "
                    "has a bias as well.",
                    line="S_1 S_2 + S_2 S_3",
                    right=_COUNT,
                ),
            ),
            tolerance=1e-6,
            hints=Hints(
                idea="count the weights between each pair of layers, then the biases.",
                formula=f"${_COUNT}$",
                numbers=rf"${_COUNT} = 784 \cdot 256 + 256 + 256 \cdot 10 + 10$",
            ),
        ),
        "forward_bias_rows": ChoiceQuestion(
            options=(
                Option(
                    "To each row of $XW$: every sample gets the same biases.",
                    "A row is a sample, and its entries are the units: one bias for each.",
                    right=True,
                ),
                Option(
                    "To each column of $XW$: every unit gets the same biases.",
                    "A column holds one unit for all samples. It would need one number per sample, "
                    "and a bias belongs to a unit.",
                ),
            ),
            proof=_bias_goes_to_rows,
        ),
    },
)

"""The two-layer network of the chapter: samples are rows, ReLU between, no biases.

The entry W_{ij} of the formulas, from unit j into unit i, stands in row j and column i.
"""

from __future__ import annotations

from typing import Any, NoReturn

from engine.formulas.declarations import Maker
from engine.formulas.draws import constant, normal
from engine.formulas.errors import NoValueError
from engine.formulas.notation import Notation
from engine.recipes.two_layer_sizes import D_IN, D_OUT, H, N


def distribution(*_: Any) -> NoReturn:
    """A distribution can be named with its parameters; it is no number.

    Raises:
        NoValueError: always.
    """
    raise NoValueError("A distribution has no value.")


def _weights(first: Maker | None = None, second: Maker | None = None) -> Notation:
    return (
        Notation()
        .drawn(r"W^{(1)}", r"D_\mathrm{in} \times H", first, over="l")
        .drawn(r"W^{(2)}", r"H \times D_\mathrm{out}", second, over="l")
    )


NETWORK = (
    _weights()
    .size("N", low=2)
    .size(r"D_\mathrm{in}", low=2)
    .size("H", low=2)
    .size(r"D_\mathrm{out}", low=2)
    .drawn("X", r"N \times D_\mathrm{in}", normal(0.4))
    .drawn("T", r"N \times D_\mathrm{out}")
    .defined(r"W_{ij}^{(l)} = (W^{(l)})_{ji}", "", over="i j l")
    .defined(r"Z = X W^{(1)}", r"N \times H")
    .defined(r"A = \max(0, Z)", r"N \times H")
    .defined(r"Y = A W^{(2)}", r"N \times D_\mathrm{out}")
    .defined(r"L = \| Y - T \|^2", "")
    .operator("N", distribution)
    .index("s r", "N")
    .index("i q", r"D_\mathrm{out}")
    .index("j", "H")
    .index("k", r"D_\mathrm{in}")
)
"""The network with sizes that differ from each other and from draw to draw."""

SIZED = (
    NETWORK.fixed("N", N)
    .fixed(r"D_\mathrm{in}", D_IN)
    .fixed("H", H)
    .fixed(r"D_\mathrm{out}", D_OUT)
)
"""The same with the sizes of the chapter."""

_X, _W2, _T = [[2.0, 3.0], [-1.0, 1.0]], [[2.0], [-1.0]], [[-1.0], [1.0]]


def by_hand(corner: float) -> Notation:
    """The network that is small enough to compute by hand; `corner` is row 2, column 1 of W1."""
    return (
        NETWORK.including(_weights(constant([[1.0, -1.0], [corner, 1.0]]), constant(_W2)))
        .fixed("N", 2)
        .fixed(r"D_\mathrm{in}", 2)
        .fixed("H", 2)
        .fixed(r"D_\mathrm{out}", 1)
        .drawn("X", r"N \times D_\mathrm{in}", constant(_X))
        .drawn("T", r"N \times D_\mathrm{out}", constant(_T))
        .entrywise(r"\mathrm{ReLU}", "relu")
    )

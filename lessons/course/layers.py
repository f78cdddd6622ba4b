r"""The layered network of the course, as its formulas speak of it.

Layer 1 is the input, layer $n$ the output. Column i of W^{(l)} holds the weights of unit i of
layer l + 1, so the entry W_{ij} of the formulas, from unit j into unit i, stands in row j and
column i.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.formulas.draws import integer, normal, uniform
from engine.formulas.notation import Notation
from engine.worked_example import worked_example

if TYPE_CHECKING:
    from engine.formulas.world import World


def _hidden_layer(world: World) -> int:
    """One of the layers between the first and the last."""
    layers = int(world.value(("n", (), None)))
    return int(world.rng("l").integers(2, layers))


NETWORK = (
    Notation()
    .drawn("n", make=integer(3, 4))
    .size("S_l", over="l")
    .computed("l", _hidden_layer)
    .drawn("x", r"S_1 \times 1")
    .drawn("y", r"S_n \times 1", uniform(0.1, 0.9))
    .drawn(r"W^{(l)}", r"S_l \times S_{l+1}", normal(0.6), over="l")
    .drawn(r"b^{(l)}", r"S_{l+1} \times 1", normal(0.6), over="l")
    .defined(r"W_{ij}^{(l)} = (W^{(l)})_{ji}", "", over="i j l")
    .defined(r"a^{(1)} = x", r"S_1 \times 1", over="l")
    .defined(r"z^{(l)} = (W^{(l-1)})^\top a^{(l-1)} + b^{(l-1)}", r"S_l \times 1", over="l")
    .defined(r"a^{(l)} = \sigma(z^{(l)})", r"S_l \times 1", over="l")
    .entrywise(r"\sigma", "sigmoid")
    .defined(r"L = \frac12 \| a^{(n)} - y \|^2", "")
    .defined(r"\delta^{(l)} = \frac{\partial L}{\partial z^{(l)}}", r"S_l \times 1", over="l")
    .defined("z = z^{(l)}", r"S_l \times 1")
    .defined("a = a^{(l)}", r"S_l \times 1")
    .defined(r"\delta = \delta^{(l)}", r"S_l \times 1")
    .defined("W = W^{(l)}", r"S_l \times S_{l+1}")
    .defined("W_{ij} = (W^{(l)})_{ji}", "", over="i j")
    .defined("b = b^{(l)}", r"S_{l+1} \times 1")
    .index("i j k")
)
r"""A network of three or four layers with one sample: x, y, W, b, z, a, L and δ, and a layer l
between the first and the last. Where a layer is left out, layer l is meant."""


def _worked() -> Notation:
    """The network of three layers with the numbers that the course works through by hand."""
    given = worked_example()
    found = NETWORK.fixed("n", len(given.layers))
    for layer, width in enumerate(given.layers, start=1):
        found = found.defined(f"S_{layer} = {width}", "", over="l")
    for layer, (rows, biases) in enumerate(zip(given.W, given.b, strict=True), start=1):
        # The problem has one row per receiving unit, W^{(l)} one column.
        found = found.fixed(
            f"W^{{({layer})}}", np.array(rows).T, rf"S_{layer} \times S_{layer + 1}"
        )
        found = found.fixed(f"b^{{({layer})}}", biases, rf"S_{layer + 1} \times 1")
    return found.fixed("x", given.x, r"S_1 \times 1").fixed("y", given.target, r"S_3 \times 1")


WORKED = _worked()
"""The worked network: the same symbols, with the numbers of `engine.worked_example`."""

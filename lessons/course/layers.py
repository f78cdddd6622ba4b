r"""The layered network of the course, as its formulas speak of it.

Layer 1 is the input, layer $n_l$ the output. Column i of W^{(l)} holds the weights of unit i of
layer l + 1, so the entry W_{ij} of the formulas, from unit j into unit i, stands in row j and
column i.
"""

from __future__ import annotations

from engine.formulas.draws import integer, normal, uniform
from engine.formulas.notation import Notation

NETWORK = (
    Notation()
    .fixed("n_l", 4)
    .size("S_l", over="l")
    .drawn("l", make=integer(2, 2))
    .drawn("x", r"S_1 \times 1")
    .drawn("y", r"S_{n_l} \times 1", uniform(0.1, 0.9))
    .drawn(r"W^{(l)}", r"S_l \times S_{l+1}", normal(0.6), over="l")
    .drawn(r"b^{(l)}", r"S_{l+1} \times 1", normal(0.6), over="l")
    .defined(r"W_{ij}^{(l)} = (W^{(l)})_{ji}", "", over="i j l")
    .defined(r"a^{(1)} = x", r"S_1 \times 1", over="l")
    .defined(r"z^{(l)} = (W^{(l-1)})^\top a^{(l-1)} + b^{(l-1)}", r"S_l \times 1", over="l")
    .defined(r"a^{(l)} = \sigma(z^{(l)})", r"S_l \times 1", over="l")
    .entrywise(r"\sigma", "sigmoid")
    .defined(r"L = \frac12 \| a^{(n_l)} - y \|^2", "")
    .defined(r"\delta^{(l)} = \frac{\partial L}{\partial z^{(l)}}", r"S_l \times 1", over="l")
    .defined("z = z^{(l)}", r"S_l \times 1")
    .defined("a = a^{(l)}", r"S_l \times 1")
    .defined(r"\delta = \delta^{(l)}", r"S_l \times 1")
    .index("i j k")
)
r"""A network of four layers with one sample: x, y, W, b, z, a, L and δ, and the layer l = 2, which
has a layer before it and a hidden one after it. Where a layer is left out, layer l is meant."""

"""What the formulas of `frameworks/autograd` speak of."""

from __future__ import annotations

from engine.formulas.draws import integer, positive
from engine.formulas.notation import Notation

NOTATION = (
    Notation()
    .drawn("x")
    .drawn("w")
    .drawn("b")
    .drawn("t")
    .drawn("g")
    .drawn(r"\eta", make=positive())
    .drawn(r"\mathrm{grad}")
    .defined("y = w x + b")
    .defined("L = (y - t)^2")
    .drawn("m", make=integer(3, 6))
    .defined("G_m = G_{m-1} + g", over="m")
    .defined("G_0 = 0", over="m")
    .defined(r"w_m = w_{m-1} - \eta \, G_m", over="m")
    .drawn("w_0", over="m")
    .index("k", "m")
)
"""A line y = wx + b with a loss, and a weight that moves by gradients that add up in G."""

_LINE = NOTATION.given(x=1, w=2, b=3)

SCOPES = {
    "line": _LINE,
    "autograd_x": _LINE,
    "autograd_line": NOTATION,
    "autograd_three_calls": _LINE.defined(
        r"\mathrm{grad} = 3 \, \frac{\partial y}{\partial x}", ""
    ),
    "autograd_error_slope": NOTATION.given(x=3, w=2, b=1, t=10),
    "autograd_never_zeroed": NOTATION.given(g=2, m=3)
    .fixed(r"\eta", 0.1)
    .defined("w_0 = 1", over="m")
    .defined("L = g w"),
}

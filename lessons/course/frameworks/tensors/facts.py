"""What the formulas of `frameworks/tensors` speak of."""

from __future__ import annotations

from engine.formulas.draws import constant, ones, positive
from engine.formulas.notation import Notation
from lessons.course.frameworks.two_layer import NETWORK, SIZED

NOTATION = NETWORK.drawn("w").drawn("g").drawn(r"\eta", make=positive())

_VIEW = (
    Notation()
    .drawn("v", r"2 \times 2", constant([[1.0, 9.0], [2.0, 4.0]]), start=0)
    .defined(r"w = v^\top", r"2 \times 2", start=0)
    .index("i j", "2", start=0)
)
"""After the entry was set: both look at the same numbers, counted from 0 as in the code."""

SCOPES = {
    "tensors_view": _VIEW,
    "tensors_loss_shape": SIZED.drawn(r"\mathbf{1}", r"D_\mathrm{out} \times 1", ones()),
}

"""What the formulas of `frameworks/module` speak of."""

from __future__ import annotations

from engine.formulas.notation import Notation
from lessons.course.frameworks.two_layer import NETWORK, SIZED


def _with_sample(network: Notation) -> Notation:
    return network.drawn(r"\mathbf{x}", r"D_\mathrm{in} \times 1").defined(
        r"\mathbf{y} = (W^{(2)})^\top \max(0, (W^{(1)})^\top \mathbf{x})",
        r"D_\mathrm{out} \times 1",
    )


NOTATION = _with_sample(NETWORK)

SCOPES = {"module_one_sample": _with_sample(SIZED)}

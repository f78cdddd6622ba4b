"""What the formulas of `backprop/forward` speak of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.formulas.draws import ones
from engine.formulas.notation import Notation
from engine.formulas.values import Value, transpose, whole
from lessons.course.layers import NETWORK, WORKED

if TYPE_CHECKING:
    from engine.formulas.terms import Term
    from engine.formulas.world import World


def _outputs(world: World, arguments: tuple[Term, ...]) -> Value:
    """The outputs of the network for the input that it is given."""
    (given,) = arguments
    last = whole(world.value(("n", (), None)))
    return world.child({("x", (), None): given.value(world)}).value(("a", (), last))


def _inputs_by_torch(world: World) -> Value:
    """What the linear layer of torch makes of a batch of rows, turned into columns."""
    from torch.nn import functional

    rows, weights, biases = (world.value((key, (), None)) for key in ("X", "V", "b"))
    return transpose(functional.linear(rows, weights, biases.reshape(-1)))


NOTATION = (
    NETWORK.operator("h_{W,b}", _outputs)
    .defined(r"\text{outputs} = a^{(n)}", r"S_n \times 1")
    .defined(r"w_i^{(l)} = (W^{(l)})_{:,i}", r"S_l \times 1", over="i l")
    .drawn("v", "S_l")
    .size("m")
    .index("s", "m")
    .drawn("A", r"S_l \times m")
    .defined(r"X = A^\top", r"m \times S_l")
    .drawn(r"\mathbf{1}", r"m \times 1", ones())
    .computed("Z", _inputs_by_torch, r"S_{l+1} \times m")
    .defined(r"V = (W^{(l)})^\top", r"S_{l+1} \times S_l")
    .drawn("P", r"S_l \times m")
    .drawn("Q", r"m \times S_{l+1}")
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
    "sizes": _sized(),
    "half-precedence": Notation().drawn("a").drawn("y").given(e_1=1, e_2=1),
}

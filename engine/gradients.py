"""The gradients of one network in three ways: by hand, by torch, by differences.

`manual` is back-propagation as `DenseNetwork` writes it out. `autograd` is torch in float64 on
the same numbers. `central` is (E(p + h) − E(p − h)) / 2h for every parameter p.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.activations import Array
from engine.naming import Names
from engine.network import BiasMode, DenseNetwork, Gradients
from engine.trace import Unit

EPSILON = sys.float_info.epsilon
"""Distance from 1 to the next float64, about 2.2e-16."""

AUTOGRAD_RELATIVE_TOLERANCE = 1e-12
CENTRAL_TOLERANCE = 1e-9

_STEP = 2.0**-17
"""Near the smallest total error, at ε^(1/3): the formula's own error grows with h², rounding with
ε/h. A power of two, so that p + h is exact where p has bits to spare."""


@dataclass(frozen=True, slots=True)
class Difference:
    """How far apart two numbers are."""

    absolute: float
    relative: float
    """|a − b| / max(|a|, |b|); 0 where both are 0."""
    ulps: int
    """How many float64 steps apart they are."""


@dataclass(frozen=True, slots=True, eq=False)
class CentralGradients:
    """Central differences, and how far off each may be."""

    gradients: Gradients
    errors: Gradients
    """The estimated error of each: of the formula, by doubling the step, plus that of rounding."""


@dataclass(frozen=True, slots=True)
class GradientRow:
    """The gradient of one parameter in three ways; `autograd` is None until torch has answered."""

    symbol: str
    """Of the parameter: `w5`, `b_h1`."""
    manual: float
    central: float
    central_error: float
    autograd: float | None = None

    @property
    def autograd_difference(self) -> Difference | None:
        """From manual to autograd."""
        return None if self.autograd is None else difference(self.manual, self.autograd)

    @property
    def central_difference(self) -> Difference:
        """From manual to central."""
        return difference(self.manual, self.central)

    @property
    def autograd_agrees(self) -> bool | None:
        """Whether torch gives the same number, apart from rounding; None until it has answered."""
        apart = self.autograd_difference
        if apart is None:
            return None
        return apart.relative <= AUTOGRAD_RELATIVE_TOLERANCE or apart.absolute <= 1e-15

    @property
    def central_agrees(self) -> bool:
        """Whether the central difference is as close as its own error allows."""
        allowed = CENTRAL_TOLERANCE * max(1.0, abs(self.manual)) + self.central_error
        return self.central_difference.absolute <= allowed

    def with_autograd(self, value: float) -> GradientRow:
        """The same row with torch's answer."""
        return replace(self, autograd=value)


def manual_gradients(
    network: DenseNetwork, x: Sequence[float] | Array, target: Sequence[float] | Array
) -> Gradients:
    """Back-propagation written out, in float64."""
    return network.backward(network.forward(x), target).gradients


def autograd_gradients(
    network: DenseNetwork, x: Sequence[float] | Array, target: Sequence[float] | Array
) -> Gradients:
    """torch's gradients of the same loss in float64. Imports torch, which takes seconds once."""
    import torch

    from engine.network import LOSS

    W = [torch.tensor(part, dtype=torch.float64, requires_grad=True) for part in network.W]
    b = [torch.tensor(part, dtype=torch.float64, requires_grad=True) for part in network.b]
    a = torch.tensor(np.asarray(x, dtype=np.float64))
    for weight, bias, f in zip(W, b, network.activations, strict=True):
        a = f.torch_function()(weight @ a + bias)
    loss = LOSS.torch_function()(a, torch.tensor(np.asarray(target, dtype=np.float64)))
    found = torch.autograd.grad(loss, [*W, *b])
    arrays = [np.asarray(gradient.numpy(), dtype=np.float64) for gradient in found]
    return Gradients(tuple(arrays[: len(W)]), tuple(arrays[len(W) :]))


def central_gradients(
    network: DenseNetwork, x: Sequence[float] | Array, target: Sequence[float] | Array
) -> CentralGradients:
    """(E(p + h) − E(p − h)) / 2h for every parameter, and an estimate of its error.

    The step is h = 2⁻¹⁷ ≈ 8·10⁻⁶, divided by the input of the weight where that is larger than 1,
    so that z moves by at most that much.
    """
    passed = network.forward(x)
    found: list[tuple[list[Array], list[Array]]] = []
    for layer, (W, b) in enumerate(zip(network.W, network.b, strict=True)):
        inputs = np.abs(passed.a[layer])
        dW = np.zeros((2, *W.shape))
        db = np.zeros((2, *b.shape))
        for i, j in np.ndindex(*W.shape):
            dW[:, i, j] = _central(network, x, target, layer, (i, j), float(inputs[j]))
        for i in range(b.size):
            db[:, i] = _central(network, x, target, layer, (i,), 1.0)
        found.append(([dW[0], db[0]], [dW[1], db[1]]))
    gradients, errors = (
        Gradients(tuple(pair[part][0] for pair in found), tuple(pair[part][1] for pair in found))
        for part in (0, 1)
    )
    return CentralGradients(gradients, errors)


def _central(
    network: DenseNetwork,
    x: Sequence[float] | Array,
    target: Sequence[float] | Array,
    layer: int,
    place: tuple[int, ...],
    scale: float,
) -> tuple[float, float]:
    """The central difference of one parameter and its error; `place` has 2 indices in W, 1 in b."""
    parameter = float((network.W if len(place) == 2 else network.b)[layer][place])
    # At least 2^20 steps of float64, so that p + h is not lost in rounding for a huge p.
    wanted = max(_STEP / max(1.0, scale), float(np.spacing(abs(parameter))) * 2**20)

    def slope(step: float) -> tuple[float, float]:
        above, below = parameter + step, parameter - step
        E_above = _changed(network, layer, place, above).loss(x, target)
        E_below = _changed(network, layer, place, below).loss(x, target)
        width = above - below
        return (E_above - E_below) / width, 8 * EPSILON * max(E_above, E_below) / width

    with np.errstate(over="ignore", invalid="ignore"):
        value, rounding = slope(wanted)
        return value, abs(value - slope(2 * wanted)[0]) + rounding


def _changed(
    network: DenseNetwork, layer: int, place: tuple[int, ...], value: float
) -> DenseNetwork:
    parts = list(network.W if len(place) == 2 else network.b)
    part = parts[layer].copy()
    part[place] = value
    parts[layer] = part
    if len(place) == 2:
        return replace(network, W=tuple(parts))
    return replace(network, b=tuple(parts))


def difference(a: float, b: float) -> Difference:
    """How far apart `a` and `b` are; both must be finite."""
    largest = max(abs(a), abs(b))
    return Difference(abs(a - b), abs(a - b) / largest if largest else 0.0, ulps_between(a, b))


def ulps_between(a: float, b: float) -> int:
    """How many steps from one float64 to the next it takes to get from `a` to `b`."""

    def rank(value: float) -> int:
        bits = int(np.float64(abs(value)).view(np.int64))
        return -bits if value < 0 else bits

    return abs(rank(a) - rank(b))


def max_abs_difference(a: Gradients, b: Gradients) -> float:
    """The largest |a − b| over all parameters."""
    return float(np.abs(a.flat() - b.flat()).max())


def gradient_rows(
    network: DenseNetwork,
    x: Sequence[float] | Array,
    target: Sequence[float] | Array,
    autograd: Gradients | None = None,
) -> tuple[GradientRow, ...]:
    """One row per parameter, layer by layer, the weights of a layer before its biases."""
    manual = manual_gradients(network, x, target).flat()
    central = central_gradients(network, x, target)
    columns = zip(
        _parameter_names(network), manual, central.gradients.flat(), central.errors.flat(),
        strict=True,
    )  # fmt: skip
    rows = [GradientRow(name, float(m), float(c), float(e)) for name, m, c, e in columns]
    if autograd is None:
        return tuple(rows)
    found = autograd.flat()
    return tuple(row.with_autograd(float(a)) for row, a in zip(rows, found, strict=True))


def _parameter_names(network: DenseNetwork) -> Iterator[str]:
    names = Names(network.widths, network.bias_mode is BiasMode.SHARED)
    for layer, (W, b) in enumerate(zip(network.W, network.b, strict=True)):
        yield from (names.weight(layer, i, j) for i, j in np.ndindex(*W.shape))
        yield from (names.bias(layer, i) for i in range(b.size))


def units_at_kink(network: DenseNetwork, x: Sequence[float] | Array) -> tuple[Unit, ...]:
    """Units whose z is so close to a kink of their activation that central differences cross it."""
    z = network.forward(x).z
    return tuple(
        (layer + 1, i)
        for layer, f in enumerate(network.activations)
        if f.has_kink
        for i, value in enumerate(z[layer])
        if abs(value) <= 4 * _STEP
    )

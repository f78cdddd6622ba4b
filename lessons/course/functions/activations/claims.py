"""Programs that show sentences of `functions/activations` to be true."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

import numpy as np

from engine.activations import Array, activation
from engine.labs.activations import Choice, rows
from lessons.course.functions.activations.mistakes import faulty_relu_gradient, relu_gradient
from lessons.course.functions.activations.values import lowest_at, slope_at, value_at
from lessons.proof.claims import Claim

_Z: Array = np.linspace(-12.0, 12.0, 2401)


def layers_collapse() -> bool:
    """Three layers without activation compute what one layer of the right weights computes."""
    rng = np.random.default_rng(0)
    layers = [(rng.normal(size=(4, 4)), rng.normal(size=4)) for _ in range(3)]
    x = rng.normal(size=(20, 4))
    a, weight, bias = x, np.eye(4), np.zeros(4)
    for W, b in layers:
        a, weight, bias = a @ W + b, weight @ W, bias @ W + b
    return bool(np.allclose(a, x @ weight + bias))


def sigmoid_rounds() -> bool:
    """torch.sigmoid in float32: exactly 1 at 17, 20 and 50, below 1 at 16."""
    import torch

    found = torch.sigmoid(torch.tensor([16.0, 17.0, 20.0, 50.0]))
    return bool(found[0] < 1) and bool((found[1:] == 1).all())


def sigmoid_steepest() -> bool:
    """The slope of the sigmoid grows up to z = 0 and falls from there on."""
    slopes = activation("sigmoid").derivative(_Z)
    steps = np.diff(slopes)
    return bool((steps[_Z[1:] <= 0] > 0).all() and (steps[_Z[:-1] >= 0] < 0).all())


def chain_shrinks() -> bool:
    """Autograd through eight sigmoid units in a chain, weights 1, each at z = 0: 0.25 to the 8."""
    import torch

    x = torch.zeros((), dtype=torch.float64, requires_grad=True)
    a = x
    for place in range(8):
        # The bias keeps each z at 0: the unit before it gives one half.
        a = torch.sigmoid(a - (0.5 if place else 0.0))
    (slope,) = torch.autograd.grad(a, x)
    return math.isclose(float(slope), 0.25**8)


def tanh_steeper() -> bool:
    """tanh' is above σ' for |z| up to 1.6, and below it from 1.7 on."""
    above = activation("tanh").derivative(_Z) > activation("sigmoid").derivative(_Z)
    return bool(above[np.abs(_Z) <= 1.6].all() and not above[np.abs(_Z) >= 1.7].any())


def relu_torch() -> bool:
    """Autograd of torch.relu at 0 gives 0, as does the program's own ReLU."""
    import torch

    z = torch.zeros((), requires_grad=True)
    (slope,) = torch.autograd.grad(torch.relu(z), z)
    return float(slope) == 0.0 == slope_at("relu", 0.0)


def gradcheck_kink() -> bool:
    """Autograd of ReLU less central differences: 0.5 at 0 for three steps h, next to 0 at 1."""
    import torch

    def off(at: float, h: float) -> float:
        z = torch.tensor(at, dtype=torch.float64, requires_grad=True)
        (slope,) = torch.autograd.grad(torch.relu(z), z)
        central = (torch.relu(z + h) - torch.relu(z - h)) / (2 * h)
        return abs(slope.item() - central.item())

    steps = (1e-1, 1e-3, 1e-6)
    return all(math.isclose(off(0.0, h), 0.5) and off(1.0, h) < 1e-8 for h in steps)


def masks_differ() -> bool:
    """Weights that start at 0: one mask gives no gradient, the other one gives some."""
    rng = np.random.default_rng(0)
    X, W, G = rng.normal(size=(5, 3)), np.zeros((3, 2)), rng.normal(size=(5, 2))
    return not relu_gradient(X, W, G).any() and bool(faulty_relu_gradient(X, W, G).all())


def stays_dead() -> bool:
    """The unit of the question after ten updates with each of eight rates: nothing has moved."""
    import torch

    x = torch.tensor([0.5, 1.0, 1.5, 2.0])
    for power in range(-3, 5):
        w, b = torch.tensor(1.0, requires_grad=True), torch.tensor(-3.0, requires_grad=True)
        for _ in range(10):
            loss = (0.5 * (torch.relu(w * x + b) - 1) ** 2).mean()
            slopes = torch.autograd.grad(loss, (w, b))
            with torch.no_grad():
                w -= 10.0**power * slopes[0]
                b -= 10.0**power * slopes[1]
        if (w.item(), b.item()) != (1.0, -3.0):
            return False
    return True


def zeros_multiplied() -> bool:
    """A row of zeros times a matrix that holds inf: the product is nan, so 0 · inf was computed."""
    import torch

    found = torch.zeros(1, 3) @ torch.full((3, 2), math.inf)
    return bool(found.isnan().all())


def leaky_default() -> bool:
    """torch.nn.LeakyReLU and functional.leaky_relu have the slope 0.01 by default."""
    import torch
    from torch import nn
    from torch.nn import functional

    by_function = functional.leaky_relu(torch.tensor(-1.0))
    return nn.LeakyReLU().negative_slope == 0.01 and math.isclose(by_function, -0.01, rel_tol=1e-6)


def selu_keeps() -> bool:
    """Ten layers of 100: SELU keeps mean and variance near 0 and 1; ReLU's variance falls."""
    import torch

    found = {}
    for f in (torch.selu, torch.relu):
        generator = torch.Generator().manual_seed(0)
        a = torch.randn(100, 100, generator=generator)
        for _ in range(10):
            a = f(a @ (torch.randn(100, 100, generator=generator) / math.sqrt(100)))
        found[f] = float(a.mean()), float(a.var())
    mean, variance = found[torch.selu]
    return abs(mean) < 0.1 and 0.8 < variance < 1.2 and found[torch.relu][1] < 0.01


def softplus_gap() -> bool:
    """Softplus less ReLU, from −12 to 12: largest at z = 0."""
    gap = activation("softplus").value(_Z) - activation("relu").value(_Z)
    return float(_Z[gap.argmax()]) == 0.0 and math.isclose(gap.max(), math.log(2))


def softplus_float32() -> bool:
    """softplus(−200) by PyTorch: 0.0 in float32, above 0 in float64."""
    import torch
    from torch.nn import functional

    z = torch.tensor(-200.0)
    return float(functional.softplus(z)) == 0.0 < float(functional.softplus(z.double()))


def silu_valley() -> bool:
    """The slope of SiLU is below 0 left of its lowest place, above 0 right of it; SiLU(−12) ≈ 0."""
    slopes, at = activation("silu").derivative(_Z), lowest_at("silu")
    shape = bool((slopes[at + 0.01 < _Z] > 0).all() and (slopes[at - 0.01 > _Z] < 0).all())
    return shape and -1e-4 < value_at("silu", -12.0) < 0


def gelu_nearer() -> bool:
    """The farthest that GELU is from ReLU: less than for SiLU, and at no z is it farther."""
    relu = activation("relu").value(_Z)
    gelu, silu = (np.abs(activation(name).value(_Z) - relu) for name in ("gelu", "silu"))
    return bool((gelu <= silu + 1e-15).all() and gelu.max() < 0.7 * silu.max())


def gelu_tanh() -> bool:
    """GELU by PyTorch, with Φ and with tanh, at 20 001 places from −10 to 10."""
    import torch
    from torch import nn

    z = torch.linspace(-10, 10, 20_001, dtype=torch.float64)
    exact = z * torch.special.ndtr(z)
    by_default, by_tanh = nn.GELU()(z), nn.GELU(approximate="tanh")(z)
    off = float((by_tanh - exact).abs().max())
    return bool((by_default - exact).abs().max() < 1e-14) and 1e-4 < off < 5e-4


def one_flat_place() -> bool:
    """The slopes of GELU and SiLU from −12 to 12: never 0, and one change of sign."""
    for name in ("gelu", "silu"):
        slopes = activation(name).derivative(_Z)
        if (slopes == 0).any() or np.count_nonzero(np.diff(np.sign(slopes))) != 1:
            return False
    return True


def lab_saturates() -> bool:
    """The lab with s = 1, 2 … 1000: shares of sigmoid and tanh grow, those of ReLU do not move."""
    found = [
        {row.name: row for row in rows(Choice(spread=spread))}
        for spread in (1.0, 2.0, 5.0, 20.0, 100.0, 1000.0)
    ]
    growing = all(
        one[name].saturated < other[name].saturated
        for one, other in pairwise(found)
        for name in ("sigmoid", "tanh")
    )
    return growing and len({(at["relu"].saturated, at["relu"].dead) for at in found}) == 1


def lab_valley() -> bool:
    """The lab as it starts, with GELU and SiLU: 1 to 3 % saturated, at z from −1.4 to −0.7."""
    choice = replace(Choice(), names=("gelu", "silu"))
    few = all(0.01 < row.saturated < 0.03 and row.dead == 0 for row in rows(choice))
    near = _Z[np.abs(_Z) < 2.5]
    flat = [near[np.abs(activation(name).derivative(near)) < 0.01] for name in choice.names]
    return few and all(len(z) and z.min() > -1.4 and z.max() < -0.7 for z in flat)


CLAIMS: Mapping[str, Claim] = {
    "layers-collapse": layers_collapse,
    "sigmoid-rounds": sigmoid_rounds,
    "sigmoid-steepest": sigmoid_steepest,
    "chain-shrinks": chain_shrinks,
    "tanh-steeper": tanh_steeper,
    "relu-torch": relu_torch,
    "gradcheck-kink": gradcheck_kink,
    "masks-differ": masks_differ,
    "stays-dead": stays_dead,
    "zeros-multiplied": zeros_multiplied,
    "leaky-default": leaky_default,
    "selu-keeps": selu_keeps,
    "softplus-gap": softplus_gap,
    "softplus-float32": softplus_float32,
    "silu-valley": silu_valley,
    "gelu-nearer": gelu_nearer,
    "gelu-tanh": gelu_tanh,
    "one-flat-place": one_flat_place,
    "lab-saturates": lab_saturates,
    "lab-valley": lab_valley,
}

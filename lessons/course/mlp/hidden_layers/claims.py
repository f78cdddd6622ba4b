"""Programs that show sentences of `mlp/hidden-layers` to be true."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING

from lessons.course.mlp.hidden_layers.facts import XOR, _trained
from lessons.proof.claims import Claim

if TYPE_CHECKING:
    import torch

    from engine.playground.run import Run


def three_of_four() -> bool:
    """Lines with many slopes and biases: the most samples of XOR that one gets right."""
    numbers = [step / 4 for step in range(-8, 9)]

    def right(w1: float, w2: float, b: float) -> int:
        return sum((w1 * x1 + w2 * x2 + b > 0) == bool(y) for x1, x2, y in XOR)

    return max(right(*line) for line in product(numbers, repeat=3)) == 3


def computes_xor() -> bool:
    """The output of the network by hand for the four samples."""
    import torch

    from lessons.course.mlp.hidden_layers.programs import hidden_then_output

    return all(float(hidden_then_output(torch.tensor([x1, x2]))[1]) == y for x1, x2, y in XOR)


def collapse() -> bool:
    """Two random layers and the product of their weights: without activation, and with ReLU."""
    import torch

    made = torch.Generator().manual_seed(0)
    X, W1, b1, W2, b2 = (
        torch.randn(shape, generator=made, dtype=torch.float64)
        for shape in ((5, 4), (4, 6), (6,), (6, 3), (3,))
    )
    one = X @ (W1 @ W2) + (b1 @ W2 + b2)
    plain, bent = (X @ W1 + b1) @ W2 + b2, (X @ W1 + b1).relu() @ W2 + b2
    return float((plain - one).abs().max()) < 1e-12 and float((bent - one).abs().max()) > 0.1


def row_repeated() -> bool:
    """A matrix plus a row, and plus a matrix of equal rows."""
    import torch

    made = torch.Generator().manual_seed(0)
    Z, b = torch.randn(5, 3, generator=made), torch.randn(3, generator=made)
    return torch.equal(Z + b, Z + torch.ones(5, 1) * b)


def weight_shape() -> bool:
    """The shape of the weight of nn.Linear(784, 256)."""
    import torch

    return torch.nn.Linear(784, 256).weight.shape == (256, 784)


def relatives_of_relu() -> bool:
    """GELU and SiLU at −20 and 20."""
    import torch

    functions = (torch.nn.functional.gelu, torch.nn.functional.silu)
    z = torch.tensor([-20.0, 20.0])
    return all(torch.allclose(function(z), z.clamp(min=0), atol=1e-6) for function in functions)


def _loss_with(function: Callable[[torch.Tensor], torch.Tensor], w: torch.Tensor) -> torch.Tensor:
    """The mean loss of four hidden units; the sum of one of them is −100."""
    import torch

    z = torch.tensor([[0.5, -1.0, 2.0, -100.0]]) * w
    return (function(z).sum() - 1) ** 2


def nan_loss() -> bool:
    """The loss of a network in which tanh, as it is written, gets −100 in one unit."""
    import torch

    from lessons.course.mlp.hidden_layers.programs import tanh

    return bool(_loss_with(tanh, torch.ones(4)).isnan())


def tanh_right_side() -> bool:
    """The function tanh in float32: nan at −45, and right at −44, 45 and 1000."""
    import torch

    from lessons.course.mlp.hidden_layers.programs import tanh

    z = torch.tensor([-44.0, 45.0, 1000.0])
    return bool(tanh(torch.tensor(-45.0)).isnan()) and torch.allclose(tanh(z), torch.tanh(z))


def nan_spreads() -> bool:
    """An update with the sigmoid as it is written: the loss before is a number, the next is not."""
    import torch

    from lessons.course.mlp.hidden_layers.programs import sigmoid

    w = torch.ones(4, requires_grad=True)
    before = _loss_with(sigmoid, w)
    (gradient,) = torch.autograd.grad(before, w)
    after = _loss_with(sigmoid, w.detach() - 0.1 * gradient)
    return bool(before.isfinite() and gradient[3].isnan() and after.isnan())


def torch_is_stable() -> bool:
    """Values and slopes of four functions from −1000 to 1000, beside float64."""
    import torch

    from lessons.course.mlp.hidden_layers.programs import stable_sigmoid, stable_tanh

    def found(function: Callable[[torch.Tensor], torch.Tensor], kind: torch.dtype) -> torch.Tensor:
        z = torch.tensor([-1000.0, -100.0, -1.0, 0.5, 100.0, 1000.0], dtype=kind)
        z.requires_grad_()
        value = function(z)
        (slope,) = torch.autograd.grad(value.sum(), z)
        return torch.stack((value.detach(), slope)).double()

    pairs = (
        (torch.sigmoid, torch.sigmoid), (torch.tanh, torch.tanh),
        (stable_sigmoid, torch.sigmoid), (stable_tanh, torch.tanh),
    )  # fmt: skip
    return all(
        torch.allclose(found(one, torch.float32), found(other, torch.float64), atol=1e-6)
        for one, other in pairs
    )


def slopes_at_zero() -> bool:
    """The slopes at 0 of torch.maximum(z, 0) and of torch.relu."""
    import torch

    from lessons.course.mlp.hidden_layers.programs import relu

    z = torch.zeros(1, requires_grad=True)
    slopes = [float(torch.autograd.grad(f(z).sum(), z)[0]) for f in (relu, torch.relu)]
    return slopes == [0.5, 0.0]


def zero_sums() -> bool:
    """Gradients of first weights that are 0, with maximum and with torch.relu."""
    import torch

    from lessons.course.mlp.hidden_layers.programs import XOR_X, XOR_Y, relu

    def moves(function: Callable[[torch.Tensor], torch.Tensor]) -> bool:
        W1 = torch.zeros(2, 3, requires_grad=True)
        loss = (function(XOR_X @ W1) @ torch.ones(3, 1) - 2 * XOR_Y).pow(2).sum()
        return bool(torch.autograd.grad(loss, W1)[0].any())

    return moves(relu) and not moves(torch.relu)


def _right(kind: str) -> int:
    """How many samples of XOR the trained network gets right."""
    import torch

    from lessons.course.mlp.hidden_layers.programs import XOR_X, XOR_Y, start, xor_loss

    params = start(kind)
    for _ in range(300):
        gradients = torch.autograd.grad(xor_loss(params), params)
        with torch.no_grad():
            for param, gradient in zip(params, gradients, strict=True):
                param -= gradient
    W1, B1, W2, B2 = params
    scores = torch.tanh(XOR_X.double() @ W1 + B1) @ W2 + B2
    return int(((scores > 0) == (XOR_Y > 0)).sum())


def equal_not_enough() -> bool:
    """XOR from equal weights: fewer than four right, and units that are exactly equal."""
    return _right("equal") < 4 and _trained("equal")[1] == 0


def random_is_right() -> bool:
    """XOR from random weights: four right, and a loss far below ln 2."""
    return _right("random") == 4 and _trained("random")[0] < math.log(2) / 10


@lru_cache(maxsize=8)
def played(layers: str, start: str) -> Run:
    """The lab after a hundred epochs."""
    from engine.playground.run import Run
    from engine.playground.settings import parse

    run = Run(parse(f"data=xor layers={layers} noise=0 start={start}"))
    for _epoch in range(100):
        run.forward_epoch()
    return run


def _playground(layers: str, start: str = "random") -> float:
    """The share of training samples that is right after a hundred epochs of the lab."""
    share = played(layers, start).frame.now.train_accuracy
    assert share is not None
    return share


def playground_without() -> bool:
    """The lab trained for a hundred epochs without a hidden layer."""
    return 0.5 <= _playground("0") < 0.66


def playground_with() -> bool:
    """The lab trained for a hundred epochs with four hidden units."""
    return _playground("4") >= 0.97


def play_equal() -> bool:
    """The lab from equal weights: the share that is right, and units that are exactly equal."""
    run = played("4", "equal")
    weights, biases = run.model.shape.layers(run.state.flat)[0]
    same = bool((weights == weights[0]).all() and (biases == biases[0]).all())
    return same and 0.7 < _playground("4", "equal") < 0.8


def play_zero() -> bool:
    """The lab from zero: all parameters but the last bias are 0, and hardly half is right."""
    flat = played("4", "zero").state.flat
    still = not flat[:-1].any() and flat[-1] != 0
    return bool(still and _playground("4", "zero") < 0.6)


CLAIMS: Mapping[str, Claim] = {
    "three-of-four": three_of_four,
    "computes-xor": computes_xor,
    "collapse": collapse,
    "row-repeated": row_repeated,
    "weight-shape": weight_shape,
    "relatives-of-relu": relatives_of_relu,
    "nan-loss": nan_loss,
    "tanh-right-side": tanh_right_side,
    "nan-spreads": nan_spreads,
    "torch-is-stable": torch_is_stable,
    "slopes-at-zero": slopes_at_zero,
    "zero-sums": zero_sums,
    "equal-not-enough": equal_not_enough,
    "random-is-right": random_is_right,
    "playground-without": playground_without,
    "playground-with": playground_with,
    "play-equal": play_equal,
    "play-zero": play_zero,
}

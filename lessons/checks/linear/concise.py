"""The derivation of `linear/concise`, and what its questions are proved by."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from itertools import islice, permutations
from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np

from lessons.checks.base import Array, CheckBook, DerivationCheck, Derivative, Draw, Line

if TYPE_CHECKING:
    import torch

SAMPLES, FEATURES, J = 6, 3, 1
"""A mini-batch of six samples; the gradient is that of the second weight."""
STEPS = 500


def _draw(rng: np.random.Generator) -> Draw:
    """A mini-batch, and parameters that do not fit it."""
    return Draw(
        X=rng.normal(1, 1, size=(SAMPLES, FEATURES)),
        y=rng.normal(size=SAMPLES),
        w=rng.uniform(0.5, 2, size=FEATURES),
        b=np.array(rng.uniform(0.5, 2)),
    )


def _squares(t: SimpleNamespace) -> torch.Tensor:
    """What `nn.MSELoss` computes: the mean of the squared errors."""
    from torch.nn.functional import mse_loss

    return mse_loss(t.X @ t.w + t.b, t.y)


def _half_squares(t: SimpleNamespace) -> torch.Tensor:
    """The loss of the version from scratch, by the functions of its recipe."""
    from engine.recipes.linear import linreg, squared_loss

    return squared_loss(linreg(t.X, t.w, t.b), t.y).mean()


def _entry(gradient: Array, _: Draw) -> Array:
    return gradient[..., J]


def _terms(d: Draw) -> list[float]:
    """(ŷ − y) x_j of every sample, one after the other."""
    return [
        float((sum(x * w for x, w in zip(row, d.w, strict=True)) + d.b - label) * row[J])
        for row, label in zip(d.X, d.y, strict=True)
    ]


def _slope(of: Callable[[SimpleNamespace], torch.Tensor], d: Draw) -> float:
    from lessons.checks.prove import by_autograd

    return float(by_autograd(of, "w", d)[J])


MSE_SLOPE = DerivationCheck(
    draw=_draw,
    left=Derivative(_squares, at="w", pick=_entry),
    lines=(
        Line(
            # The definition, differentiated as it is written.
            value=lambda d: _slope(lambda t: ((t.X @ t.w + t.b - t.y) ** 2).sum() / SAMPLES, d),
            wrong=(
                lambda d: _slope(lambda t: ((t.X @ t.w + t.b - t.y) ** 2).sum(), d),
                lambda d: _slope(lambda t: ((t.X @ t.w - t.y) ** 2).sum() / SAMPLES, d),
            ),
        ),
        Line(
            value=lambda d: sum(2 * term for term in _terms(d)) / SAMPLES,
            wrong=(
                lambda d: sum(_terms(d)) / SAMPLES,
                lambda d: -sum(2 * term for term in _terms(d)) / SAMPLES,
            ),
        ),
        Line(
            value=lambda d: 2 * (sum(_terms(d)) / SAMPLES),
            wrong=(lambda d: 2 * sum(_terms(d)), lambda d: 2 * (sum(_terms(d)) / SAMPLES) ** 2),
        ),
        Line(
            value=lambda d: 2 * _slope(_half_squares, d),
            wrong=(lambda d: _slope(_half_squares, d), lambda d: 0.5 * _slope(_half_squares, d)),
        ),
    ),
)


def weight_shape() -> tuple[int, ...]:
    """The shape of the weight of the recipe's own model for 2 features."""
    from engine.recipes.linear_concise import make_net
    from engine.recipes.modules import linears

    (layer,) = linears(make_net(2))
    return tuple(layer.weight.shape)


def batches_of_loader(samples: int, batch: int) -> float:
    """How many batches the recipe's own loader gives."""
    import torch

    from engine.recipes.linear_concise import loader

    generator = torch.Generator().manual_seed(0)
    return float(len(loader(torch.zeros(samples, 2), torch.zeros(samples), batch, generator)))


def working_order() -> tuple[int, ...]:
    """The one order of forward, loss, backward and step that makes the update from scratch."""
    found = [order for order in permutations(range(4)) if _updates_rightly(order)]
    assert len(found) == 1
    return found[0]


def _updates_rightly(order: tuple[int, ...]) -> bool:
    import torch

    from engine.recipes.linear import synthetic_data, update
    from engine.recipes.linear_concise import loss_fn, make_net

    X, y = synthetic_data(torch.tensor([2.0, 3.4]), 4.2, 10, torch.Generator().manual_seed(0))
    net = make_net(2)
    w = torch.zeros(2, requires_grad=True)
    b = torch.zeros((), requires_grad=True)
    for parameter in net.parameters():
        torch.nn.init.zeros_(parameter)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.03)
    made: dict[str, torch.Tensor] = {}

    def forward() -> None:
        made["y_hat"] = net(X).squeeze(1)

    def loss() -> None:
        made["loss"] = loss_fn(made["y_hat"], y) / 2

    def backward() -> None:
        made["loss"].backward()

    def step() -> None:
        optimizer.step()

    lines = (forward, loss, backward, step)
    try:
        for place in order:
            lines[place]()
    except KeyError:  # a line before the one that it needs
        return False
    update(X, y, w, b, 0.03)
    return bool(torch.allclose(next(net.parameters()).detach().flatten(), w.detach()))


def learned_when_cleared_early() -> int:
    """The option that describes a program whose gradients are cleared before the step."""
    import torch

    from engine.recipes.linear import synthetic_data
    from engine.recipes.linear_concise import half_mse, make_net

    X, y = synthetic_data(torch.tensor([2.0, 3.4]), 4.2, 100, torch.Generator().manual_seed(0))
    net = make_net(2)
    before = [parameter.detach().clone() for parameter in net.parameters()]
    optimizer = torch.optim.SGD(net.parameters(), lr=0.03)
    for _ in range(20):
        half_mse(net, X, y).backward()
        optimizer.zero_grad()
        optimizer.step()
    moved = any(
        not torch.equal(old, new) for old, new in zip(before, net.parameters(), strict=True)
    )
    return 0 if moved else 1


@lru_cache(maxsize=1)
def lockstep_difference() -> float:
    """The largest difference of a parameter over 500 updates of both recipes, in 64 bits."""
    from engine.training.lockstep import load_lockstep
    from engine.training.task import Source

    pair = load_lockstep(["linear", "linear-concise"], {}, Source("cpu"))
    return max(step.gap.difference for step in islice(pair.run(), STEPS))


def lockstep_option() -> int:
    """The option that describes it: no difference or rounding, a slow growth, a factor 2."""
    largest = lockstep_difference()
    return 0 if largest < 1e-12 else 1 if largest < 1e-2 else 2


BOOK = CheckBook("linear", derivations={"mse_slope": MSE_SLOPE})

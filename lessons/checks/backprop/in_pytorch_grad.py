"""The checks of `backprop/in-pytorch` that prove what backward() adds up to in `grad`."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np

from lessons.checks.base import Array, CheckBook, DerivationCheck, Draw, Line
from lessons.checks.prove import by_autograd

if TYPE_CHECKING:
    import torch


def _two_samples(rng: np.random.Generator) -> Draw:
    """One unit without a bias, two samples, a learning rate."""
    return Draw(
        w=rng.normal(size=3),
        x1=rng.normal(size=3),
        x2=rng.normal(size=3),
        y1=float(rng.normal()),
        y2=float(rng.normal()),
        eta=float(rng.uniform(0.2, 0.5)),
    )


def _first(t: SimpleNamespace) -> torch.Tensor:
    loss: torch.Tensor = 0.5 * (t.w @ t.x1 - t.y1) ** 2
    return loss


def _second(t: SimpleNamespace) -> torch.Tensor:
    loss: torch.Tensor = 0.5 * (t.w @ t.x2 - t.y2) ** 2
    return loss


def _tensors(d: Draw) -> SimpleNamespace:
    """The draw as tensors, with w as a leaf that asks for a gradient."""
    import torch

    made = {
        name: torch.tensor(value) if isinstance(value, np.ndarray) else value
        for name, value in vars(d).items()
    }
    made["w"].requires_grad_()
    return SimpleNamespace(**made)


def _grad_after_two_calls(d: Draw) -> Array:
    """What `w.grad` holds after backward() of both losses, with no zeroing between."""
    t = _tensors(d)
    _first(t).backward()
    _second(t).backward()
    return np.asarray(t.w.grad.numpy())


ACCUMULATE = DerivationCheck(
    draw=_two_samples,
    left=_grad_after_two_calls,
    lines=(
        Line(
            value=lambda d: by_autograd(_first, "w", d) + by_autograd(_second, "w", d),
            # The last call only.
            wrong=(lambda d: by_autograd(_second, "w", d),),
        ),
        Line(
            value=lambda d: by_autograd(lambda t: _first(t) + _second(t), "w", d),
            # The mean of both.
            wrong=(lambda d: by_autograd(lambda t: 0.5 * (_first(t) + _second(t)), "w", d),),
        ),
    ),
)


def _two_stale_steps(d: Draw) -> Array:
    """w after two steps of torch's SGD on the first loss, zero_grad forgotten."""
    import torch

    t = _tensors(d)
    optimiser = torch.optim.SGD([t.w], lr=d.eta)
    for _ in range(2):
        _first(t).backward()
        optimiser.step()
    return np.asarray(t.w.detach().numpy())


def _gradient_at(d: Draw, w: Array) -> Array:
    """∂L/∂w of the first loss at w."""
    return by_autograd(_first, "w", Draw(**{**vars(d), "w": w}))


def _g0(d: Draw) -> Array:
    return _gradient_at(d, d.w)


def _g1(d: Draw) -> Array:
    """The gradient after the first step."""
    return _gradient_at(d, d.w - d.eta * _g0(d))


STALE_STEP = DerivationCheck(
    draw=_two_samples,
    left=_two_stale_steps,
    lines=(
        Line(
            value=lambda d: (d.w - d.eta * _g0(d)) - d.eta * (_g0(d) + _g1(d)),
            # What two right steps would give.
            wrong=(lambda d: (d.w - d.eta * _g0(d)) - d.eta * _g1(d),),
        ),
        Line(
            value=lambda d: d.w - 2 * d.eta * _g0(d) - d.eta * _g1(d),
            wrong=(lambda d: d.w - d.eta * _g0(d) - 2 * d.eta * _g1(d),),
        ),
    ),
)


BOOK = CheckBook(
    "backprop",
    derivations={"accumulate": ACCUMULATE, "stale_step": STALE_STEP},
)

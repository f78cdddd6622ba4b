"""The checks of `backprop/chain-rule`: fc1 and fc2 factor by factor, and two ways that add up."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np

from lessons.checks.base import (
    CheckBook,
    DerivationCheck,
    Derivative,
    Draw,
    Line,
    NumberCheck,
)
from lessons.checks.prove import by_autograd

if TYPE_CHECKING:
    import torch


def _with_parts(x: float, w: float, b: float) -> Draw:
    """x, w, b and every value on the way: u = −xw + b, v = e^u, s = 1 + v, fc1, fc2."""
    u = -x * w + b
    v = math.exp(u)
    s = 1 + v
    parts = {"x": x, "w": w, "b": b, "u": u, "v": v, "s": s, "fc1": 1 / s, "fc2": 2 / s + 1}
    return Draw(**{name: np.asarray(value) for name, value in parts.items()})


def _draw(rng: np.random.Generator) -> Draw:
    """Sizes from 0.5 to 2, so that no factor is near 0 or 1 by chance; signs at random."""
    x, w, b = rng.uniform(0.5, 2.0, size=3) * rng.choice([-1.0, 1.0], size=3)
    return _with_parts(float(x), float(w), float(b))


def _fc1(t: SimpleNamespace) -> torch.Tensor:
    found: torch.Tensor = 1 / ((-t.x * t.w + t.b).exp() + 1)
    return found


def _fc2(t: SimpleNamespace) -> torch.Tensor:
    return 2 * _fc1(t) + 1


# --- the factors ---------------------------------------------------------------------------

LOCAL_SLOPES = DerivationCheck(
    draw=_draw,
    left=Derivative(lambda t: 2 * t.fc1 + 1, at="fc1"),
    lines=(
        # The constant kept, where its derivative is 0.
        Line(value=lambda d: np.asarray(2.0), wrong=(lambda d: np.asarray(3.0),)),
        Line(
            left=Derivative(lambda t: 1 / t.s, at="s"),
            value=lambda d: -1 / d.s**2,
            wrong=(lambda d: 1 / d.s**2, lambda d: -1 / d.s),
        ),
        Line(
            left=Derivative(lambda t: 1 + t.v, at="v"),
            value=lambda d: np.asarray(1.0),
            wrong=(lambda d: 1 + d.v,),
        ),
        Line(
            left=Derivative(lambda t: t.u.exp(), at="u"),
            value=lambda d: np.exp(d.u),
            # The power rule, which does not hold where the exponent moves.
            wrong=(lambda d: d.u * np.exp(d.u - 1),),
        ),
        Line(
            left=Derivative(lambda t: -t.x * t.w + t.b, at="w"),
            value=lambda d: -d.x,
            wrong=(lambda d: d.x, lambda d: -d.w),
        ),
        Line(
            left=Derivative(lambda t: -t.x * t.w + t.b, at="b"),
            value=lambda d: np.asarray(1.0),
            wrong=(lambda d: np.asarray(-1.0), lambda d: d.b),
        ),
    ),
)


# --- the chain -----------------------------------------------------------------------------


def _chain(d: Draw, last: str, *, without: str = "") -> float:
    """The product of the five local derivatives, each by autograd; `without` leaves one out."""
    factors = {
        "fc1": by_autograd(lambda t: 2 * t.fc1 + 1, "fc1", d),
        "s": by_autograd(lambda t: 1 / t.s, "s", d),
        "v": by_autograd(lambda t: 1 + t.v, "v", d),
        "u": by_autograd(lambda t: t.u.exp(), "u", d),
        last: by_autograd(lambda t: -t.x * t.w + t.b, last, d),
    }
    return float(np.prod([value for name, value in factors.items() if name != without]))


CHAIN_W = DerivationCheck(
    draw=_draw,
    left=Derivative(_fc2, at="w"),
    lines=(
        Line(
            value=lambda d: _chain(d, "w"),
            # A link of the chain left out.
            wrong=(lambda d: _chain(d, "w", without="u"), lambda d: _chain(d, "w", without="s")),
        ),
        Line(
            value=lambda d: 2 * (-1 / d.s**2) * 1 * d.v * (-d.x),
            wrong=(lambda d: 2 * (-1 / d.s**2) * 1 * d.v * d.x,),
        ),
        Line(
            value=lambda d: 2 * d.x * d.v / d.s**2,
            wrong=(lambda d: -2 * d.x * d.v / d.s**2, lambda d: 2 * d.x / d.s**2),
        ),
        Line(
            value=lambda d: 2 * d.x * (1 / d.s) * (d.v / d.s),
            wrong=(lambda d: 2 * d.x * (1 / d.s) * d.v,),
        ),
        Line(
            value=lambda d: 2 * d.x * d.fc1 * (1 - d.fc1),
            # The outer factor forgotten: the derivative of fc1, not fc2.
            wrong=(lambda d: d.x * d.fc1 * (1 - d.fc1), lambda d: 2 * d.x * d.fc1),
        ),
    ),
)

CHAIN_B = DerivationCheck(
    draw=_draw,
    left=Derivative(_fc2, at="b"),
    lines=(
        Line(
            value=lambda d: _chain(d, "b"),
            wrong=(lambda d: _chain(d, "w"),),
        ),
        Line(
            value=lambda d: 2 * (-1 / d.s**2) * 1 * d.v * 1,
            wrong=(lambda d: 2 * (-1 / d.s**2) * 1 * d.v * d.b,),
        ),
        Line(
            value=lambda d: -2 * (1 / d.s) * (d.v / d.s),
            wrong=(lambda d: -2 * (1 / d.s) * d.v,),
        ),
        Line(
            value=lambda d: -2 * d.fc1 * (1 - d.fc1),
            # The sign that a bias inside of σ(wx + b) would have.
            wrong=(lambda d: 2 * d.fc1 * (1 - d.fc1),),
        ),
    ),
)


# --- one number used twice -----------------------------------------------------------------

TWO_WAYS = DerivationCheck(
    draw=_draw,
    left=Derivative(lambda t: _fc1(t) * t.w, at="w"),
    lines=(
        Line(
            value=lambda d: (
                by_autograd(lambda t: t.fc1 * t.w, "fc1", d) * by_autograd(_fc1, "w", d)
                + by_autograd(lambda t: t.fc1 * t.w, "w", d)
            ),
            # Only the way through fc1; the ways multiplied.
            wrong=(
                lambda d: by_autograd(lambda t: t.fc1 * t.w, "fc1", d) * by_autograd(_fc1, "w", d),
                lambda d: (
                    by_autograd(lambda t: t.fc1 * t.w, "fc1", d)
                    * by_autograd(_fc1, "w", d)
                    * by_autograd(lambda t: t.fc1 * t.w, "w", d)
                ),
            ),
        ),
        Line(
            value=lambda d: d.w * by_autograd(_fc1, "w", d) + d.fc1,
            wrong=(lambda d: d.fc1 * by_autograd(_fc1, "w", d) + d.w,),
        ),
        Line(
            value=lambda d: d.w * d.x * d.fc1 * (1 - d.fc1) + d.fc1,
            wrong=(lambda d: d.w * d.x * d.fc1 * (1 - d.fc1), lambda d: d.fc1),
        ),
    ),
)


# --- numbers and questions -----------------------------------------------------------------


def at_start() -> Draw:
    """The point of the lesson: x = 1, w = 0, b = 0."""
    return _with_parts(1.0, 0.0, 0.0)


def slope(of: str, at: str) -> float:
    """∂fc1 or ∂fc2 by w or b at the point of the lesson, by autograd."""
    return float(by_autograd(_fc1 if of == "fc1" else _fc2, at, at_start()))


def _by_u() -> float:
    """∂fc2/∂u at the point of the lesson, by autograd."""
    return float(by_autograd(lambda t: 2 / (t.u.exp() + 1) + 1, "u", at_start()))


def _by_fc1() -> float:
    return float(by_autograd(lambda t: 2 * t.fc1 + 1, "fc1", at_start()))


def twice() -> Draw:
    """Where the question about two ways stands: x = 1, w = 2, b = 0."""
    return _with_parts(1.0, 2.0, 0.0)


def twice_slope() -> float:
    """The slope of fc1 · w by w, both ways together, by autograd."""
    return float(by_autograd(lambda t: _fc1(t) * t.w, "w", twice()))


def through_fc1() -> float:
    """The part of that slope that comes through fc1."""
    d = twice()
    return float(d.w * by_autograd(_fc1, "w", d))


def which_is_kept() -> int:
    """Which of w, fc1 and fc2 has a gradient after backward() without retain_grad."""
    import torch

    w = torch.tensor(0.0, requires_grad=True)
    fc1 = 1 / (torch.exp(-1 * w) + 1)
    fc2 = 2 * fc1 + 1
    fc2.backward()
    return 0 if w.grad is not None and not (fc1.retains_grad or fc2.retains_grad) else 1


BOOK = CheckBook(
    "backprop",
    derivations={
        "local_slopes": LOCAL_SLOPES,
        "chain_w": CHAIN_W,
        "chain_b": CHAIN_B,
        "two_ways": TWO_WAYS,
    },
    numbers={
        "chain_fc1_at_2": NumberCheck(lambda: float(twice().fc1)),
        "chain_u": NumberCheck(lambda: float(at_start().u)),
        "chain_v": NumberCheck(lambda: float(at_start().v)),
        "chain_s": NumberCheck(lambda: float(at_start().s)),
        "chain_fc1": NumberCheck(lambda: float(at_start().fc1)),
        "chain_fc2": NumberCheck(lambda: float(at_start().fc2)),
        "chain_by_fc1": NumberCheck(_by_fc1),
        "chain_by_u": NumberCheck(_by_u),
        "chain_twice_fc1": NumberCheck(lambda: float(twice().fc1)),
    },
)

"""The checks of `backprop/chain-rule`: fc1 and fc2 factor by factor, and two ways that add up."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np

from lessons.checks.base import (
    CheckBook,
    ChoiceQuestion,
    DerivationCheck,
    Derivative,
    Draw,
    Hints,
    Line,
    NumberCheck,
    NumberQuestion,
    Option,
    Slip,
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


def _at_start() -> Draw:
    """The point of the lesson: x = 1, w = 0, b = 0."""
    return _with_parts(1.0, 0.0, 0.0)


def _slope(of: str, at: str) -> float:
    """∂fc1 or ∂fc2 by w or b at the point of the lesson, by autograd."""
    return float(by_autograd(_fc1 if of == "fc1" else _fc2, at, _at_start()))


def _by_u() -> float:
    """∂fc2/∂u at the point of the lesson, by autograd."""
    return float(by_autograd(lambda t: 2 / (t.u.exp() + 1) + 1, "u", _at_start()))


def _by_fc1() -> float:
    return float(by_autograd(lambda t: 2 * t.fc1 + 1, "fc1", _at_start()))


def _twice() -> Draw:
    """Where the question about two ways stands: x = 1, w = 2, b = 0."""
    return _with_parts(1.0, 2.0, 0.0)


def _twice_slope() -> float:
    return float(by_autograd(lambda t: _fc1(t) * t.w, "w", _twice()))


def _through_fc1() -> float:
    d = _twice()
    return float(d.w * by_autograd(_fc1, "w", d))


def _which_is_kept() -> int:
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
        "chain_fc1_at_2": NumberCheck(lambda: float(_twice().fc1)),
        "chain_u": NumberCheck(lambda: float(_at_start().u)),
        "chain_v": NumberCheck(lambda: float(_at_start().v)),
        "chain_s": NumberCheck(lambda: float(_at_start().s)),
        "chain_fc1": NumberCheck(lambda: float(_at_start().fc1)),
        "chain_fc2": NumberCheck(lambda: float(_at_start().fc2)),
        "chain_by_fc1": NumberCheck(_by_fc1),
        "chain_by_u": NumberCheck(_by_u),
        "chain_twice_fc1": NumberCheck(lambda: float(_twice().fc1)),
    },
    predicts={
        "chain_dw": NumberQuestion(
            answer=lambda: _slope("fc2", "w"),
            explanation=r"$2 \cdot 1 \cdot 0.5 \cdot (1 - 0.5)$.",
            slips=(
                Slip(
                    "outer-factor",
                    lambda: _slope("fc1", "w"),
                    r"That is $\partial\, \mathrm{fc}_1 / \partial w$. One link is missing: "
                    r"$\mathrm{fc}_2$ moves twice as fast as $\mathrm{fc}_1$.",
                    line=(
                        r"\frac{\partial\, \mathrm{fc}_2}{\partial w} = x\, \mathrm{fc}_1 (1 - "
                        r"\mathrm{fc}_1)"
                    ),
                    right=(
                        r"\frac{\partial\, \mathrm{fc}_2}{\partial w} = 2\, x\, \mathrm{fc}_1 (1 - "
                        r"\mathrm{fc}_1)"
                    ),
                ),
                Slip(
                    "sign",
                    lambda: -_slope("fc2", "w"),
                    r"The size is right. Two factors are negative, $-1/s^2$ and $-x$, so their "
                    "product is positive.",
                    line=(
                        r"\frac{\partial\, \mathrm{fc}_2}{\partial w} = -2\, x\, \mathrm{fc}_1 (1 "
                        r"- \mathrm{fc}_1)"
                    ),
                    right=(
                        r"\frac{\partial\, \mathrm{fc}_2}{\partial w} = 2\, x\, \mathrm{fc}_1 (1 - "
                        r"\mathrm{fc}_1)"
                    ),
                ),
                Slip(
                    "no-derivative",
                    lambda: 2 * float(_at_start().fc1),
                    r"You left out the factor $1 - \mathrm{fc}_1$, which comes from $v / s$.",
                    line=r"\frac{\partial\, \mathrm{fc}_2}{\partial w} = 2\, x\, \mathrm{fc}_1",
                    right=(
                        r"\frac{\partial\, \mathrm{fc}_2}{\partial w} = 2\, x\, \mathrm{fc}_1 (1 - "
                        r"\mathrm{fc}_1)"
                    ),
                ),
            ),
            hints=Hints(
                idea=(
                    "follow the links from $w$ to the result, and multiply how much each one moves "
                    "the next."
                ),
                formula=(
                    r"$\frac{\partial\, \mathrm{fc}_2}{\partial w} = 2\, x\, \mathrm{fc}_1 (1 - "
                    r"\mathrm{fc}_1)$"
                ),
                numbers="2 · 1 · 0.5 · (1 − 0.5)",
            ),
        ),
        "chain_db": NumberQuestion(
            answer=lambda: _slope("fc2", "b"),
            explanation=r"$-2 \cdot 0.5 \cdot (1 - 0.5)$: here a larger $b$ makes the result "
            "smaller.",
            slips=(
                Slip(
                    "sign",
                    lambda: -_slope("fc2", "b"),
                    r"The sign is wrong. $b$ stands in the exponent with a plus, so a larger $b$ "
                    r"makes $s$ larger and $1/s$ smaller.",
                    line=(
                        r"\frac{\partial\, \mathrm{fc}_2}{\partial b} = 2\, \mathrm{fc}_1 (1 - "
                        r"\mathrm{fc}_1)"
                    ),
                    right=(
                        r"\frac{\partial\, \mathrm{fc}_2}{\partial b} = -2\, \mathrm{fc}_1 (1 - "
                        r"\mathrm{fc}_1)"
                    ),
                ),
                Slip(
                    "outer-factor",
                    lambda: _slope("fc1", "b"),
                    r"That is $\partial\, \mathrm{fc}_1 / \partial b$. Multiply by the link from "
                    r"$\mathrm{fc}_1$ to $\mathrm{fc}_2$.",
                    line=(
                        r"\frac{\partial\, \mathrm{fc}_2}{\partial b} = -\mathrm{fc}_1 (1 - "
                        r"\mathrm{fc}_1)"
                    ),
                    right=(
                        r"\frac{\partial\, \mathrm{fc}_2}{\partial b} = -2\, \mathrm{fc}_1 (1 - "
                        r"\mathrm{fc}_1)"
                    ),
                ),
            ),
            hints=Hints(
                idea=(
                    "only the last link differs: where $w$ moved the exponent by $-x$, $b$ moves "
                    "it by 1."
                ),
                formula=(
                    r"$\frac{\partial\, \mathrm{fc}_2}{\partial b} = -2\, \mathrm{fc}_1 (1 - "
                    r"\mathrm{fc}_1)$"
                ),
                numbers="−2 · 0.5 · (1 − 0.5)",
            ),
        ),
        "chain_kept": ChoiceQuestion(
            options=(
                Option(
                    "Only `w.grad`.",
                    "`w` is a leaf: you made it, it was not computed. PyTorch uses the other "
                    "gradients on the way and then drops them.",
                    right=True,
                ),
                Option(
                    "`w.grad`, `fc1.grad` and `fc2.grad`.",
                    "All three are computed, and only that of the leaf `w` is kept. The others "
                    "would take memory that training does not need.",
                ),
                Option(
                    "`w.grad` and `fc2.grad`: the two ends of the walk.",
                    "The walk begins at `fc2`, but `fc2` is computed, too. Its gradient, 1, is "
                    "used and dropped like that of `fc1`.",
                ),
            ),
            proof=_which_is_kept,
        ),
        "chain_twice": NumberQuestion(
            answer=_twice_slope,
            explanation=r"$w x\, \mathrm{fc}_1 (1 - \mathrm{fc}_1) + \mathrm{fc}_1$: the two ways "
            "add up.",
            slips=(
                Slip(
                    "one-way-only",
                    _through_fc1,
                    r"That is the way through $\mathrm{fc}_1$ alone. $w$ is also a factor of $g$ "
                    "itself: add that way.",
                    line=(
                        r"\frac{\partial g}{\partial w} = w\, x\, \mathrm{fc}_1 (1 - \mathrm{fc}_1)"
                    ),
                    right=(
                        r"\frac{\partial g}{\partial w} = w\, x\, \mathrm{fc}_1 (1 - "
                        r"\mathrm{fc}_1) + \mathrm{fc}_1"
                    ),
                ),
                Slip(
                    "one-way-only",
                    lambda: float(_twice().fc1),
                    r"That is the direct way alone. $w$ moves $\mathrm{fc}_1$ as well: add that "
                    "way.",
                    line=r"\frac{\partial g}{\partial w} = \mathrm{fc}_1",
                    right=(
                        r"\frac{\partial g}{\partial w} = w\, x\, \mathrm{fc}_1 (1 - "
                        r"\mathrm{fc}_1) + \mathrm{fc}_1"
                    ),
                ),
            ),
            hints=Hints(
                idea="$w$ acts on $g$ in two ways, and ways add up.",
                formula=(
                    r"$\frac{\partial g}{\partial w} = w\, x\, \mathrm{fc}_1 (1 - \mathrm{fc}_1) + "
                    r"\mathrm{fc}_1$"
                ),
                numbers=(
                    "2 · 1 · [0.8808](number:chain_fc1_at_2) · (1 − "
                    "[0.8808](number:chain_fc1_at_2)) + [0.8808](number:chain_fc1_at_2)"
                ),
            ),
        ),
    },
)

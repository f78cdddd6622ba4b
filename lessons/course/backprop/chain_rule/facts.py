"""What the formulas of `backprop/chain-rule` speak of: two functions, step by step."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from engine.formulas.notation import Notation
from engine.formulas.proving import value_of
from engine.formulas.values import Value
from lessons.judge.values import Choice, Number, QuestionValues


def _away_from_0_and_1(rng: np.random.Generator, shape: tuple[int, ...]) -> Value:
    """Sizes from 0.5 to 2, with a sign, so that no factor is 0 by chance."""
    return np.asarray(rng.uniform(0.5, 2.0, size=shape) * rng.choice([-1.0, 1.0], size=shape))


NOTATION = (
    Notation()
    .drawn("x", make=_away_from_0_and_1)
    .drawn("w", make=_away_from_0_and_1)
    .drawn("b", make=_away_from_0_and_1)
    .defined("u = -xw + b", "")
    .defined("v = e^{u}", "")
    .defined("s = 1 + v", "")
    .defined(r"\mathrm{fc}_1 = \frac{1}{s}", "")
    .defined(r"\mathrm{fc}_2 = 2 \mathrm{fc}_1 + 1", "")
    .defined(r"g = \mathrm{fc}_1 \cdot w", "")
    .with_direct_partials()
)
"""∂ is the derivative of one step; d follows all ways through the graph."""


START = NOTATION.given(x=1, w=0, b=0)
"""The point of the lesson."""


TWICE = NOTATION.given(x=1, w=2, b=0).with_tolerance(1e-4)
"""Where the question about two ways stands."""


SCOPES = {
    "start": START,
    "chain_dw": START,
    "chain_db": START,
    "chain_twice": TWICE,
}


def _slope(of: str, at: str) -> float:
    """The slope of fc_1 or fc_2 by w or b at the point of the lesson, by autograd."""
    return value_of(rf"\frac{{d\, \mathrm{{{of}}}}}{{d{at}}}", START)


def which_is_kept() -> int:
    """Which of w, fc1 and fc2 has a gradient after backward() without retain_grad."""
    import torch

    w = torch.tensor(0.0, requires_grad=True)
    fc1 = 1 / (torch.exp(-1 * w) + 1)
    fc2 = 2 * fc1 + 1
    fc2.backward()
    return 0 if w.grad is not None and not (fc1.retains_grad or fc2.retains_grad) else 1


def _twice(latex: str) -> float:
    """A value where the question about two ways stands."""
    return value_of(latex, TWICE)


def number(latex: str, notation: Notation = START) -> Callable[[], float]:
    """The value of an expression at one of the two points of the lesson."""
    return lambda: value_of(latex, notation)


NUMBERS: Mapping[str, Callable[[], float]] = {
    "chain_by_fc1": number(r"\frac{\partial\, \mathrm{fc}_2}{\partial\, \mathrm{fc}_1}"),
    "chain_by_u": number(r"\frac{d\, \mathrm{fc}_2}{du}"),
    "chain_fc1": number(r"\mathrm{fc}_1"),
    "chain_fc2": number(r"\mathrm{fc}_2"),
    "chain_s": number("s"),
    "chain_twice_fc1": number(r"\mathrm{fc}_1", TWICE),
    "chain_twice_w": number("w", TWICE),
    "chain_twice_x": number("x", TWICE),
    "chain_u": number("u"),
    "chain_v": number("v"),
}


QUESTIONS: Mapping[str, QuestionValues] = {
    "chain_dw": Number(
        lambda: _slope("fc_2", "w"),
        slips={
            "outer-factor": lambda: _slope("fc_1", "w"),
            "sign": lambda: -_slope("fc_2", "w"),
            "no-derivative": lambda: value_of(r"2 x \mathrm{fc}_1", START),
        },
    ),
    "chain_db": Number(
        lambda: _slope("fc_2", "b"),
        slips={
            "sign": lambda: -_slope("fc_2", "b"),
            "outer-factor": lambda: _slope("fc_1", "b"),
        },
    ),
    "chain_kept": Choice(which_is_kept),
    "chain_twice": Number(
        lambda: _twice(r"\frac{dg}{dw}"),
        slips={
            "one-way-only": (
                lambda: _twice(r"w \frac{d\, \mathrm{fc}_1}{dw}"),
                lambda: _twice(r"\mathrm{fc}_1"),
            ),
        },
    ),
}

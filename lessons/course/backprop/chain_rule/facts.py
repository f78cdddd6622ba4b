"""What the formulas of `backprop/chain-rule` speak of: two functions, step by step."""

from __future__ import annotations

import warnings
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


FIRST_POINT = (1.0, 0.0, 0.0)
"""x, w and b of the first point."""

START = NOTATION.given(x=FIRST_POINT[0], w=FIRST_POINT[1], b=FIRST_POINT[2])
"""The first point of the lesson. Here fc_1 = 1 − fc_1, and x = 1: many wrong formulas are right."""


SECOND = NOTATION.given(x=3, w=0.2, b=0.3).with_tolerance(1e-4)
"""The second point, where the questions stand."""


SCOPES = {
    "start": START,
    "second": SECOND,
    "chain_dw": SECOND,
    "chain_db": SECOND,
    "chain_twice": SECOND,
}


HELD = ("w", "w, fc1, fc2", "w, fc2")
"""What holds a gradient by each option of the question about the walk."""


def which_is_kept() -> int:
    """Which of w, fc1 and fc2 holds a gradient after backward() without retain_grad."""
    import torch

    w = torch.tensor(0.0, requires_grad=True)
    fc1 = 1 / (torch.exp(-1 * w) + 1)
    fc2 = 2 * fc1 + 1
    fc2.backward()
    with warnings.catch_warnings():
        # PyTorch warns that it keeps nothing for what is no leaf.
        warnings.simplefilter("ignore")
        held = [name for name, of in (("w", w), ("fc1", fc1), ("fc2", fc2)) if of.grad is not None]
    return HELD.index(", ".join(held))


def number(latex: str, notation: Notation = START) -> Callable[[], float]:
    """The value of an expression at one of the two points of the lesson."""
    return lambda: value_of(latex, notation)


def second(latex: str) -> Callable[[], float]:
    """The value of an expression where the questions stand."""
    return number(latex, SECOND)


NUMBERS: Mapping[str, Callable[[], float]] = {
    "chain_by_fc1": number(r"\frac{\partial\, \mathrm{fc}_2}{\partial\, \mathrm{fc}_1}"),
    "chain_fc1": number(r"\mathrm{fc}_1"),
    "chain_fc2": number(r"\mathrm{fc}_2"),
    "chain_s": number("s"),
    "chain_second_fc1": second(r"\mathrm{fc}_1"),
    "chain_second_fc2": second(r"\mathrm{fc}_2"),
    "chain_second_s": second("s"),
    "chain_second_u": second("u"),
    "chain_second_v": second("v"),
    "chain_start_dw": number(r"\frac{d\, \mathrm{fc}_2}{dw}"),
    "chain_twice_fc1": second(r"\mathrm{fc}_1"),
    "chain_twice_w": second("w"),
    "chain_twice_x": second("x"),
    "chain_u": number("u"),
    "chain_v": number("v"),
}


def _lab_square() -> int:
    """The gradient of w w at 3, beside what each option says."""
    import torch

    w = torch.tensor(3.0, requires_grad=True)
    (w * w).backward()
    assert w.grad is not None
    return (3.0, 6.0, 9.0).index(w.grad.item())


QUESTIONS: Mapping[str, QuestionValues] = {
    "chain_dw": Number(
        second(r"\frac{d\, \mathrm{fc}_2}{dw}"),
        slips={
            "outer-factor": second(r"\frac{d\, \mathrm{fc}_1}{dw}"),
            "sign": second(r"-\frac{d\, \mathrm{fc}_2}{dw}"),
            "no-derivative": second(r"2 x \mathrm{fc}_1"),
            "no-inner": (
                second(r"-\frac{d\, \mathrm{fc}_2}{du}"),
                second(r"\frac{d\, \mathrm{fc}_2}{du}"),
            ),
            "power-left-out": second(r"2 x \mathrm{fc}_1^2"),
            "once-divided": second(r"2 x (1 - \mathrm{fc}_1)"),
            "weight-for-input": second(r"-w \frac{d\, \mathrm{fc}_2}{du}"),
        },
        digits=3,
    ),
    "chain_db": Number(
        second(r"\frac{d\, \mathrm{fc}_2}{db}"),
        slips={
            "sign": second(r"-\frac{d\, \mathrm{fc}_2}{db}"),
            "outer-factor": second(r"\frac{d\, \mathrm{fc}_1}{db}"),
            "other-way": (
                second(r"-\frac{d\, \mathrm{fc}_2}{dw}"),
                second(r"\frac{d\, \mathrm{fc}_2}{dw}"),
            ),
            "no-derivative": second(r"-2 \mathrm{fc}_1"),
            "power-left-out": second(r"-2 \mathrm{fc}_1^2"),
            "once-divided": second(r"-2 (1 - \mathrm{fc}_1)"),
        },
        digits=3,
    ),
    "chain_kept": Choice(which_is_kept),
    "chain_twice": Number(
        second(r"\frac{dg}{dw}"),
        slips={
            "one-way-only": (
                second(r"w \frac{d\, \mathrm{fc}_1}{dw}"),
                second(r"\mathrm{fc}_1"),
            ),
            "no-inner": second(r"\mathrm{fc}_1 - w \frac{d\, \mathrm{fc}_1}{du}"),
            "no-weight": second(r"\mathrm{fc}_1 + \frac{d\, \mathrm{fc}_1}{dw}"),
            "foreign-factor": second(r"\mathrm{fc}_1 + w \frac{d\, \mathrm{fc}_2}{dw}"),
            "ways-multiplied": second(r"\mathrm{fc}_1 w \frac{d\, \mathrm{fc}_1}{dw}"),
            "sign": second(r"\mathrm{fc}_1 - w \frac{d\, \mathrm{fc}_1}{dw}"),
            "value-for-slope": second("g"),
        },
        digits=3,
    ),
    "lab_square": Choice(_lab_square),
}

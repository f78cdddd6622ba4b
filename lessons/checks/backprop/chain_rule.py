"""The numbers of `backprop/chain-rule`: fc1 and fc2 at two points, and what PyTorch keeps."""

from __future__ import annotations

from engine.formulas.notation import Notation
from engine.formulas.proving import value_of
from lessons.checks.base import CheckBook, NumberCheck
from lessons.course.backprop.chain_rule.facts import START, TWICE


def number(latex: str, notation: Notation = START) -> NumberCheck:
    """The value of an expression at one of the two points of the lesson."""
    return NumberCheck(lambda: value_of(latex, notation))


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
    numbers={
        "chain_u": number("u"),
        "chain_v": number("v"),
        "chain_s": number("s"),
        "chain_fc1": number(r"\mathrm{fc}_1"),
        "chain_fc2": number(r"\mathrm{fc}_2"),
        "chain_by_fc1": number(r"\frac{\partial\, \mathrm{fc}_2}{\partial\, \mathrm{fc}_1}"),
        "chain_by_u": number(r"\frac{d\, \mathrm{fc}_2}{du}"),
        "chain_twice_w": number("w", TWICE),
        "chain_twice_x": number("x", TWICE),
        "chain_twice_fc1": number(r"\mathrm{fc}_1", TWICE),
    },
)

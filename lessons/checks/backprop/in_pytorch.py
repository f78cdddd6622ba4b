"""The checks of `backprop/in-pytorch`: what MSELoss is beside half a sum."""

from __future__ import annotations

from engine.network import BiasMode
from engine.worked_example import worked_example
from lessons.checks.base import (
    CheckBook,
    ChoiceQuestion,
    Hints,
    NumberCheck,
    NumberQuestion,
    Option,
    Slip,
)
from lessons.course.backprop.in_pytorch.facts import gradient_of_w5

OUTPUTS = 10
"""The outputs of the network that the question about the factor asks for."""


def _worked(symbol: str) -> float:
    return worked_example().trace().values()[symbol]


def _ratio(outputs: int, reduction: str = "mean") -> float:
    """What MSELoss is, divided by half the sum, on random numbers."""
    import torch
    from torch import nn

    generator = torch.Generator().manual_seed(0)
    a, y = torch.rand(2, outputs, generator=generator, dtype=torch.float64)
    half = 0.5 * ((a - y) ** 2).sum()
    return float(nn.MSELoss(reduction=reduction)(a, y) / half)


def _always_the_same() -> int:
    """Which of three losses is half the sum for every number of outputs."""
    same = [
        all(abs(_ratio(n) - 1) < 1e-12 for n in (1, 2, 5)),
        all(abs(0.5 * _ratio(n) - 1) < 1e-12 for n in (1, 2, 5)),
        all(abs(0.5 * _ratio(n, "sum") - 1) < 1e-12 for n in (1, 2, 5)),
    ]
    return same.index(True)


def _leaf_is_lost() -> int:
    """Whether w is still a leaf after `w = w - lr * w.grad`: 0 where it is, 1 where not."""
    import torch

    w = torch.tensor(2.0, requires_grad=True)
    (w**2).backward()
    assert w.grad is not None
    w = w - 0.1 * w.grad
    return 0 if w.is_leaf else 1


BOOK = CheckBook(
    "backprop",
    numbers={
        "torch_loss": NumberCheck(lambda: worked_example().trace().loss),
        "torch_frozen": NumberCheck(lambda: worked_example(BiasMode.FROZEN).after(1).trace().loss),
        "torch_per_unit": NumberCheck(lambda: worked_example().after(1).trace().loss),
        "torch_w5": NumberCheck(lambda: _worked("∂E/∂w5")),
        "torch_ratio_1": NumberCheck(lambda: _ratio(1)),
        "torch_ratio_2": NumberCheck(lambda: _ratio(2)),
    },
    predicts={
        "torch_ratio": NumberQuestion(
            answer=lambda: _ratio(OUTPUTS),
            explanation=r"$\frac{M}{L} = \frac{2}{n}$ with $n = 10$. To learn as fast, the "
            r"learning rate must be $\frac{n}{2} = 5$ times as large.",
            slips=(
                Slip(
                    "no-half",
                    lambda: _ratio(OUTPUTS) / 2,
                    r"You divided by $n$ and forgot that $L$ has a half: $M$ has none, which "
                    "makes a factor 2.",
                    line=r"\frac{M}{L} = \frac{1}{n}",
                    right=r"\frac{M}{L} = \frac{2}{n}",
                ),
                Slip(
                    "sum-for-mean",
                    lambda: _ratio(OUTPUTS, "sum"),
                    'That holds for `reduction="sum"`. Without it, MSELoss divides by the number '
                    "of outputs as well.",
                    line=r"\frac{M}{L} = 2",
                    right=r"\frac{M}{L} = \frac{2}{n}",
                ),
                Slip(
                    "upside-down",
                    lambda: 1 / _ratio(OUTPUTS),
                    r"That is $L / M$. The question asks for $M$ in terms of $L$.",
                    line=r"\frac{M}{L} = \frac{n}{2}",
                    right=r"\frac{M}{L} = \frac{2}{n}",
                ),
            ),
            hints=Hints(
                idea="the one has a half and no division, the other a division and no half.",
                formula=r"$\frac{M}{L} = \frac{2}{n}$",
                numbers=r"$\frac{M}{L} = \frac{2}{10}$",
            ),
        ),
        "torch_same_loss": ChoiceQuestion(
            options=(
                Option(
                    "`nn.MSELoss()`",
                    "Only with two outputs and one sample: the factor is $2/n$.",
                ),
                Option(
                    "`0.5 * nn.MSELoss()`",
                    "Only with one output: the mean still divides by the number of outputs.",
                    slip="half-precedence",
                    line=r"L = \tfrac12 \cdot \frac{1}{n} \sum_j (a_j - y_j)^2",
                    right_line=r"L = \tfrac12 \sum_j (a_j - y_j)^2",
                ),
                Option(
                    '`0.5 * nn.MSELoss(reduction="sum")`',
                    "The sum without a division, and the half before it.",
                    right=True,
                ),
            ),
            proof=_always_the_same,
        ),
        "torch_stale": NumberQuestion(
            answer=lambda: gradient_of_w5(2),
            explanation="`backward()` adds to what is there: the same gradient twice.",
            slips=(
                Slip(
                    "stale-grad",
                    lambda: _worked("∂E/∂w5"),
                    "That is one gradient. `backward()` does not replace what `grad` holds, it "
                    "adds to it.",
                    line=r"\mathrm{grad} = \frac{\partial L}{\partial w_5}",
                    right=(
                        r"\mathrm{grad} = \frac{\partial L}{\partial w_5} + "
                        r"\frac{\partial L}{\partial w_5}"
                    ),
                ),
            ),
            hints=Hints(
                idea="`grad` is not emptied between the calls.",
                formula=(
                    r"$\mathrm{grad} = \frac{\partial L}{\partial w_5} + "
                    r"\frac{\partial L}{\partial w_5}$"
                ),
                numbers=(
                    r"$\mathrm{grad} \approx \num{torch_w5}{0.082167041} + "
                    r"\num{torch_w5}{0.082167041}$"
                ),
            ),
        ),
        "torch_rebind": ChoiceQuestion(
            options=(
                Option(
                    "A leaf, as before: it has only another value.",
                    "The line computes a *new* tensor and gives it the old name. What is computed "
                    "is no leaf, so the next `backward()` leaves no gradient at `w`.",
                    slip="rebind-leaf",
                    line=r"w = w - \eta \, \mathrm{grad}",
                    right_line=r"\text{in place:} \quad w^{+} = w - \eta \, \mathrm{grad}",
                ),
                Option(
                    "A new tensor that was computed, and no leaf.",
                    "So its `grad` is `None` after the next `backward()`. Move the leaf itself, in "
                    "`torch.no_grad()`, or let an optimiser do it.",
                    right=True,
                ),
                Option(
                    "As before: PyTorch stops with an error.",
                    "It stops where a leaf is changed *in place* outside of `torch.no_grad()`, as "
                    "`w -= lr * w.grad` does. This line changes nothing: it makes a new tensor.",
                ),
            ),
            proof=_leaf_is_lost,
        ),
    },
)

"""The checks of `backprop/in-pytorch`: what MSELoss is beside half a sum."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np

from engine.network import BiasMode
from engine.worked_example import worked_example
from lessons.checks.base import (
    Array,
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

OUTPUTS = 3
"""Not 2: there MSELoss and half the sum are the same, and a wrong factor would pass."""
SAMPLES = 4


# --- one sample ----------------------------------------------------------------------------


def _sample(rng: np.random.Generator) -> Draw:
    """The outputs of one sample and their targets, from a parameter vector `theta`."""
    draw = Draw(
        theta=rng.normal(size=5),
        K=rng.normal(size=(OUTPUTS, 5)),
        y=rng.uniform(size=OUTPUTS),
        k=int(rng.integers(5)),
    )
    draw.a = 1 / (1 + np.exp(-(draw.K @ draw.theta)))
    return draw


def _mse(output: Array, target: Array) -> float:
    """nn.MSELoss() as PyTorch computes it."""
    import torch
    from torch import nn

    return float(nn.MSELoss()(torch.tensor(output), torch.tensor(target)))


def _outputs(t: SimpleNamespace) -> torch.Tensor:
    found: torch.Tensor = (t.K @ t.theta).sigmoid()
    return found


def _mean_loss(t: SimpleNamespace) -> torch.Tensor:
    """M by way of nn.MSELoss, from the parameters."""
    from torch import nn

    found: torch.Tensor = nn.MSELoss()(_outputs(t), t.y)
    return found


def _half_sum(t: SimpleNamespace) -> torch.Tensor:
    """L, half the sum of the squared errors, from the parameters."""
    loss: torch.Tensor = 0.5 * ((_outputs(t) - t.y) ** 2).sum()
    return loss


def _L(a: Array, y: Array) -> float:  # noqa: N802 - the name that the lesson gives the loss
    """Half the sum of the squared errors."""
    return 0.5 * sum(float(a[j] - y[j]) ** 2 for j in range(a.size))


MSE_FACTOR = DerivationCheck(
    draw=_sample,
    left=lambda d: _mse(d.a, d.y),
    lines=(
        Line(
            value=lambda d: sum((d.a[j] - d.y[j]) ** 2 for j in range(OUTPUTS)) / OUTPUTS,
            # The sum, where nn.MSELoss takes the mean.
            wrong=(lambda d: sum((d.a[j] - d.y[j]) ** 2 for j in range(OUTPUTS)),),
        ),
        Line(
            value=lambda d: 2 / OUTPUTS * 0.5 * sum((d.a[j] - d.y[j]) ** 2 for j in range(OUTPUTS)),
            wrong=(
                lambda d: 1 / OUTPUTS * 0.5 * sum((d.a[j] - d.y[j]) ** 2 for j in range(OUTPUTS)),
            ),
        ),
        Line(
            value=lambda d: 2 / OUTPUTS * _L(d.a, d.y),
            # Taken for the same; the factor upside down.
            wrong=(lambda d: _L(d.a, d.y), lambda d: OUTPUTS / 2 * _L(d.a, d.y)),
        ),
    ),
)

MSE_GRADIENT = DerivationCheck(
    draw=_sample,
    left=Derivative(_mean_loss, at="theta", pick=lambda g, d: np.asarray(g[..., d.k])),
    lines=(
        Line(
            value=lambda d: by_autograd(lambda t: 2 / OUTPUTS * _half_sum(t), "theta", d)[d.k],
            wrong=(lambda d: by_autograd(lambda t: 2 * _half_sum(t), "theta", d)[d.k],),
        ),
        Line(
            value=lambda d: 2 / OUTPUTS * by_autograd(_half_sum, "theta", d)[d.k],
            # As if constant factors vanished; the derivative's 2 counted twice.
            wrong=(
                lambda d: by_autograd(_half_sum, "theta", d)[d.k],
                lambda d: 4 / OUTPUTS * by_autograd(_half_sum, "theta", d)[d.k],
            ),
        ),
    ),
)


# --- a batch -------------------------------------------------------------------------------


def _batch(rng: np.random.Generator) -> Draw:
    """Outputs and targets of a batch, one row a sample."""
    return Draw(a=rng.normal(size=(SAMPLES, OUTPUTS)), y=rng.normal(size=(SAMPLES, OUTPUTS)))


MSE_BATCH = DerivationCheck(
    draw=_batch,
    left=lambda d: _mse(d.a, d.y),
    lines=(
        Line(
            value=lambda d: (
                sum((d.a[s, j] - d.y[s, j]) ** 2 for s in range(SAMPLES) for j in range(OUTPUTS))
                / (SAMPLES * OUTPUTS)
            ),
            # Divided by the samples alone.
            wrong=(
                lambda d: (
                    sum(
                        (d.a[s, j] - d.y[s, j]) ** 2 for s in range(SAMPLES) for j in range(OUTPUTS)
                    )
                    / SAMPLES
                ),
            ),
        ),
        Line(
            value=lambda d: (
                2 / (SAMPLES * OUTPUTS) * sum(_L(d.a[s], d.y[s]) for s in range(SAMPLES))
            ),
            wrong=(
                lambda d: 1 / (SAMPLES * OUTPUTS) * sum(_L(d.a[s], d.y[s]) for s in range(SAMPLES)),
            ),
        ),
        Line(
            value=lambda d: (
                2 / OUTPUTS * (sum(_L(d.a[s], d.y[s]) for s in range(SAMPLES)) / SAMPLES)
            ),
            # The mean loss itself, without the factor.
            wrong=(lambda d: sum(_L(d.a[s], d.y[s]) for s in range(SAMPLES)) / SAMPLES,),
        ),
    ),
)


# --- numbers and questions -----------------------------------------------------------------


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


def _grad_of_w5(calls: int) -> float:
    """w5.grad after so many calls of backward() without zeroing."""
    from lessons.examples.four_ways import Network, X, half_squared_error

    network = Network()
    for _ in range(calls):
        half_squared_error(network(X)).backward()
    gradient = network.output.weight.grad
    assert gradient is not None
    return float(gradient[0, 0])


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
    derivations={
        "mse_factor": MSE_FACTOR,
        "mse_gradient": MSE_GRADIENT,
        "mse_batch": MSE_BATCH,
    },
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
            answer=lambda: _ratio(10),
            explanation=r"$2/n$ with $n = 10$. To learn as fast, the learning rate must be 5 times "
            "as large.",
            slips=(
                Slip(
                    "no-half",
                    lambda: _ratio(10) / 2,
                    r"You divided by $n$ and forgot that $L$ has a half: $M$ has none, which "
                    "makes a factor 2.",
                    line=r"M = \frac{1}{n} \, L",
                    right=r"M = \frac{2}{n} \, L",
                ),
                Slip(
                    "sum-for-mean",
                    lambda: _ratio(10, "sum"),
                    'That holds for `reduction="sum"`. Without it, MSELoss divides by the number '
                    "of outputs as well.",
                    line=r"M = 2\, L",
                    right=r"M = \frac{2}{n} \, L",
                ),
                Slip(
                    "upside-down",
                    lambda: 1 / _ratio(10),
                    r"That is $L / M$. The question asks for $M$ in terms of $L$.",
                    line=r"M = \frac{n}{2} \, L",
                    right=r"M = \frac{2}{n} \, L",
                ),
            ),
            hints=Hints(
                idea="the one has a half and no division, the other a division and no half.",
                formula=r"$M = \frac{2}{n} \, L$",
                numbers="2 / 10",
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
                    line=r"\tfrac12 \cdot \frac{1}{n} \sum_j (a_j - y_j)^2",
                    right_line=r"\tfrac12 \sum_j (a_j - y_j)^2",
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
            answer=lambda: _grad_of_w5(2),
            explanation="`backward()` adds to what is there: the same gradient twice.",
            slips=(
                Slip(
                    "stale-grad",
                    lambda: _worked("∂E/∂w5"),
                    "That is one gradient. `backward()` does not replace what `grad` holds, it "
                    "adds to it.",
                    line=r"\mathrm{grad} \leftarrow \frac{\partial L}{\partial w}",
                    right=r"\mathrm{grad} \leftarrow \mathrm{grad} + \frac{\partial L}{\partial w}",
                ),
            ),
            hints=Hints(
                idea="`grad` is not emptied between the calls.",
                formula=r"$\mathrm{grad} \leftarrow \mathrm{grad} + \frac{\partial L}{\partial w}$",
                numbers="[0.082167041](number:torch_w5) + [0.082167041](number:torch_w5)",
            ),
        ),
        "torch_rebind": ChoiceQuestion(
            options=(
                Option(
                    "A leaf, as before: it has only another value.",
                    "The line computes a *new* tensor and gives it the old name. What is computed "
                    "is no leaf, so the next `backward()` leaves no gradient at `w`.",
                    slip="rebind-leaf",
                    line=r"w = w - \eta \, w.\mathrm{grad}",
                    right_line=r"\text{in place: } w \leftarrow w - \eta \, w.\mathrm{grad}",
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

"""The checks of the chapter on linear regression."""

from __future__ import annotations

from lessons.checks.base import (
    CheckBook,
    Hints,
    NumberCheck,
    NumberQuestion,
    ShapeQuestion,
    ShapeSlip,
    Slip,
)

SIGMA = 0.01


def _last(samples: int, batch: int) -> float:
    """Samples in the last mini-batch of an epoch."""
    return float(samples % batch or batch)


def _difference_shape(left: tuple[int, ...], right: tuple[int, ...]) -> tuple[int, ...]:
    """The shape that PyTorch gives to a difference of two tensors of these shapes."""
    import torch

    return tuple((torch.zeros(left) - torch.zeros(right)).shape)


BOOK = CheckBook(
    "linear",
    numbers={"noise_floor": NumberCheck(lambda: SIGMA**2 / 2)},
    predicts={
        "last_batch": NumberQuestion(
            answer=lambda: _last(1000, 64),
            explanation="15 whole batches hold 960 samples; 40 are left for the last one.",
            tolerance=0,
            slips=(
                Slip(
                    "last-batch",
                    lambda: 64.0,
                    "64 does not divide 1000: 15 batches hold 960 samples. How many are left? "
                    "A last sum divided by 64 would make too small a gradient.",
                    line=r"|B|_{\text{last}} = 64",
                    right=r"|B|_{\text{last}} = n - 64 \lfloor n / 64 \rfloor",
                ),
                Slip(
                    "batch-count",
                    lambda: float(1000 // 64),
                    "That is how many whole batches there are. How many samples are left then?",
                    line=r"|B|_{\text{last}} = \lfloor n / 64 \rfloor",
                    right=r"|B|_{\text{last}} = n - 64 \lfloor n / 64 \rfloor",
                ),
            ),
            hints=Hints(
                idea="whole batches are taken as long as they fit, and the last one gets the rest.",
                formula=(
                    r"$n - 64 \lfloor n / 64 \rfloor$: all samples, less those in the whole "
                    r"batches."
                ),
                numbers="1000 − 15 · 64",
            ),
        ),
        "broadcast": ShapeQuestion(
            shape=lambda: _difference_shape((10, 1), (10,)),
            explanation="The column is repeated 10 times and the row is repeated 10 times: a table "
            "of 100 pairs. The loss would mean nothing, and no error is raised. Give both the same "
            "shape.",
            slips=(
                ShapeSlip(
                    "broadcast-n-by-n",
                    lambda: _difference_shape((10,), (10,)),
                    "That is what was wanted. But a column (10, 1) and a row (10,) are both "
                    "stretched until they fit: each entry of one meets each entry of the other.",
                    line=r"(n, 1) - (n) \to (n)",
                    right=r"(n, 1) - (n) \to (n, n)",
                ),
                ShapeSlip(
                    "broadcast-n-by-n",
                    lambda: _difference_shape((10, 1), (10, 1)),
                    "So it would be if both were columns. But (10,) counts as one row, and the "
                    "row is repeated for every entry of the column.",
                    line=r"(n, 1) - (n) \to (n, 1)",
                    right=r"(n, 1) - (n) \to (n, n)",
                ),
            ),
            hints=Hints(
                idea="an axis of size 1 is repeated until it fits, and a missing one counts as 1.",
                formula=r"$(n, 1) - (n)$ is computed as $(n, 1) - (1, n)$.",
                numbers="(10, 1) − (1, 10): the column is repeated 10 times, and so is the row.",
            ),
        ),
        "divide_twice": NumberQuestion(
            answer=lambda: 100 / 256,
            explanation="The gradient is a mean already, and dividing by 256 again leaves "
            "100/256 of it. That is why such a program needs a learning rate of 100.",
            slips=(
                Slip(
                    "divide-twice",
                    lambda: 100.0,
                    "The gradient of the mean is divided by 256 once more. What is 100 worth then?",
                    line=r"\eta_{\text{real}} = \eta",
                    right=r"\eta_{\text{real}} = \frac{\eta}{|B|}",
                ),
                Slip(
                    "multiply",
                    lambda: 25600.0,
                    "The second division makes the step smaller, not larger.",
                    line=r"\eta_{\text{real}} = \eta \cdot |B|",
                    right=r"\eta_{\text{real}} = \frac{\eta}{|B|}",
                ),
            ),
            hints=Hints(
                idea=(
                    "the gradient of a mean has been divided already, and the update divides again."
                ),
                formula=r"$\eta_{\text{real}} = \frac{\eta}{|B|}$",
                numbers="100 / 256",
            ),
        ),
        "noise_floor_double": NumberQuestion(
            answer=lambda: (2 * SIGMA) ** 2 / 2,
            explanation="Half of 0.02² is [0.0002](number:noise_floor_double): twice the "
            "noise, four times the loss.",
            slips=(
                Slip(
                    "no-half",
                    lambda: (2 * SIGMA) ** 2,
                    "That is $\\sigma^2$. The loss takes half of the squared error.",
                    line=r"\frac1n \sum_{i=1}^{n} \ell^{(i)} \approx \sigma^2",
                    right=r"\frac1n \sum_{i=1}^{n} \ell^{(i)} \approx \frac12 \sigma^2",
                ),
                Slip(
                    "not-squared",
                    lambda: 2 * SIGMA**2 / 2,
                    "The loss is squared, so it does not double with the noise: it grows with "
                    "$\\sigma^2$.",
                    line=r"\frac12 (2 \sigma)^2 = 2 \cdot \frac12 \sigma^2",
                    right=r"\frac12 (2 \sigma)^2 = 4 \cdot \frac12 \sigma^2",
                ),
            ),
            hints=Hints(
                idea="the true parameters leave the noise as their only error.",
                formula=r"$\frac12 \sigma^2$",
                numbers="½ · 0.02²",
            ),
        ),
    },
)

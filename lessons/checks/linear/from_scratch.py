"""The numbers and questions of `linear/from-scratch`."""

from __future__ import annotations

from engine.recipes.catalog import find_recipe
from lessons.checks.base import (
    CheckBook,
    Hints,
    NumberCheck,
    NumberQuestion,
    ShapeQuestion,
    ShapeSlip,
    Slip,
)
from lessons.course.linear.from_scratch.facts import (
    BATCH,
    FIT_UPDATES,
    FITTED,
    LONG_FIT,
    NOISE,
    PAIRS,
    REPORTED,
    REPORTED_BATCHES,
    SAMPLES,
    TWICE_DIVIDED,
    TWICE_RATE,
)


def _last(samples: int, batch: int) -> float:
    """Samples in the last mini-batch of an epoch."""
    return float(samples % batch or batch)


def _difference_shape(left: tuple[int, ...], right: tuple[int, ...]) -> tuple[int, ...]:
    """The shape that PyTorch gives to a difference of two tensors of these shapes."""
    import torch

    return tuple((torch.zeros(left) - torch.zeros(right)).shape)


def _setting(name: str) -> float:
    """What the training of this lesson is set to."""
    return float(find_recipe("linear").settings()[name])


BOOK = CheckBook(
    "linear",
    numbers={
        "noise_floor": NumberCheck(lambda: NOISE**2 / 2),
        "label_noise": NumberCheck(lambda: NOISE),
        "pairs": NumberCheck(lambda: PAIRS),
        "whole_batches": NumberCheck(lambda: SAMPLES // BATCH),
        "in_whole_batches": NumberCheck(lambda: SAMPLES // BATCH * BATCH),
        "linear_epochs": NumberCheck(lambda: _setting("epochs")),
        "linear_batch": NumberCheck(lambda: _setting("batch_size")),
        "linear_rate": NumberCheck(lambda: _setting("lr")),
        "fitted": NumberCheck(lambda: FITTED),
        "fit_updates": NumberCheck(lambda: FIT_UPDATES),
        "long_fit": NumberCheck(lambda: LONG_FIT),
        "reported": NumberCheck(lambda: REPORTED),
        "reported_batches": NumberCheck(lambda: REPORTED_BATCHES),
        "reported_batch": NumberCheck(lambda: REPORTED / REPORTED_BATCHES),
    },
    predicts={
        "last_batch": NumberQuestion(
            answer=lambda: _last(SAMPLES, BATCH),
            explanation="[15](number:whole_batches) whole batches hold "
            "[960](number:in_whole_batches) samples; [40](number:last_batch) are left for the last "
            "one.",
            tolerance=0,
            slips=(
                Slip(
                    "last-batch",
                    lambda: float(BATCH),
                    "The batch size does not divide the number of samples: "
                    "[15](number:whole_batches) batches hold [960](number:in_whole_batches). How "
                    "many are left? A last sum divided by $m = 64$ would make too small a "
                    "gradient.",
                    line=r"|B_{\mathrm{last}}| = m",
                    right=r"|B_{\mathrm{last}}| = n - m \lfloor n / m \rfloor",
                ),
                Slip(
                    "batch-count",
                    lambda: float(SAMPLES // BATCH),
                    "That is how many whole batches there are. How many samples are left then?",
                    line=r"|B_{\mathrm{last}}| = \lfloor n / m \rfloor",
                    right=r"|B_{\mathrm{last}}| = n - m \lfloor n / m \rfloor",
                ),
            ),
            hints=Hints(
                idea="whole batches are taken as long as they fit, and the last one gets the rest.",
                formula=(
                    r"$|B_{\mathrm{last}}| = n - m \lfloor n / m \rfloor$: all samples, less "
                    r"those in the whole "
                    r"batches."
                ),
                numbers=r"$|B_{\mathrm{last}}| = 1000 - 15 \cdot 64$",
            ),
        ),
        "broadcast": ShapeQuestion(
            shape=lambda: _difference_shape((PAIRS, 1), (PAIRS,)),
            explanation="The column is repeated $n = 10$ times, and so is the row: a table of "
            "$n^2 = 100$ pairs. The loss would mean nothing, and no error is raised. Give both "
            "the same "
            "shape.",
            slips=(
                ShapeSlip(
                    "broadcast-n-by-n",
                    lambda: _difference_shape((PAIRS,), (PAIRS,)),
                    "That is what was wanted. But a column and a row are both stretched until they "
                    "fit: each entry of one meets each entry of the other.",
                    line=r"\hat{\mathbf{y}} \mathbf{1}^\top - \mathbf{1} \mathbf{y}^\top : n "
                    r"\times 1",
                    right=r"\hat{\mathbf{y}} \mathbf{1}^\top - \mathbf{1} \mathbf{y}^\top : n "
                    r"\times n",
                ),
                ShapeSlip(
                    "broadcast-n-by-n",
                    lambda: _difference_shape((PAIRS, 1), (PAIRS, 1)),
                    "So it would be if both were columns. But a tensor with one axis counts as one "
                    "row, and the row is repeated for every entry of the column.",
                    line=r"\hat{\mathbf{y}} \mathbf{1}^\top - \mathbf{1} \mathbf{y}^\top : n "
                    r"\times 1",
                    right=r"\hat{\mathbf{y}} \mathbf{1}^\top - \mathbf{1} \mathbf{y}^\top : n "
                    r"\times n",
                ),
            ),
            hints=Hints(
                idea="an axis of size one is repeated until it fits, and a missing one counts as "
                "one, in front.",
                formula=r"$\hat{\mathbf{y}} \mathbf{1}^\top - \mathbf{1} \mathbf{y}^\top$: the "
                r"column "
                "side by side, less the row over and over.",
                numbers="the column is repeated $n = 10$ times, and so is the row.",
            ),
        ),
        "divide_twice": NumberQuestion(
            answer=lambda: TWICE_RATE / TWICE_DIVIDED,
            explanation="The gradient is a mean already, and dividing again leaves a rate of "
            "$\\eta_{\\mathrm{real}} = \\frac{100}{256}$. That is why such a program needs so "
            "large a "
            "learning rate.",
            slips=(
                Slip(
                    "divide-twice",
                    lambda: TWICE_RATE,
                    "The gradient of the mean is divided by $|B| = 256$ once more. What is "
                    "$\\eta = 100$ worth then?",
                    line=r"\eta_{\mathrm{real}} = \eta",
                    right=r"\eta_{\mathrm{real}} = \frac{\eta}{|B|}",
                ),
                Slip(
                    "multiply",
                    lambda: TWICE_RATE * TWICE_DIVIDED,
                    "The second division makes the step smaller, not larger.",
                    line=r"\eta_{\mathrm{real}} = \eta \cdot |B|",
                    right=r"\eta_{\mathrm{real}} = \frac{\eta}{|B|}",
                ),
            ),
            hints=Hints(
                idea=(
                    "the gradient of a mean has been divided already, and the update divides again."
                ),
                formula=r"$\eta_{\mathrm{real}} = \frac{\eta}{|B|}$",
                numbers=r"$\eta_{\mathrm{real}} = \frac{100}{256}$",
            ),
        ),
        "noise_floor_double": NumberQuestion(
            answer=lambda: (2 * NOISE) ** 2 / 2,
            explanation="$\\frac12 \\cdot 0.02^2 =$ [0.0002](number:noise_floor_double): twice the "
            "noise, four times the loss.",
            slips=(
                Slip(
                    "no-half",
                    lambda: (2 * NOISE) ** 2,
                    "That is $\\sigma^2$. The loss takes half of the squared error.",
                    line=r"\frac1n \sum_{i=1}^{n} \ell^{(i)} \approx \sigma^2",
                    right=r"\frac1n \sum_{i=1}^{n} \ell^{(i)} \approx \frac12 \sigma^2",
                ),
                Slip(
                    "not-squared",
                    lambda: 2 * NOISE**2 / 2,
                    "The loss is squared, so it does not double with the noise: it grows with "
                    "$\\sigma^2$.",
                    line=r"\frac12 \sigma^2 = 2 \cdot \frac12 \cdot 0.01^2",
                    right=r"\frac12 \sigma^2 = 4 \cdot \frac12 \cdot 0.01^2",
                ),
            ),
            hints=Hints(
                idea="the true parameters leave the noise as their only error.",
                formula=r"$\frac1n \sum_{i=1}^{n} \ell^{(i)} \approx \frac12 \sigma^2$",
                numbers=r"$\frac12 \sigma^2 = \frac12 \cdot 0.02^2$",
            ),
        ),
    },
)

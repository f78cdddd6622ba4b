"""The numbers and questions of `mlp/mnist-low-level`."""

from __future__ import annotations

import math

import numpy as np

from lessons.checks.base import (
    CheckBook,
    ChoiceQuestion,
    Hints,
    NumberCheck,
    NumberQuestion,
    Option,
    ShapeQuestion,
    ShapeSlip,
    Slip,
)
from lessons.course.mlp.mnist_low_level.facts import CLASSES, PIXELS, UNITS

IMAGES, TEST_IMAGES, BATCH, EPOCHS = 60_000, 10_000, 200, 10
MEAN_LOSS = 0.15
EXPECTED, ADAM_RATE, LINES = 0.945, 0.001, 100
"""Test accuracy to expect; the rate with Adam; updates from one printed loss to the next."""


def _normalised(grey: int) -> float:
    """What the recipe makes of a grey value."""
    import torch

    from engine.recipes.mnist_mlp import normalise

    return float(normalise(torch.full((1, 1, 1), grey, dtype=torch.uint8)))


def _by_constants(with_mean: bool, with_deviation: bool) -> float:
    """What a black pixel becomes where a constant is forgotten."""
    from engine.recipes.mnist_mlp import MEAN, STD

    return (0 - MEAN * with_mean) / (STD if with_deviation else 1)


def _last_weight() -> tuple[int, ...]:
    import torch

    from engine.recipes.mnist_mlp import init_params

    return tuple(init_params("zeros", torch.Generator())["w3"].shape)


def _gain() -> float:
    """The factor that PyTorch's Kaiming puts over the root of the inputs, for ReLU."""
    from torch.nn.init import calculate_gain

    return float(calculate_gain("relu"))


def _what_moves_from_zeros() -> int:
    """Make one update from zeros: the index of the option that says what moved."""
    import torch
    from torch.nn.functional import relu

    from engine.recipes.mnist_mlp import init_params, update

    params = init_params("zeros", torch.Generator())
    for param in params.values():
        param.requires_grad_()
    x = torch.randn(20, 784, generator=torch.Generator().manual_seed(0))
    optimizer = torch.optim.SGD(params.values(), lr=0.01)
    update(x, torch.arange(20) % 7, params, relu, optimizer)
    moved = {name for name, param in params.items() if param.detach().any()}
    return {frozenset(params): 0, frozenset({"b1", "b2", "b3"}): 1, frozenset({"b3"}): 2}[
        frozenset(moved)
    ]


def _sum_of_batch_means() -> float:
    """The same loss for each image, a mean a batch, added up and divided by the images."""
    losses = np.full(TEST_IMAGES, MEAN_LOSS)
    means = losses.reshape(-1, BATCH).mean(axis=1)
    return float(means.sum() / len(losses))


def _setting(name: str) -> float:
    from engine.recipes.catalog import find_recipe

    return float(find_recipe("mnist-mlp").settings({})[name])


def _shape(name: str) -> tuple[int, ...]:
    import torch

    from engine.recipes.mnist_mlp import init_params

    return tuple(init_params("zeros", torch.Generator())[name].shape)


def _deviation(init: str) -> float:
    """What the recipe's weights are drawn with."""
    import torch

    from engine.recipes.mnist_mlp import init_weight

    w = torch.empty(UNITS, PIXELS)
    init_weight(w, init, torch.Generator().manual_seed(0))
    return float(w.std())


_SCALED = r"\tilde p = \frac{p / 255 - 0.1307}{0.3081}"
_STD = r"s = \sqrt{2 / d}"

BOOK = CheckBook(
    "mlp",
    numbers={
        "mnist_log_10": NumberCheck(lambda: math.log(CLASSES)),
        "mnist_images": NumberCheck(lambda: IMAGES),
        "mnist_test_images": NumberCheck(lambda: TEST_IMAGES),
        "mnist_side": NumberCheck(lambda: math.sqrt(_shape("w1")[1])),
        "mnist_pixels": NumberCheck(lambda: _shape("w1")[1]),
        "mnist_units": NumberCheck(lambda: _shape("w1")[0]),
        "mnist_classes": NumberCheck(lambda: _shape("w3")[0]),
        "mnist_batch": NumberCheck(lambda: _setting("batch_size")),
        "mnist_epochs": NumberCheck(lambda: _setting("epochs")),
        "mnist_rate": NumberCheck(lambda: _setting("lr")),
        "mnist_epoch_batches": NumberCheck(lambda: IMAGES / BATCH),
        "mnist_test_batches": NumberCheck(lambda: TEST_IMAGES / BATCH),
        "mnist_mean_loss": NumberCheck(lambda: MEAN_LOSS),
        "mnist_white": NumberCheck(lambda: 2**8 - 1),
        "mnist_kaiming_factor": NumberCheck(lambda: _gain() ** 2),
        "mnist_small_std": NumberCheck(lambda: _deviation("small_normal")),
        "mnist_standard_std": NumberCheck(lambda: _deviation("standard_normal")),
        "mnist_expected": NumberCheck(lambda: EXPECTED),
        "mnist_adam_rate": NumberCheck(lambda: ADAM_RATE),
        "mnist_lines": NumberCheck(lambda: LINES),
    },
    predicts={
        "mnist_black": NumberQuestion(
            answer=lambda: _normalised(0),
            explanation="Black lies a little below 0, and white, [255](number:mnist_white), far "
            "above: at "
            "[2.8215](number:mnist_black/white-for-black). Many black pixels and few bright ones "
            "balance at the mean 0.",
            slips=(
                Slip(
                    "mean-forgotten",
                    lambda: _by_constants(with_mean=False, with_deviation=True),
                    "The mean is subtracted first: black lies below it.",
                    line=r"\tilde p = \frac{p / 255}{0.3081}",
                    right=_SCALED,
                ),
                Slip(
                    "deviation-forgotten",
                    lambda: _by_constants(with_mean=True, with_deviation=False),
                    "Divide by the standard deviation as well.",
                    line=r"\tilde p = p / 255 - 0.1307",
                    right=_SCALED,
                ),
                Slip(
                    "white-for-black",
                    lambda: _normalised(255),
                    r"That is a white pixel, $\suppose{p = 255}$.",
                    line=r"\tilde p = \frac{255 / 255 - 0.1307}{0.3081}",
                    right=r"\tilde p = \frac{0 / 255 - 0.1307}{0.3081}",
                ),
            ),
            hints=Hints(
                "how far is black from the mean, in standard deviations?",
                f"${_SCALED}$",
                r"$\tilde p = (0 / 255 - 0.1307) / 0.3081$",
            ),
        ),
        "mnist_last_weight": ShapeQuestion(
            shape=_last_weight,
            explanation="[10](number:mnist_classes) units, one row each, and "
            "[200](number:mnist_units) "
            r"inputs. Then $H_2 w_3^\top : n \times 10$.",
            slips=(
                ShapeSlip(
                    "row-for-column",
                    lambda: _last_weight()[::-1],
                    "That is its transpose, as it stands in the product. The tensor itself has one "
                    "row a unit.",
                    line=r"w_3 : 200 \times 10",
                    right=r"w_3 : 10 \times 200",
                ),
                ShapeSlip(
                    "hidden-layer",
                    lambda: (UNITS, UNITS),
                    "That is $w_2$, between the two hidden layers. $w_3$ leads to the ten scores.",
                    line=r"w_3 : 200 \times 200",
                    right=r"w_3 : 10 \times 200",
                ),
            ),
            hints=Hints(
                "one row a unit that receives, one column a unit that gives.",
                "(outputs, inputs).",
                "[10](number:mnist_classes) scores, from [200](number:mnist_units) hidden units.",
            ),
        ),
        "mnist_kaiming_std": NumberQuestion(
            answer=lambda: _gain() / math.sqrt(PIXELS),
            explanation=r"$s = \sqrt{2/784}$. The second and the third layer have "
            "[200](number:mnist_units) inputs, and so "
            r"larger weights: $\sqrt{2/200} =$ [0.1](number:mnist_kaiming_std/outputs-for-inputs).",
            slips=(
                Slip(
                    "variance",
                    lambda: 2 / PIXELS,
                    "That is the variance $s^2$. The standard deviation is its root.",
                    line=r"s = 2 / d",
                    right=_STD,
                ),
                Slip(
                    "outputs-for-inputs",
                    lambda: math.sqrt(2 / UNITS),
                    "That is for [200](number:mnist_units) inputs. A unit of the first layer adds "
                    "up one product for "
                    "each pixel.",
                    line=r"s = \sqrt{2 / 200}",
                    right=r"s = \sqrt{2 / 784}",
                ),
                Slip(
                    "relu-halves-forgotten",
                    lambda: math.sqrt(1 / PIXELS),
                    "That keeps the size of $z$. ReLU throws half of the squares away, and the 2 "
                    "makes up for that.",
                    line=r"s = \sqrt{1 / d}",
                    right=_STD,
                ),
            ),
            hints=Hints(
                "$d$ counts the numbers that one unit adds up.",
                f"${_STD}$",
                r"$s = \sqrt{2 / 784}$",
            ),
        ),
        "mnist_growth": NumberQuestion(
            answer=lambda: math.sqrt(PIXELS),
            explanation=r"$d = 784$ products, each with mean square $s^2 = 1$, add up to a sum "
            r"with "
            r"mean square $\sigma^2 = 784$. Its standard deviation is $\sigma = 28$: so many times "
            "do numbers grow before ReLU.",
            slips=(
                Slip(
                    "variance",
                    lambda: float(PIXELS),
                    "That is the variance of the sum. The standard deviation is its root.",
                    line=r"\sigma = d",
                    right=r"\sigma = \sqrt{d}",
                ),
                Slip(
                    "spread-stays",
                    lambda: 1.0,
                    "That is one product. The unit adds up $d = 784$ of them, and their variances "
                    "add.",
                    line=r"\sigma = s",
                    right=r"\sigma = \sqrt{s^2 \sum_j x_j^2}",
                ),
            ),
            hints=Hints(
                "the variances of the products add up.",
                r"$\sigma = \sqrt{s^2 \sum_j x_j^2}$",
                r"$\sigma = \sqrt{1^2 \cdot 784 \cdot 1}$",
            ),
        ),
        "mnist_zero_start": ChoiceQuestion(
            options=(
                Option(
                    "All of them.",
                    "The gradient of a weight is what comes in times the delta. Here the hidden "
                    "layers hand on 0, and no delta comes back through weights of 0.",
                    slip="xor-symmetry",
                    line=r"\frac{\partial L}{\partial w_3} \ne 0",
                    right_line=r"H_2 = 0, \quad \frac{\partial L}{\partial w_3} = 0",
                ),
                Option(
                    "All biases, and no weights.",
                    "The deltas of the hidden layers come back through $w_3$, and $w_3 = 0$. So "
                    "$b_1$ and $b_2$ get nothing either.",
                ),
                Option(
                    "The last biases $b_3$ only.",
                    "All hidden outputs are 0, so $w_3$ gets no gradient; $w_3 = 0$, so nothing "
                    "goes further back. Only $b_3$ learns.",
                    right=True,
                ),
            ),
            proof=_what_moves_from_zeros,
        ),
        "mnist_updates": NumberQuestion(
            answer=lambda: float(EPOCHS * math.ceil(IMAGES / BATCH)),
            explanation="[300](number:mnist_epoch_batches) batches an epoch, and no smaller one at "
            "the "
            "end: [200](number:mnist_batch) divides [60 000](number:mnist_images).",
            tolerance=0,
            slips=(
                Slip(
                    "one-epoch",
                    lambda: IMAGES / BATCH,
                    "That is one epoch. There are ten.",
                    line=r"\frac{60000}{200}",
                    right=r"10 \cdot \frac{60000}{200}",
                ),
                Slip(
                    "samples-for-updates",
                    lambda: float(EPOCHS * IMAGES),
                    "That is how many images are looked at. One update looks at "
                    "[200](number:mnist_batch).",
                    line=r"10 \cdot 60000",
                    right=r"10 \cdot \frac{60000}{200}",
                ),
            ),
            hints=Hints(
                "one update a batch; how many batches has an epoch?",
                "epochs · images / batch size",
                "[10](number:mnist_epochs) · [60 000](number:mnist_images) / "
                "[200](number:mnist_batch)",
            ),
        ),
        "mnist_wrong_loss": NumberQuestion(
            answer=_sum_of_batch_means,
            explanation="[50](number:mnist_test_batches) means add up to "
            "[7.5](number:mnist_wrong_loss/sum-for-mean), and that divided by "
            "[10 000](number:mnist_test_images) is [200](number:mnist_batch) times too small: each "
            "batch was divided by its images before. When you see so small a loss "
            "beside so many mistakes, look here.",
            slips=(
                Slip(
                    "right-mean-expected",
                    lambda: MEAN_LOSS,
                    "That is what it should print. A sum of [50](number:mnist_test_batches) "
                    "*means* "
                    "must be divided by [50](number:mnist_test_batches).",
                    line=r"\frac{50 \cdot 0.15}{50}",
                    right=r"\frac{50 \cdot 0.15}{10000}",
                ),
                Slip(
                    "sum-for-mean",
                    lambda: MEAN_LOSS * TEST_IMAGES / BATCH,
                    "That is the sum of the [50](number:mnist_test_batches) means. The program "
                    "divides it by [10 000](number:mnist_test_images).",
                    line=r"50 \cdot 0.15",
                    right=r"\frac{50 \cdot 0.15}{10000}",
                ),
            ),
            hints=Hints(
                "what do [50](number:mnist_test_batches) means of [0.15](number:mnist_mean_loss) "
                "add "
                "up to?",
                "number of batches · mean / number of images",
                "[50](number:mnist_test_batches) · [0.15](number:mnist_mean_loss) / "
                "[10 000](number:mnist_test_images)",
            ),
        ),
    },
)

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
    """0.15 for each of 10 000 images, a mean a batch, added up and divided by the images."""
    losses = np.full(10_000, 0.15)
    means = losses.reshape(50, 200).mean(axis=1)
    return float(means.sum() / len(losses))


_SCALED = r"x = \frac{p / 255 - 0.1307}{0.3081}"
_STD = r"s = \sqrt{2 / d}"

BOOK = CheckBook(
    "mlp",
    numbers={"mnist_log_10": NumberCheck(lambda: math.log(10))},
    predicts={
        "mnist_black": NumberQuestion(
            answer=lambda: _normalised(0),
            explanation="Black lies a little below 0, and white, 255, far above: at "
            "[2.8215](number:mnist_black/white-for-black). Many black pixels and few bright ones "
            "balance at the mean 0.",
            slips=(
                Slip(
                    "mean-forgotten",
                    lambda: _by_constants(with_mean=False, with_deviation=True),
                    "The mean is subtracted first: black lies below it.",
                    line=r"x = \frac{p / 255}{0.3081}",
                    right=_SCALED,
                ),
                Slip(
                    "deviation-forgotten",
                    lambda: _by_constants(with_mean=True, with_deviation=False),
                    "Divide by the standard deviation as well.",
                    line=r"x = p / 255 - 0.1307",
                    right=_SCALED,
                ),
                Slip(
                    "white-for-black",
                    lambda: _normalised(255),
                    "That is a white pixel, $p = 255$.",
                    line=r"x = \frac{255 / 255 - 0.1307}{0.3081}",
                    right=r"x = \frac{0 / 255 - 0.1307}{0.3081}",
                ),
            ),
            hints=Hints(
                "how far is black from the mean, in standard deviations?",
                f"${_SCALED}$",
                "$(0 / 255 - 0.1307) / 0.3081$",
            ),
        ),
        "mnist_last_weight": ShapeQuestion(
            shape=_last_weight,
            explanation="Ten units, one row each, and 200 inputs. $H_2 w_3^\\top$ is then "
            "$(n \\times 200) \\cdot (200 \\times 10)$.",
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
                    lambda: (200, 200),
                    "That is $w_2$, between the two hidden layers. $w_3$ leads to the ten scores.",
                    line=r"w_2 : 200 \times 200",
                    right=r"w_3 : 10 \times 200",
                ),
            ),
            hints=Hints(
                "one row a unit that receives, one column a unit that gives.",
                "(outputs, inputs).",
                "10 scores, from 200 hidden units.",
            ),
        ),
        "mnist_kaiming_std": NumberQuestion(
            answer=lambda: _gain() / math.sqrt(784),
            explanation=r"$\sqrt{2/784}$. The second and the third layer have 200 inputs, and so "
            r"larger weights: $\sqrt{2/200} =$ [0.1](number:mnist_kaiming_std/outputs-for-inputs).",
            slips=(
                Slip(
                    "variance",
                    lambda: 2 / 784,
                    "That is the variance $s^2$. The standard deviation is its root.",
                    line=r"s = 2 / d",
                    right=_STD,
                ),
                Slip(
                    "outputs-for-inputs",
                    lambda: math.sqrt(2 / 200),
                    "That is for 200 inputs. A unit of the first layer adds up one product for "
                    "each pixel.",
                    line=r"s = \sqrt{2 / 200}",
                    right=r"s = \sqrt{2 / 784}",
                ),
                Slip(
                    "relu-halves-forgotten",
                    lambda: math.sqrt(1 / 784),
                    "That keeps the size of $z$. ReLU throws half of the squares away, and the 2 "
                    "makes up for that.",
                    line=r"s = \sqrt{1 / d}",
                    right=_STD,
                ),
            ),
            hints=Hints(
                "$d$ counts the numbers that one unit adds up.",
                f"${_STD}$",
                r"$\sqrt{2 / 784}$",
            ),
        ),
        "mnist_growth": NumberQuestion(
            answer=lambda: math.sqrt(784),
            explanation="784 products, each with mean square 1, add up to a sum with mean square "
            "784. Its standard deviation is 28: numbers grow 28-fold before ReLU.",
            slips=(
                Slip(
                    "variance",
                    lambda: 784.0,
                    "That is the variance of the sum. The standard deviation is its root.",
                    line=r"\mathbb{E}[z^2] = d",
                    right=r"\sqrt{\mathbb{E}[z^2]} = \sqrt{d}",
                ),
                Slip(
                    "spread-stays",
                    lambda: 1.0,
                    "That is one product. The unit adds up 784 of them, and their variances add.",
                    line=r"\mathbb{E}[z^2] = s^2",
                    right=r"\mathbb{E}[z^2] = s^2 \sum_j x_j^2",
                ),
            ),
            hints=Hints(
                "the variances of the products add up.",
                r"$\mathbb{E}[z^2] = s^2 \sum_j x_j^2$",
                r"$\sqrt{1^2 \cdot 784 \cdot 1}$",
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
                    right_line=r"H_2 = 0 \quad\Rightarrow\quad \frac{\partial L}{\partial w_3} = 0",
                ),
                Option(
                    "All biases, and no weights.",
                    "The deltas of the hidden layers come back through $w_3$, and that is 0. So "
                    "$b_1$ and $b_2$ get nothing either.",
                ),
                Option(
                    "The last biases $b_3$ only.",
                    "All hidden outputs are 0, so $w_3$ gets no gradient; $w_3$ is 0, so nothing "
                    "goes further back. Only $b_3$ learns.",
                    right=True,
                ),
            ),
            proof=_what_moves_from_zeros,
        ),
        "mnist_updates": NumberQuestion(
            answer=lambda: 10.0 * math.ceil(60_000 / 200),
            explanation="300 batches an epoch, and no smaller one at the end: 200 divides 60 000.",
            tolerance=0,
            slips=(
                Slip(
                    "one-epoch",
                    lambda: 60_000 / 200,
                    "That is one epoch. There are ten.",
                    line=r"\frac{60000}{200}",
                    right=r"10 \cdot \frac{60000}{200}",
                ),
                Slip(
                    "samples-for-updates",
                    lambda: 600_000.0,
                    "That is how many images are looked at. One update looks at 200.",
                    line=r"10 \cdot 60000",
                    right=r"10 \cdot \frac{60000}{200}",
                ),
            ),
            hints=Hints(
                "one update a batch; how many batches has an epoch?",
                "epochs · images / batch size",
                "10 · 60 000 / 200",
            ),
        ),
        "mnist_wrong_loss": NumberQuestion(
            answer=_sum_of_batch_means,
            explanation="50 means add up to 7.5, and that divided by 10 000 is 200 times too "
            "small: each batch was divided by its 200 images before. When you see so small a loss "
            "beside so many mistakes, look here.",
            slips=(
                Slip(
                    "right-mean-expected",
                    lambda: 0.15,
                    "That is what it should print. A sum of 50 *means* must be divided by 50.",
                    line=r"\frac{50 \cdot 0.15}{50}",
                    right=r"\frac{50 \cdot 0.15}{10000}",
                ),
                Slip(
                    "sum-for-mean",
                    lambda: 7.5,
                    "That is the sum of the 50 means. The program divides it by 10 000.",
                    line=r"50 \cdot 0.15",
                    right=r"\frac{50 \cdot 0.15}{10000}",
                ),
            ),
            hints=Hints(
                "what do 50 means of 0.15 add up to?",
                "number of batches · mean / number of images",
                "50 · 0.15 / 10 000",
            ),
        ),
    },
)

"""The numbers and questions of `linear/likelihood`."""

from __future__ import annotations

import numpy as np

from lessons.checks.base import (
    CheckBook,
    ChoiceQuestion,
    Draw,
    Hints,
    NumberCheck,
    NumberQuestion,
    Option,
    Question,
    Slip,
)
from lessons.checks.linear.likelihood import SAMPLES, data, mean_loss


def _product_of_densities() -> int:
    """The option that is right: the product of 1000 factors 0.1 in float64."""
    product = float(np.prod(np.full(1000, 0.1)))
    return 2 if product == 0.0 else int(product > 1e-300)


def _second_term() -> int:
    """The option that is right: which term moves when a weight moves."""
    rng = np.random.default_rng(0)
    here = data(rng)
    there = Draw(**{**vars(here), "e": here.e - 0.1 * here.X[:, 0]})
    first = [SAMPLES / 2 * np.log(2 * np.pi * d.sigma**2) for d in (here, there)]
    second = [SAMPLES / d.sigma**2 * mean_loss(d) for d in (here, there)]
    return 1 if first[0] == first[1] and second[0] != second[1] else 0


def _less_hurt() -> int:
    """The option whose best constant moves less when one of nine values goes wild."""
    calm = np.arange(1.0, 10)
    wild = np.append(calm[:-1], 1000.0)
    moved = [abs(best(wild) - best(calm)) for best in (np.mean, np.median)]
    return int(np.argmin(moved))


PREDICTS: dict[str, Question] = {
    "density_peak": NumberQuestion(
        answer=lambda: float(1 / np.sqrt(2 * np.pi * 0.01**2)),
        explanation="At 0 the exponential is 1, so only $1 / \\sqrt{2 \\pi \\sigma^2}$ remains. "
        "The curve is very narrow, so it must be high to hold the area 1.",
        slips=(
            Slip(
                "sigma-left-out",
                lambda: float(1 / np.sqrt(2 * np.pi)),
                "That is the density for $\\sigma = 1$. Divide by $\\sigma = 0.01$ as well.",
                line=r"p(0) = \frac{1}{\sqrt{2 \pi}}",
                right=r"p(0) = \frac{1}{\sqrt{2 \pi \sigma^2}}",
            ),
            Slip(
                "probability-one",
                lambda: 1.0,
                "That is the exponential at 0. The factor before it belongs to the density, too.",
                line=r"p(0) = \exp(0)",
                right=r"p(0) = \frac{1}{\sqrt{2 \pi \sigma^2}} \exp(0)",
            ),
            Slip(
                "no-root",
                lambda: float(1 / (2 * np.pi * 0.01**2)),
                "You forgot the root.",
                line=r"p(0) = \frac{1}{2 \pi \sigma^2}",
                right=r"p(0) = \frac{1}{\sqrt{2 \pi \sigma^2}}",
            ),
        ),
        hints=Hints(
            idea=(
                "at 0 the exponential is as large as it gets, and only the factor before it is "
                "left."
            ),
            formula=r"$p(0) = \frac{1}{\sqrt{2 \pi \sigma^2}}$",
            numbers="1 / √(2 · π · 0.01²)",
        ),
    ),
    "likelihood_underflow": ChoiceQuestion(
        options=(
            Option(
                "About $10^{-1000}$.",
                "On paper, yes. But the smallest positive float64 is about $5 \\cdot 10^{-324}$.",
            ),
            Option(
                "About $10^{-300}$, the smallest number that there is.",
                "A product that is too small does not stop there: it is rounded to the nearest "
                "number, and that is 0.",
            ),
            Option(
                "0",
                "The product underflows, and 0 tells nothing about the parameters. The sum of the "
                "logarithms is an ordinary number, about "
                "[−2303](number:sum_of_logarithms).",
                right=True,
            ),
        ),
        proof=_product_of_densities,
    ),
    "which_term": ChoiceQuestion(
        options=(
            Option("Both terms.", "The first one holds only $n$ and $\\sigma$."),
            Option(
                "Only the second, through $L$.",
                "So the first term moves no minimum, and $n/\\sigma^2$ only stretches the second.",
                right=True,
            ),
            Option(
                "Only the first.",
                "The first one holds only $n$ and $\\sigma$. Where are the errors?",
            ),
        ),
        proof=_second_term,
    ),
    "noise_from_loss": NumberQuestion(
        answer=lambda: float(np.sqrt(2 * 0.00005)),
        explanation="$\\sigma^2 = 2 \\cdot 0.00005 =$ "
        "[0.0001](number:noise_from_loss/variance). This is the noise that was put into "
        "the data of this chapter.",
        slips=(
            Slip(
                "no-half",
                lambda: float(np.sqrt(0.00005)),
                "The loss is *half* the squared error: $\\sigma^2 = 2L$.",
                line=r"\sigma^2 = L",
                right=r"\sigma^2 = 2 L",
            ),
            Slip(
                "variance",
                lambda: 2 * 0.00005,
                "That is $\\sigma^2$. Take the root.",
                line=r"\sigma = 2 L",
                right=r"\sigma = \sqrt{2 L}",
            ),
        ),
        hints=Hints(
            idea="the variance is the mean of the squared errors, and the loss is half of that.",
            formula=r"$\sigma^2 = 2 L$, so $\sigma = \sqrt{2 L}$.",
            numbers="√(2 · 0.00005)",
        ),
    ),
    "outlier_belief": ChoiceQuestion(
        options=(
            Option(
                "The squared one: normal noise is the usual case.",
                "An error of 100 costs 5000 there. A normal noise of that size is so improbable "
                "that the whole line bends to avoid it.",
            ),
            Option(
                "The absolute one: it holds large errors for less improbable.",
                "An error of 100 costs 100 there, not 5000, so a few wild prices do not pull the "
                "line to themselves.",
                right=True,
            ),
        ),
        proof=_less_hurt,
    ),
}

BOOK = CheckBook(
    "linear",
    numbers={
        "sum_of_logarithms": NumberCheck(lambda: float(np.log(np.full(1000, 0.1)).sum())),
    },
    predicts=PREDICTS,
)

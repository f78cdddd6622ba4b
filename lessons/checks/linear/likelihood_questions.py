"""The numbers and questions of `linear/likelihood`."""

from __future__ import annotations

from functools import partial

import numpy as np

from engine.formulas.proving import holds
from lessons.checks.base import (
    CheckBook,
    ChoiceQuestion,
    Hints,
    NumberCheck,
    NumberQuestion,
    Option,
    Question,
    Slip,
)
from lessons.course.linear.likelihood.facts import EACH, FACTORS, FINAL_LOSS, NARROW, NOTATION

TOO_SMALL = 300
"""The power of ten that a wrong option holds for the smallest number."""


def _product_of_densities() -> int:
    """The option that is right: the product of many small factors in float64."""
    product = float(np.prod(np.full(FACTORS, EACH)))
    return 2 if product == 0.0 else int(product > 10.0**-TOO_SMALL)


def _second_term() -> int:
    """The option that is right: which term moves when a weight moves."""
    terms = (r"\frac{n}{2} \ln(2 \pi \sigma^2)", r"\frac{n}{\sigma^2} L")
    rests = [holds(rf"\nabla \left( {term} \right) = 0", NOTATION) for term in terms]
    return 1 if rests == [True, False] else 0


def _less_hurt() -> int:
    """The option whose best constant moves less when one of nine values goes wild."""
    calm = np.arange(1.0, 10)
    wild = np.append(calm[:-1], 1000.0)
    moved = [abs(best(wild) - best(calm)) for best in (np.mean, np.median)]
    return int(np.argmin(moved))


PREDICTS: dict[str, Question] = {
    "density_peak": NumberQuestion(
        answer=lambda: float(1 / np.sqrt(2 * np.pi * NARROW**2)),
        explanation="$\\exp(0) = 1$, so only $p(0) = \\frac{1}{\\sqrt{2 \\pi \\sigma^2}}$ remains. "
        "The curve is very narrow, so it must be high to hold the area one.",
        slips=(
            Slip(
                "sigma-left-out",
                lambda: float(1 / np.sqrt(2 * np.pi)),
                "That is the density for a standard deviation of one. Divide by $\\sigma = 0.01$ "
                "as well.",
                line=r"p(0) = \frac{1}{\sqrt{2 \pi}}",
                right=r"p(0) = \frac{1}{\sqrt{2 \pi \sigma^2}}",
            ),
            Slip(
                "probability-one",
                lambda: 1.0,
                "That is the exponential at zero. The factor before it belongs to the density, "
                "too.",
                line=r"p(0) = \exp(0)",
                right=r"p(0) = \frac{1}{\sqrt{2 \pi \sigma^2}} \exp(0)",
            ),
            Slip(
                "no-root",
                lambda: float(1 / (2 * np.pi * NARROW**2)),
                "You forgot the root.",
                line=r"p(0) = \frac{1}{2 \pi \sigma^2}",
                right=r"p(0) = \frac{1}{\sqrt{2 \pi \sigma^2}}",
            ),
        ),
        hints=Hints(
            idea=(
                "at zero the exponential is as large as it gets, and only the factor before it is "
                "left."
            ),
            formula=r"$p(0) = \frac{1}{\sqrt{2 \pi \sigma^2}}$",
            numbers=r"$p(0) = \frac{1}{\sqrt{2 \pi \cdot 0.01^2}}$",
        ),
    ),
    "likelihood_underflow": ChoiceQuestion(
        options=(
            Option(
                "About $10^{\\num{power_of_factors}{-1000}}$.",
                "On paper, yes. But the smallest positive float64 is about "
                "[5e-324](number:smallest_float64).",
            ),
            Option(
                "About $10^{-\\num{too_small}{300}}$, the smallest number that there is.",
                "A product that is too small does not stop there: it is rounded to the nearest "
                "number, and that is zero.",
            ),
            Option(
                "Zero.",
                "The product underflows, and zero tells nothing about the parameters. The sum of "
                "the "
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
                "So the first term moves no minimum, and $\\frac{n}{\\sigma^2}$ only stretches "
                "the second.",
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
        answer=lambda: float(np.sqrt(2 * FINAL_LOSS)),
        explanation="$\\sigma^2 = 2 \\cdot 0.00005 =$ "
        "[0.0001](number:noise_from_loss/variance). This is the noise that was put into "
        "the data of this chapter.",
        slips=(
            Slip(
                "no-half",
                lambda: float(np.sqrt(FINAL_LOSS)),
                "The loss is *half* the squared error: $\\sigma^2 = 2L$.",
                line=r"\sigma = \sqrt{L}",
                right=r"\sigma = \sqrt{2 L}",
            ),
            Slip(
                "variance",
                lambda: 2 * FINAL_LOSS,
                "That is $\\sigma^2$. Take the root.",
                line=r"\sigma = 2 L",
                right=r"\sigma = \sqrt{2 L}",
            ),
        ),
        hints=Hints(
            idea="the variance is the mean of the squared errors, and the loss is half of that.",
            formula=r"$\sigma^2 = 2 L$, so $\sigma = \sqrt{2 L}$.",
            numbers=r"$\sigma = \sqrt{2 \cdot 0.00005}$",
        ),
    ),
    "outlier_belief": ChoiceQuestion(
        options=(
            Option(
                "The squared one: normal noise is the usual case.",
                "An error $u = 100$ costs $\\frac12 u^2 = 5000$ there. A normal noise of that "
                "size is so improbable "
                "that the whole line bends to avoid it.",
            ),
            Option(
                "The absolute one: it holds large errors for less improbable.",
                "An error $u = 100$ costs $|u| = 100$ there, not $\\frac12 u^2 = 5000$, so a few "
                "wild prices do not pull the "
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
        "sum_of_logarithms": NumberCheck(lambda: float(np.log(np.full(FACTORS, EACH)).sum())),
        "power_of_factors": NumberCheck(lambda: FACTORS * float(np.log10(EACH))),
        "smallest_float64": NumberCheck(lambda: float(np.nextafter(0.0, 1.0))),
        "too_small": NumberCheck(partial(float, TOO_SMALL)),
        "factors": NumberCheck(partial(float, FACTORS)),
        "each_factor": NumberCheck(partial(float, EACH)),
        "noise_mean": NumberCheck(partial(float, 0)),
    },
    predicts=PREDICTS,
)

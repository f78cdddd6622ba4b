"""The numbers and questions of `functions/entropy`."""

from __future__ import annotations

import numpy as np

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
from lessons.checks.functions.entropy import cross, divergence, entropy

P, Q = np.array([0.5, 0.3, 0.2]), np.array([0.2, 0.3, 0.5])
"""The two examples of the lesson."""


def _infinite_direction() -> int:
    """The option with an infinite D(p‖q) for p = (½, ½): a q that rules out what happens."""
    options = (np.array([0.9, 0.1]), np.array([1.0, 0.0]), np.array([0.5, 0.5]))
    with np.errstate(divide="ignore"):
        found = [divergence(np.array([0.5, 0.5]), q) for q in options]
    return next(index for index, value in enumerate(found) if np.isinf(value))


def _noise_floor() -> int:
    """The option that is right: the best cross entropy is the entropy of the labels, above 0."""
    floor = entropy(np.array([0.9, 0.1]))
    best = min(cross(np.array([0.9, 0.1]), np.array([q, 1 - q])) for q in np.arange(0.01, 1, 0.01))
    return 1 if floor > 0 and abs(best - floor) < 1e-9 else 0


PREDICTS: dict[str, Question] = {
    "surprise_tenth": NumberQuestion(
        answer=lambda: float(-np.log(0.1)),
        explanation="$-\\ln 0.1 = \\ln 10$, the same as for a model that guesses among ten "
        "classes.",
        slips=(
            Slip(
                "sign",
                lambda: float(np.log(0.1)),
                "The logarithm of a number below 1 is negative. The surprise has a minus before "
                "it.",
                line=r"\ln p",
                right=r"-\ln p",
            ),
            Slip(
                "log-base-10",
                lambda: 1.0,
                "That is the logarithm to base 10. Take the natural one.",
                line=r"-\log_{10} p",
                right=r"-\ln p",
            ),
            Slip(
                "bits",
                lambda: float(-np.log2(0.1)),
                "That is the surprise in bits, with the logarithm to base 2. Take the natural one.",
                line=r"-\log_2 p",
                right=r"-\ln p",
            ),
            Slip(
                "complement",
                lambda: 0.9,
                "That is $1 - p$. Take the logarithm of $p$.",
                line="1 - p",
                right=r"-\ln p",
            ),
        ),
        hints=Hints(
            idea="surprise is measured by a logarithm, and it is never negative.",
            formula=r"$-\ln p$",
            numbers=r"$-\ln 0.1$",
        ),
    ),
    "certain_entropy": NumberQuestion(
        answer=lambda: entropy(np.array([0.0, 1.0, 0.0])),
        explanation="$-1 \\cdot \\ln 1 = 0$, and the other classes count as 0. What is certain "
        "does not surprise.",
        slips=(
            Slip(
                "uniform",
                lambda: float(np.log(3)),
                "That is the entropy of three equally probable classes. Here one is certain.",
                line=r"H(p) = \ln K",
                right=r"H(p) = -\sum_i p_i \ln p_i",
            ),
            Slip(
                "log-of-one",
                lambda: 1.0,
                "$\\ln 1$ is 0, not 1.",
                line=r"\ln 1 = 1",
                right=r"\ln 1 = 0",
            ),
        ),
        hints=Hints(
            idea="only one class ever happens. How much does a certain event surprise?",
            formula=r"$H(p) = -\sum_i p_i \ln p_i$",
            numbers=r"$-1 \cdot \ln 1$, and 0 for each of the others.",
        ),
    ),
    "cross_self": NumberQuestion(
        answer=lambda: cross(P, P),
        explanation="With $q = p$ the two formulas are the same: a model that expects the truth "
        "has the entropy as its mean surprise.",
        slips=(
            Slip(
                "zero-at-truth",
                lambda: 0.0,
                "The *added* surprise is 0. What happens by chance still surprises: look at the "
                "two formulas once more.",
                line="H(p, p) = 0",
                right="H(p, p) = H(p)",
            ),
            Slip(
                "wrong-q",
                lambda: cross(P, Q),
                "That is the cross entropy with the other $q$. Put $p$ in both places.",
                line=r"-\sum_i p_i \ln q_i",
                right=r"-\sum_i p_i \ln p_i",
            ),
        ),
        hints=Hints(
            idea="how much is a model surprised that expects what is true?",
            formula=r"$H(p, p) = -\sum_i p_i \ln p_i$",
            numbers="−(0.5 · ln 0.5 + 0.3 · ln 0.3 + 0.2 · ln 0.2)",
        ),
    ),
    "split_number": NumberQuestion(
        answer=lambda: divergence(P, Q),
        explanation="$D = H(p, q) - H(p)$.",
        slips=(
            Slip(
                "sum-for-difference",
                lambda: entropy(P) + cross(P, Q),
                "You added the two. The cross entropy is the whole, and the entropy is a part of "
                "it.",
                line=r"D(p \parallel q) = H(p, q) + H(p)",
                right=r"D(p \parallel q) = H(p, q) - H(p)",
            ),
        ),
        tolerance=1e-3,
        hints=Hints(
            idea="the cross entropy is the whole; the entropy is a part of it.",
            formula=r"$D(p \parallel q) = H(p, q) - H(p)$",
            numbers="[1.304540](number:cross_pq) − [1.029653](number:entropy_p)",
        ),
    ),
    "log_line_two": NumberQuestion(
        answer=lambda: float(2 - 1 - np.log(2)),
        explanation="$2 - 1 - \\ln 2$.",
        slips=(
            Slip(
                "logarithm-only",
                lambda: float(np.log(2)),
                "That is $\\ln 2$ itself. The line stands at 1 there: how far above?",
                line=r"\ln x",
                right=r"(x - 1) - \ln x",
            ),
            Slip(
                "line-forgotten-one",
                lambda: float(2 - np.log(2)),
                "The line is $x - 1$, so it stands at 1 for $x = 2$.",
                line=r"x - \ln x",
                right=r"(x - 1) - \ln x",
            ),
        ),
        hints=Hints(
            idea="two heights above the same place: take the lower one from the upper.",
            formula=r"$(x - 1) - \ln x$",
            numbers=r"$(2 - 1) - \ln 2$",
        ),
    ),
    "kl_direction": ChoiceQuestion(
        options=(
            Option(
                "$q = (0.9, 0.1)$",
                "Both logarithms are ordinary numbers, so the sum is one as well.",
            ),
            Option(
                "$q = (1, 0)$",
                "The second class happens half of the time, and the model held it impossible: "
                "$\\ln(0.5 / 0)$ has no limit. Never give the probability 0 to what can happen.",
                right=True,
            ),
            Option("$q = (0.5, 0.5)$", "There $q = p$, and the divergence is 0."),
        ),
        proof=_infinite_direction,
    ),
    "label_noise": ChoiceQuestion(
        options=(
            Option(
                "Yes, with enough training.",
                "It can learn the labels it has seen by heart. On new ones it cannot know which "
                "are wrong.",
            ),
            Option(
                "No: the entropy of the labels remains.",
                "The true $p$ is not one-hot then, so $H(p)$ is above 0, and no $q$ gets below it.",
                right=True,
            ),
        ),
        proof=_noise_floor,
    ),
    "ce_slope_number": NumberQuestion(
        answer=lambda: float(Q[0] - 1.0),
        explanation="$q_1 - p_1 = 0.2 - 1$. It is negative: raising this score lowers the loss.",
        slips=(
            Slip(
                "sign",
                lambda: 0.8,
                "You took $p - q$. The loss falls when the score of the right class rises, so the "
                "slope is negative.",
                line=r"\frac{\partial H(p, q)}{\partial z_j} = p_j - q_j",
                right=r"\frac{\partial H(p, q)}{\partial z_j} = q_j - p_j",
            ),
            Slip(
                "wrong-class",
                lambda: 0.2,
                "That would be right if class 1 were wrong, with $p_1 = 0$. Here $p_1 = 1$.",
                line=r"\frac{\partial H(p, q)}{\partial z_j} = q_j",
                right=r"\frac{\partial H(p, q)}{\partial z_j} = q_j - p_j",
            ),
            Slip(
                "slope-on-probability",
                lambda: -1 / 0.2,
                "That is the slope for the probability $q_1$. For the score, softmax is in "
                "between.",
                line=r"\frac{\partial H(p, q)}{\partial q_j} = -\frac{p_j}{q_j}",
                right=r"\frac{\partial H(p, q)}{\partial z_j} = q_j - p_j",
            ),
            Slip(
                "extra-derivative",
                lambda: (0.2 - 1) * 0.2 * 0.8,
                "You multiplied by $q_1(1 - q_1)$ as well. The logarithm has cancelled that "
                "factor.",
                line=r"\frac{\partial H(p, q)}{\partial z_j} = (q_j - p_j) \, q_j \, (1 - q_j)",
                right=r"\frac{\partial H(p, q)}{\partial z_j} = q_j - p_j",
            ),
        ),
        hints=Hints(
            idea="how far is the model from the truth at this one class, and on which side?",
            formula=r"$\frac{\partial H(p, q)}{\partial z_j} = q_j - p_j$",
            numbers="0.2 − 1",
        ),
    ),
}

BOOK = CheckBook(
    "functions",
    numbers={
        "ln_ten": NumberCheck(lambda: float(np.log(10))),
        "ln_three": NumberCheck(lambda: float(np.log(3))),
        "entropy_p": NumberCheck(lambda: entropy(P)),
        "cross_pq": NumberCheck(lambda: cross(P, Q)),
        "kl_forward": NumberCheck(lambda: divergence(np.array([0.9, 0.1]), np.array([0.5, 0.5]))),
        "kl_backward": NumberCheck(lambda: divergence(np.array([0.5, 0.5]), np.array([0.9, 0.1]))),
    },
    predicts=PREDICTS,
)

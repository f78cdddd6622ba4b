"""The numbers and questions of `functions/entropy`."""

from __future__ import annotations

import numpy as np

from lessons.checks.base import (
    CheckBook,
    ChoiceQuestion,
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
            ),
            Slip(
                "other-logarithm",
                lambda: 1.0,
                "That is the logarithm to base 10. Take the natural one.",
            ),
            Slip(
                "bits",
                lambda: float(-np.log2(0.1)),
                "That is the surprise in bits, with the logarithm to base 2. Take the natural one.",
            ),
            Slip("complement", lambda: 0.9, "That is $1 - p$. Take the logarithm of $p$."),
        ),
        hint="Take the natural logarithm of 0.1, and turn its sign.",
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
            ),
            Slip("log-of-one", lambda: 1.0, "$\\ln 1$ is 0, not 1."),
        ),
        hint="$\\ln 1 = 0$, and a class that never happens counts as 0.",
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
            ),
            Slip(
                "wrong-q",
                lambda: cross(P, Q),
                "That is the cross entropy with the other $q$. Put $p$ in both places.",
            ),
        ),
        hint="Put $p_i$ in for $q_i$, and compare with the formula of the entropy.",
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
            ),
        ),
        tolerance=1e-3,
        hint="The cross entropy is the sum of entropy and divergence.",
    ),
    "log_line_two": NumberQuestion(
        answer=lambda: float(2 - 1 - np.log(2)),
        explanation="$2 - 1 - \\ln 2$.",
        slips=(
            Slip(
                "logarithm-only",
                lambda: float(np.log(2)),
                "That is $\\ln 2$ itself. The line stands at 1 there: how far above?",
            ),
            Slip(
                "line-forgotten-one",
                lambda: float(2 - np.log(2)),
                "The line is $x - 1$, so it stands at 1 for $x = 2$.",
            ),
        ),
        hint="Compute $x - 1 - \\ln x$.",
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
            ),
            Slip(
                "wrong-class",
                lambda: 0.2,
                "That would be right if class 1 were wrong, with $p_1 = 0$. Here $p_1 = 1$.",
            ),
            Slip(
                "slope-on-probability",
                lambda: -1 / 0.2,
                "That is the slope for the probability $q_1$. For the score, softmax is in "
                "between.",
            ),
            Slip(
                "extra-derivative",
                lambda: (0.2 - 1) * 0.2 * 0.8,
                "You multiplied by $q_1(1 - q_1)$ as well. The logarithm has cancelled that "
                "factor.",
            ),
        ),
        hint="Put $q_1 = 0.2$ and $p_1 = 1$ into the last line.",
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

"""The numbers and questions of `functions/entropy`."""

from __future__ import annotations

import numpy as np

from lessons.checks.base import (
    Array,
    CheckBook,
    ChoiceQuestion,
    Hints,
    NumberCheck,
    NumberQuestion,
    Option,
    OrderQuestion,
    Question,
    Slip,
)
from lessons.course.functions.entropy import facts
from lessons.course.functions.entropy.facts import (
    BACKWARD,
    CERTAIN,
    FORWARD,
    HALVES,
    LINE_AT,
    NOISY,
    RARE,
    RULED_OUT,
    SPREADS,
)

P, Q = np.array(facts.P), np.array(facts.Q)
"""The two examples of the lesson."""

DIRECTIONS = (FORWARD, RULED_OUT, BACKWARD)
"""What a model may expect where both classes are equally probable."""


def entropy(p: Array) -> float:
    """H(p) = −Σ p_i ln p_i, classes that never happen left out."""
    return float(0.0 - sum(share * np.log(share) for share in p if share > 0))


def cross(p: Array, q: Array) -> float:
    """H(p, q) = −Σ p_i ln q_i."""
    return float(-sum(share * np.log(other) for share, other in zip(p, q, strict=True)))


def divergence(p: Array, q: Array) -> float:
    """D(p‖q) = Σ p_i ln(p_i / q_i)."""
    return float(sum(share * np.log(share / other) for share, other in zip(p, q, strict=True)))


def _never() -> float:
    """What a class that never happens adds to the entropy, by torch."""
    import torch

    return float(torch.special.entr(torch.tensor(0.0)))


def _written(p: tuple[float, ...]) -> str:
    """Probabilities as LaTeX."""
    return f"({', '.join(f'{share:g}' for share in p)})"


def _infinite_direction() -> int:
    """The option with an infinite D(p‖q) for p = (½, ½): a q that rules out what happens."""
    with np.errstate(divide="ignore"):
        found = [divergence(np.array(HALVES), np.array(q)) for q in DIRECTIONS]
    return next(index for index, value in enumerate(found) if np.isinf(value))


def _noise_floor() -> int:
    """The option that is right: the best cross entropy is the entropy of the labels, above 0."""
    p = np.array(NOISY)
    floor = entropy(p)
    best = min(cross(p, np.array([q, 1 - q])) for q in np.arange(0.01, 1, 0.01))
    return 1 if floor > 0 and abs(best - floor) < 1e-9 else 0


PREDICTS: dict[str, Question] = {
    "surprise_tenth": NumberQuestion(
        answer=lambda: float(-np.log(RARE)),
        explanation="$-\\ln 0.1 = \\ln 10$, the same as for a model that guesses among ten "
        "classes.",
        slips=(
            Slip(
                "sign",
                lambda: float(np.log(RARE)),
                "The logarithm of a number below 1 is negative. The surprise has a minus before "
                "it.",
                line=r"\ln p",
                right=r"-\ln p",
            ),
            Slip(
                "log-base-10",
                lambda: float(-np.log10(RARE)),
                "That is the logarithm to base 10. Take the natural one.",
                line=r"-\log_{10}(p)",
                right=r"-\ln p",
            ),
            Slip(
                "bits",
                lambda: float(-np.log2(RARE)),
                "That is the surprise in bits, with the logarithm to base 2. Take the natural one.",
                line=r"-\log_2(p)",
                right=r"-\ln p",
            ),
            Slip(
                "complement",
                lambda: 1 - RARE,
                "That is $1 - p$. Take the logarithm of $p$.",
                line="1 - p",
                right=r"-\ln p",
            ),
        ),
        hints=Hints(
            idea="surprise is measured by a logarithm, and it is never negative.",
            formula=r"$-\ln p$",
            numbers=r"$-\ln p = -\ln 0.1$",
        ),
    ),
    "entropy_order": OrderQuestion(
        items=tuple(rf"$\suppose{{p = ({', '.join(map(str, p))})}}$" for p in SPREADS),
        feedback=(
            "one class is nearly certain there, so next to nothing surprises.",
            "one class is rather sure, and more so than in what remains after it.",
            "two classes are likely there and the third is not: only equal chances surprise more.",
            "nothing can be foretold there, so it surprises most of all.",
        ),
        proof=lambda: tuple(int(i) for i in np.argsort([entropy(np.array(p)) for p in SPREADS])),
        explanation="The more evenly the probabilities are spread, the less can be foretold, and "
        "the greater is the mean surprise.",
    ),
    "certain_entropy": NumberQuestion(
        answer=lambda: entropy(np.array(CERTAIN)),
        explanation=r"$H(p) = -1 \cdot \ln 1 = 0$: the other classes do not count. What is certain "
        "does not surprise.",
        slips=(
            Slip(
                "uniform",
                lambda: float(np.log(len(CERTAIN))),
                "That is the entropy of three equally probable classes. Here one is certain.",
                line=r"H(p) = \ln K",
                right=r"H(p) = -p_2 \ln p_2",
            ),
            Slip(
                "log-of-one",
                lambda: 1.0,
                r"$\ln 1 = 0$: to the power 0 every number is 1.",
                line=r"\ln 1 = 1",
                right=r"\ln 1 = 0",
            ),
        ),
        hints=Hints(
            idea="only one class ever happens. How much does a certain event surprise?",
            formula=r"$H(p) = -p_2 \ln p_2$, because the other classes never happen.",
            numbers=r"$H(p) = -1 \cdot \ln 1$",
        ),
    ),
    "cross_self": NumberQuestion(
        answer=lambda: cross(P, P),
        explanation="$H(p, p) = H(p)$, because the two formulas are the same there: a model that "
        "expects the truth has the entropy as its mean surprise.",
        slips=(
            Slip(
                "zero-at-truth",
                lambda: 0.0,
                r"The *added* surprise is $D(p \parallel p) = 0$. What happens by chance still "
                "surprises: look at the two formulas once more.",
                line="H(p, p) = 0",
                right="H(p, p) = H(p)",
            ),
            Slip(
                "wrong-q",
                lambda: cross(P, Q),
                "That is the cross entropy with the other $q$. Put $p$ in both places.",
                line=r"H(p, p) = -\sum_i p_i \ln q_i",
                right=r"H(p, p) = -\sum_i p_i \ln p_i",
            ),
        ),
        hints=Hints(
            idea="how much is a model surprised that expects what is true?",
            formula=r"$H(p, p) = -\sum_i p_i \ln p_i$",
            numbers=r"$H(p, p) = -(0.5 \ln 0.5 + 0.3 \ln 0.3 + 0.2 \ln 0.2)$",
        ),
    ),
    "split_number": NumberQuestion(
        answer=lambda: divergence(P, Q),
        explanation=r"$D(p \parallel q) = H(p, q) - H(p)$.",
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
            numbers=r"$\num{cross_pq}{1.304540} - \num{entropy_p}{1.029653}$",
        ),
    ),
    "log_line_two": NumberQuestion(
        answer=lambda: float(LINE_AT - 1 - np.log(LINE_AT)),
        explanation=r"$x - 1 - \ln x = 2 - 1 - \ln 2$.",
        slips=(
            Slip(
                "logarithm-only",
                lambda: float(np.log(LINE_AT)),
                r"That is $\ln 2$ itself. The line stands at $x - 1 = 1$ there: how far above?",
                line=r"\ln x",
                right=r"(x - 1) - \ln x",
            ),
            Slip(
                "line-forgotten-one",
                lambda: float(LINE_AT - np.log(LINE_AT)),
                "For $x = 2$ the line stands at $x - 1 = 1$.",
                line=r"x - \ln x",
                right=r"(x - 1) - \ln x",
            ),
        ),
        hints=Hints(
            idea="two heights above the same place: take the lower one from the upper.",
            formula=r"$(x - 1) - \ln x$",
            numbers=r"$(x - 1) - \ln x = (2 - 1) - \ln 2$",
        ),
    ),
    "kl_direction": ChoiceQuestion(
        options=(
            Option(
                f"$q = {_written(DIRECTIONS[0])}$",
                "Both logarithms are ordinary numbers, so the sum is one as well.",
            ),
            Option(
                f"$q = {_written(DIRECTIONS[1])}$",
                r"The second class happens half of the time, $p_2 = 0.5$, and the model held it "
                r"impossible, $q_2 = 0$: the added surprise $\ln \frac{p_2}{q_2}$ has no limit. "
                "Never rule out what can happen.",
                right=True,
            ),
            Option(
                f"$q = {_written(DIRECTIONS[2])}$",
                r"There $q$ is $p$ itself, and $D(p \parallel p) = 0$.",
            ),
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
                r"The true $p$ is not one-hot then, so $H(p) \ne 0$, and no $q$ gets below $H(p)$.",
                right=True,
            ),
        ),
        proof=_noise_floor,
    ),
    "ce_slope_number": NumberQuestion(
        answer=lambda: float(Q[0]) - 1.0,
        explanation="$q_1 - p_1 = 0.2 - 1$. It is negative: raising this score lowers the loss.",
        slips=(
            Slip(
                "sign",
                lambda: 1.0 - float(Q[0]),
                "You took $p - q$. The loss falls when the score of the right class rises, so the "
                "slope is negative.",
                line=r"\frac{\partial H(p, q)}{\partial z_j} = p_j - q_j",
                right=r"\frac{\partial H(p, q)}{\partial z_j} = q_j - p_j",
            ),
            Slip(
                "wrong-class",
                lambda: float(Q[0]),
                r"That would be right if the class were wrong, with $\suppose{p_1 = 0}$. Here "
                "$p_1 = 1$.",
                line=r"\frac{\partial H(p, q)}{\partial z_j} = q_j",
                right=r"\frac{\partial H(p, q)}{\partial z_j} = q_j - p_j",
            ),
            Slip(
                "slope-on-probability",
                lambda: -1 / float(Q[0]),
                "That is the slope for the probability $q_1$. For the score, softmax is in "
                "between.",
                line=r"\frac{\partial H(p, q)}{\partial z_j} = -\frac{p_j}{q_j}",
                right=r"\frac{\partial H(p, q)}{\partial z_j} = q_j - p_j",
            ),
            Slip(
                "extra-derivative",
                lambda: float((Q[0] - 1) * Q[0] * (1 - Q[0])),
                "You multiplied by $q_1 (1 - q_1)$ as well. The logarithm has cancelled that "
                "factor.",
                line=r"\frac{\partial H(p, q)}{\partial z_j} = (q_j - p_j) \, q_j \, (1 - q_j)",
                right=r"\frac{\partial H(p, q)}{\partial z_j} = q_j - p_j",
            ),
        ),
        hints=Hints(
            idea="how far is the model from the truth at this one class, and on which side?",
            formula=r"$\frac{\partial H(p, q)}{\partial z_j} = q_j - p_j$",
            numbers=r"$\frac{\partial H(p, q)}{\partial z_j} = 0.2 - 1$",
        ),
    ),
}

BOOK = CheckBook(
    "functions",
    numbers={
        "never_counts": NumberCheck(_never),
        "ln_ten": NumberCheck(lambda: float(np.log(10))),
        "ln_three": NumberCheck(lambda: float(np.log(3))),
        "entropy_p": NumberCheck(lambda: entropy(P)),
        "cross_pq": NumberCheck(lambda: cross(P, Q)),
        "kl_forward": NumberCheck(lambda: divergence(np.array(FORWARD), np.array(BACKWARD))),
        "kl_backward": NumberCheck(lambda: divergence(np.array(BACKWARD), np.array(FORWARD))),
    },
    predicts=PREDICTS,
)
